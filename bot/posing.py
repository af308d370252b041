"""Members whose names could be taken for those of staff or of the bot, and how such a name is shown. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from bot.showing import safe_name
from bot.words import duty as words
from moderation.normalise import skeleton

STAFF_WORDS = (
    "管理员", "管理组", "管理人员", "群管", "群主", "版主", "值班", "工作人员", "负责人",
    "咨询师", "心理咨询", "心理师", "心理医生", "心理援助", "危机干预", "督导", "社工", "辅导员", "志愿者",
    "客服", "官方", "小助手", "群助手", "系统消息", "系统通知", "系统提示", "援助热线",
    "群护", "qunhu", "admin", "moderator", "counsel", "official", "guanliyuan", "zixunshi", "qunzhu",
)  # fmt: skip
"""What only staff, or the bot, should be called; as a whole name also what follows."""
WHOLE = ("管理", "咨询", "助手", "系统", "群务", "机器人", "staff", "support", "mod", "bot", "kefu")
HARMLESS = ("群主义", "负责人生")
"""Words of staff that are none, as in «合群主义»."""


def looks_like_staff(name: str, staff: Iterable[str] = ()) -> bool:
    """Whether a member's name could be taken for that of somebody on duty, or of the bot."""
    seen = _seen(name)
    for harmless in HARMLESS:
        seen = seen.replace(_seen(harmless), "")
    if seen in map(_seen, WHOLE) or any(_seen(word) in seen for word in STAFF_WORDS):
        return True
    return any(len(_seen(one)) > 1 and _seen(one) in seen for one in staff)


def member_name(name: str, staff: Iterable[str] = (), mark: str = words.LOOKS_LIKE_STAFF) -> str:
    """A member's name as others are shown it, as HTML; marked where it could be that of staff."""
    return safe_name(name) + warning(name, staff, mark)


def warning(name: str, staff: Iterable[str] = (), mark: str = words.LOOKS_LIKE_STAFF) -> str:
    """The mark alone; empty where a name is nobody else's."""
    return mark if looks_like_staff(name, staff) else ""


@lru_cache(maxsize=1024)
def _seen(name: str) -> str:
    """A name as a hasty eye reads it: letters and digits alone, each as what it looks like."""
    looks = skeleton(re.sub(r"\s+", "", name))
    return "".join(char for char in looks if unicodedata.category(char)[0] in "LN")
