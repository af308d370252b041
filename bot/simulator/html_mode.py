"""parse_mode HTML, with Telegram's own complaints."""

import re
from dataclasses import dataclass

from bot.simulator.entities import units
from bot.simulator.records import JSON

TAGS: dict[str, str] = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "span": "spoiler", "tg-spoiler": "spoiler", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "a": "text_link", "tg-emoji": "custom_emoji",
}  # fmt: skip
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ESCAPE = re.compile(r"&(?:(lt|gt|amp|quot);?|#x([0-9a-fA-F]{1,6});?|#([0-9]{1,7});?)")
_TAG = re.compile(r"<([^\s>/][^\s>]*|)((?:\s+[^>]*)?)>")
_ATTRIBUTE = re.compile(r"""([^\s=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.\-]+)))?""")
_USER_LINK = re.compile(r"tg://user\?id=(\d+)")


class MarkupError(ValueError):
    """Markup that Telegram would not parse; the message is Telegram's."""


@dataclass
class _Open:
    tag: str
    argument: str
    start: int


class _Reader:
    """Reads one HTML text from left to right."""

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
        if self.open:
            tag = self.open[-1].tag
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return self.text, sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))

    def _step(self) -> None:
        if self.source.startswith("</", self.at):
            self._end_tag()
        elif self.source[self.at] == "<":
            self._start_tag()
        elif match := _ESCAPE.match(self.source, self.at):
            self.text += _unescape(match)
            self.at = match.end()
        else:
            self.text += self.source[self.at]
            self.at += 1

    def _where(self) -> str:
        return f"at byte offset {len(self.source[: self.at].encode())}"

    def _start_tag(self) -> None:
        match = _TAG.match(self.source, self.at)
        if not match:
            raise MarkupError(f"Unclosed start tag {self._where()}")
        tag = match[1].lower()
        if tag not in TAGS:
            raise MarkupError(f'Unsupported start tag "{tag}" {self._where()}')
        argument = _argument(tag, match[2])
        if tag == "span" and argument != "spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" {self._where()}')
        self.open.append(_Open(tag, argument, units(self.text)))
        self.at = match.end()

    def _end_tag(self) -> None:
        if not self.open:
            raise MarkupError(f"Unexpected end tag {self._where()}")
        match = re.compile(r"</([^\s>]*)\s*>").match(self.source, self.at)
        if not match:
            raise MarkupError(f"Unclosed end tag {self._where()}")
        start = self.open.pop()
        if match[1] and match[1].lower() != start.tag:
            raise MarkupError(
                f"Unmatched end tag {self._where()},"
                f' expected "</{start.tag}>", found "</{match[1]}>"'
            )
        self._close(start)
        self.at = match.end()

    def _close(self, start: _Open) -> None:
        length = units(self.text) - start.start
        if length:
            entity: JSON = {"type": TAGS[start.tag], "offset": start.start, "length": length}
            self._add(entity, start)

    def _add(self, entity: JSON, start: _Open) -> None:
        if start.tag == "a" and not link(entity, start.argument or self._covered(start)):
            return
        if start.tag == "blockquote" and start.argument:
            entity["type"] = "expandable_blockquote"
        if start.tag == "tg-emoji":
            entity["custom_emoji_id"] = start.argument
        if start.tag == "code" and self.open and self.open[-1].tag == "pre" and start.argument:
            self.open[-1].argument = start.argument
            return
        if start.tag == "pre" and start.argument:
            entity["language"] = start.argument
        self.entities.append(entity)

    def _covered(self, start: _Open) -> str:
        return self.text.encode("utf-16-le")[start.start * 2 :].decode("utf-16-le")


def link(entity: JSON, target: str) -> bool:
    """Make the entity a link or a mention; False when the target is no address at all."""
    if user := _USER_LINK.fullmatch(target):
        entity.update(type="text_mention", user_id=int(user[1]))
        return True
    if not re.fullmatch(
        r"(?:[a-z][a-z0-9+.-]*://\S+|mailto:\S+|tel:\S+|[^\s/]+\.[^\s/]+(?:/\S*)?)", target, re.I
    ):
        return False
    plain_host = re.fullmatch(r"https?://[^/?#]+", target)
    entity["url"] = target + "/" if plain_host else target
    return True


def _argument(tag: str, attributes: str) -> str:
    pairs = {
        m[1].lower(): _text(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(attributes)
    }
    if tag == "blockquote":
        return "1" if "expandable" in pairs else ""
    if tag == "a":
        return pairs.get("href", "")
    if tag == "tg-emoji":
        return pairs.get("emoji-id", "")
    prefix = {"code": "language-", "span": "tg-"}.get(tag, "\0")
    name = pairs.get("class", "")
    return name.removeprefix(prefix) if name.startswith(prefix) else ""


def _text(value: str) -> str:
    return _ESCAPE.sub(_unescape, value)


def _unescape(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    code = int(match[2], 16) if match[2] else int(match[3])
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]


def parse_html(source: str) -> tuple[str, list[JSON]]:
    """The text without tags and its entities; MarkupError in Telegram's words."""
    return _Reader(source).read()
