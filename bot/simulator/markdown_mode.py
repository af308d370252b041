"""parse_mode MarkdownV2 and the older Markdown, with Telegram's own complaints."""

import re
from dataclasses import dataclass, field

from bot.simulator.entities import units
from bot.simulator.html_mode import MarkupError, link
from bot.simulator.records import JSON

RESERVED = "_*[]()~`>#+-=|{}.!"
MARKS: tuple[tuple[str, str, str], ...] = (
    ("```", "pre", "Pre"),
    ("||", "spoiler", "Spoiler"),
    ("__", "underline", "Underline"),
    ("![", "custom_emoji", "CustomEmoji"),
    ("*", "bold", "Bold"),
    ("_", "italic", "Italic"),
    ("~", "strikethrough", "Strikethrough"),
    ("`", "code", "Code"),
    ("[", "text_link", "TextUrl"),
)
_LEGACY = {"*": "bold", "_": "italic", "`": "code", "```": "pre"}
_TARGET = re.compile(r"\(((?:\\.|[^)\\])*)\)")


@dataclass
class _Open:
    mark: str
    kind: str
    name: str
    start: int
    byte: int
    extra: JSON = field(default_factory=dict)


class _Reader:
    """Reads one MarkdownV2 text from left to right."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.text = ""
        self.open: list[_Open] = []
        self.entities: list[JSON] = []

    def read(self) -> tuple[str, list[JSON]]:
        """The plain text and its entities."""
        while self.at < len(self.source):
            self._step()
        self._end_quote()
        if self.open:
            left = self.open[-1]
            raise MarkupError(f"Can't find end of {left.name} entity at byte offset {left.byte}")
        return self.text, sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))

    def _step(self) -> None:
        here = self.source[self.at]
        after = self.source[self.at + 1 : self.at + 2]
        if here == "\\" and after and ord(after) < 127:
            self._plain(after, 2)
        elif self._inside_code():
            self._code_step(here)
        elif here == "\n":
            self._newline()
        elif here in RESERVED:
            self._mark(here)
        else:
            self._plain(here, 1)

    def _plain(self, text: str, consumed: int) -> None:
        self.text += text
        self.at += consumed

    def _inside_code(self) -> bool:
        return bool(self.open) and self.open[-1].kind in ("code", "pre")

    def _code_step(self, here: str) -> None:
        mark = self.open[-1].mark
        if self.source.startswith(mark, self.at):
            self._end(len(mark))
        elif here == "`":
            raise MarkupError(_reserved(here))
        else:
            self._plain(here, 1)

    def _newline(self) -> None:
        following = self.source[self.at + 1 :]
        if not following.startswith((">", "**>")):
            self._end_quote()
        self._plain("\n", 1)

    def _end_quote(self) -> None:
        if self.open and self.open[-1].kind.endswith("blockquote"):
            self._end(0)

    def _mark(self, here: str) -> None:
        if self._quote_step():
            return
        if self.open and self._ends(self.open[-1]):
            self._end(len(self.open[-1].mark) if here != "]" else 1)
            return
        for mark, kind, name in MARKS:
            if self.source.startswith(mark, self.at):
                self._begin(mark, kind, name)
                return
        raise MarkupError(_reserved(here))

    def _quote_step(self) -> bool:
        quoting = any(one.kind.endswith("blockquote") for one in self.open)
        fresh = not self.text or self.text.endswith("\n")
        mark = re.compile(r"(\*\*)?>").match(self.source, self.at)
        if mark and fresh:
            if not quoting:
                self._begin(mark[0], "blockquote", "BlockQuote")
            else:
                self.at += mark.end() - mark.start()
            return True
        if (
            quoting
            and re.compile(r"\|\|(\n|$)").match(self.source, self.at)
            and self._innermost_quote()
        ):
            self.open[-1].kind = "expandable_blockquote"
            self.at += 2
            return True
        return False

    def _innermost_quote(self) -> bool:
        return bool(self.open) and self.open[-1].kind == "blockquote"

    def _ends(self, start: _Open) -> bool:
        if start.kind in ("text_link", "custom_emoji"):
            return self.source[self.at] == "]"
        if start.mark == "_" and self.source.startswith("__", self.at):
            return False
        return self.source.startswith(start.mark, self.at)

    def _begin(self, mark: str, kind: str, name: str) -> None:
        byte = len(self.source[: self.at].encode())
        self.open.append(_Open(mark, kind, name, units(self.text), byte))
        self.at += len(mark)
        language = (
            re.compile(r"([\w+#.-]+)\n|\n").match(self.source, self.at) if kind == "pre" else None
        )
        if language:
            self.open[-1].extra = {"language": language[1]} if language[1] else {}
            self.at = language.end()

    def _end(self, consumed: int) -> None:
        start = self.open.pop()
        self.at += consumed
        entity: JSON = {
            "type": start.kind,
            "offset": start.start,
            "length": units(self.text) - start.start,
        }
        entity.update(start.extra)
        keep = self._targeted(entity) if start.kind in ("text_link", "custom_emoji") else True
        if keep and entity["length"]:
            self.entities.append(entity)

    def _targeted(self, entity: JSON) -> bool:
        match = _TARGET.match(self.source, self.at)
        target = re.sub(r"\\(.)", r"\1", match[1]) if match else ""
        self.at = match.end() if match else self.at
        if entity["type"] == "custom_emoji":
            entity["custom_emoji_id"] = target.rpartition("=")[2]
            return True
        return link(entity, target)


def _reserved(character: str) -> str:
    return f"Character '{character}' is reserved and must be escaped with the preceding '\\'"


def parse_markdown_v2(source: str) -> tuple[str, list[JSON]]:
    """The text without MarkdownV2 marks and its entities; MarkupError in Telegram's words."""
    return _Reader(source).read()


def parse_markdown(source: str) -> tuple[str, list[JSON]]:
    """The same for the older Markdown, where nothing nests."""
    text, at, entities = "", 0, list[JSON]()
    pattern = re.compile(
        r"\\([_*`\[])|```(?:\w*\n)?(?P<pre>.*?)```|(?P<mark>[*_`])(?P<body>.*?)(?P=mark)"
        r"|\[(?P<label>[^\]]*)\]\((?P<url>[^)]*)\)|(?P<loose>[*_`])",
        re.DOTALL,
    )
    for match in pattern.finditer(source):
        text += source[at : match.start()]
        at = match.end()
        if match["loose"]:
            byte = len(source[: match.start()].encode())
            raise MarkupError(f"Can't find end of the entity starting at byte offset {byte}")
        body, entity = _legacy(match, units(text))
        text += body
        if entity and body:
            entities.append(entity)
    return text + source[at:], entities


def _legacy(match: re.Match[str], offset: int) -> tuple[str, JSON | None]:
    if match[1]:
        return match[1], None
    body = next(part for part in (match["pre"], match["body"], match["label"]) if part is not None)
    mark = "```" if match["pre"] is not None else match["mark"]
    entity: JSON = {
        "type": _LEGACY.get(mark or "", "text_link"),
        "offset": offset,
        "length": units(body),
    }
    keep = link(entity, match["url"]) if match["url"] is not None else True
    return body, entity if keep else None
