"""Takes out of a text what points to a person, and keeps it readable for training. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable

from moderation.vocabulary import Name, NameKind

SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张"
PLACES = ("和悦", "清屿", "蔓青", "栖川", "安沐", "知夏", "云岫", "朗宁")
PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:https?://|www\.|t\.me/)[^\s，。；]+", re.IGNORECASE), "【链接】"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"), "【邮箱】"),
    (re.compile(r"@[A-Za-z0-9_]{3,}"), "@某人"),
    (re.compile(r"(?:微信|vx|v信|wx|qq)[号:：\s]*[A-Za-z0-9_-]{5,}", re.IGNORECASE), "【账号】"),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "【证件】"),
    (re.compile(r"(?<!\d)(?:\d[\s-]?){6,}\d(?!\d)"), "【号码】"),
    (
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{5,6}"
        ),
        "【车牌】",
    ),
    (
        re.compile(r"[\u4e00-\u9fff]{1,8}(?:路|街|巷|弄|小区|花园|村)\d+[号弄栋幢单元室\d-]*"),
        "【住址】",
    ),
)


def pseudonymise(
    text: str, names: Iterable[Name], known: Iterable[str], salt: str
) -> tuple[str, list[Name]]:
    """The text with invented names and placeholders, and where its names now stand.

    `known` are names of members and staff. The same name gets the same invented one under one salt.
    """
    pieces: list[tuple[str, Name | None]] = []
    at = 0
    for name in sorted(names, key=lambda one: one.start):
        if name.start < at:
            continue
        pieces += [(_plain(text[at : name.start], known), None), (_invented(name, salt), name)]
        at = name.end
    pieces.append((_plain(text[at:], known), None))
    return _joined(pieces)


def _joined(pieces: Iterable[tuple[str, Name | None]]) -> tuple[str, list[Name]]:
    text, found = "", []
    for piece, name in pieces:
        if name is not None:
            found.append(Name(piece, len(text), len(text) + len(piece), name.kind))
        text += piece
    return text, found


def _plain(text: str, known: Iterable[str]) -> str:
    for person in sorted({one for one in known if len(one) > 1}, key=len, reverse=True):
        text = text.replace(person, "某成员")
    for pattern, instead in PATTERNS:
        text = pattern.sub(instead, text)
    return text


def _invented(name: Name, salt: str) -> str:
    pick = _picker(f"{salt}:{name.kind}:{name.text}")
    if name.kind is NameKind.INSTITUTION:
        kept = re.search(
            "(?:医疗美容|整形|美容|医美)?(?:医院|诊所|门诊部|门诊|机构|中心)$", name.text
        )
        return pick(PLACES) + (kept[0] if kept else "医美")
    title = re.search("(?:医生|主任|院长|教授|老师|大夫|医师|博士|护士|院|总)$", name.text)
    return pick(SURNAMES) + (title[0] if title else "某")


def _picker(seed: str) -> Callable[[Iterable[str]], str]:
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8])
    return lambda among: list(among)[number % len(list(among))]
