"""The one error of this package; its text is for the people who edit pages."""


class ResourceError(Exception):
    """A resource file that cannot be read as meant; seen by editors and operators."""

    def __init__(self, file: str, field: str, given: object, expected: str, example: str) -> None:
        self.file = file
        self.field = field
        self.given = given
        self.expected = expected
        self.example = example
        super().__init__(f"{file}：{field} {_said(given)}，应该是{expected}。例如 {example}")


def _said(given: object) -> str:
    return "没有写" if given is None else f"写的是「{given}」"
