"""Where a writer says she is, here and now, if that is outside the mainland. Pure; nobody is located.

Only the plain first person counts («我在香港», «人在加拿大»): whoever merely names a place gets the numbers of
the mainland, which also say what they are. Linear time.
"""

from __future__ import annotations

import re
from enum import StrEnum

from moderation.normalise import normalise


class Place(StrEnum):
    """Where other numbers hold."""

    HONG_KONG = "hk"
    MACAU = "mo"
    TAIWAN = "tw"
    ABROAD = "abroad"


_NAMES = {
    Place.HONG_KONG: "香港|九龙|新界|港岛",
    Place.MACAU: "澳门",
    Place.TAIWAN: "台湾|台北|台中|台南|高雄|新北|新竹",
    Place.ABROAD: (
        "国外|海外|美国|加拿大|英国|法国|德国|意大利|西班牙|荷兰|瑞士|瑞典|俄罗斯|澳洲|澳大利亚|新西兰|日本|韩国|首尔|东京|大阪"
        "|新加坡|马来西亚|泰国|曼谷|越南|菲律宾|印尼|纽约|洛杉矶|旧金山|温哥华|多伦多|伦敦|巴黎|柏林|悉尼|墨尔本|迪拜"
    ),
}
_HERE = re.compile(
    "(?:我|本人|我人|人|一个人|现在)(?:现在|目前|还|就|正|都|一个人|自己|人){0,3}(?:在|住在|住)(?:了)?("
    + "|".join(_NAMES.values())
    + ")(?!.{0,2}(?:做的|做过|做完|时候|那年|那时|回来))"
)


def says_where(text: str) -> Place | None:
    """The place outside the mainland that the text says its writer is in."""
    found = _HERE.search(normalise(text).text)
    if found is None:
        return None
    return next(place for place, names in _NAMES.items() if found[1] in names.split("|"))
