"""Who may do what, where: one row for every button, command and deep link."""

from __future__ import annotations

from tests.bot.access.scene import (
    COLLEAGUE,
    COUNSELOR,
    FOREIGN,
    GROUP,
    GROUP_ADMIN,
    HER,
    MEMBER,
    OTHER_ADMIN,
    OTHER_GROUP,
    OTHER_MODERATORS,
    OTHER_SITTER,
    OWNER,
    ROLED,
    SITTER,
    STRANGER,
)

MODERATORS, PRIVATE = "moderators", "private"
Seat = tuple[int, int | str]
"""Somebody, and where she taps or writes."""


def _seats(who: int, *places: int | str) -> frozenset[Seat]:
    return frozenset((who, place) for place in places)


IN_PRIVATE = frozenset(
    (who, PRIVATE)
    for who in (
        HER,
        STRANGER,
        GROUP_ADMIN,
        SITTER,
        ROLED,
        COUNSELOR,
        COLLEAGUE,
        OWNER,
        OTHER_SITTER,
    )
)
IN_GROUP = frozenset((who, GROUP) for who in (HER, MEMBER, GROUP_ADMIN, COUNSELOR, OWNER))
ELSEWHERE = frozenset({(OTHER_ADMIN, OTHER_GROUP), (STRANGER, FOREIGN), (ROLED, FOREIGN)})
AT_WORK = frozenset((who, MODERATORS) for who in (SITTER, COUNSELOR, OWNER))
NEXT_DOOR = frozenset((who, OTHER_MODERATORS) for who in (OTHER_SITTER, ROLED, OWNER))
ALL = IN_PRIVATE | IN_GROUP | ELSEWHERE | AT_WORK | NEXT_DOOR

TELLING = (
    _seats(HER, PRIVATE, GROUP)
    | _seats(STRANGER, PRIVATE)
    | _seats(COUNSELOR, PRIVATE, GROUP)
    | _seats(SITTER, MODERATORS)
    | _seats(OTHER_SITTER, OTHER_MODERATORS)
    | _seats(OWNER, MODERATORS)
)
"""Where the lines between may and may not mostly run: these are tried in every run of the tests."""

HERSELF = _seats(HER, PRIVATE)
COUNSELORS = _seats(COUNSELOR, PRIVATE, MODERATORS) | _seats(COLLEAGUE, PRIVATE)
OWNERS = _seats(OWNER, PRIVATE, MODERATORS, OTHER_MODERATORS)
MODERATING = AT_WORK | _seats(ROLED, PRIVATE, OTHER_MODERATORS) | OWNERS
STAFF = MODERATING | COUNSELORS
HOLDER = _seats(COUNSELOR, *(place for who, place in ALL if who == COUNSELOR))

TAPS: dict[str, frozenset[Seat]] = {
    # a case
    "m:{crisis}:claim": STAFF,
    "m:{crisis}:dismiss": STAFF,
    "m:{contacted}:hand_over": STAFF | HOLDER,
    "m:{contacted}:take_over": STAFF - HOLDER,
    "m:{crisis}:expire": frozenset(),
    "m:424242:claim": frozenset(),
    "w:{contacted}:phone": STAFF | HOLDER,
    "c:{accusation}:{message}": STAFF,
    "c:{accusation}:1": frozenset(),
    "d:{accusation}:{message}": MODERATING,
    "d:{accusation}:1": frozenset(),
    "x:{accusation}:mute": frozenset(),
    "x:{accusation}:remind": MODERATING,
    "x:{accusation}:counselor": STAFF,
    "x:{crisis}:pages": STAFF,
    "x:{crisis}:delete": frozenset(),
    "u:{act}": STAFF,
    "u:424242": frozenset(),
    "v:{appeal}:lifted": MODERATING,
    "v:{appeal}:upheld": MODERATING,
    "v:424242:upheld": frozenset(),
    "calm:{accusation}:drop": STAFF,
    "calm:{accusation}:next:x": frozenset(),
    "calm:{accusation}:send:x": frozenset(),
    # a member's own
    "h:0": ALL,
    "h:{crisis}": frozenset(seat for seat in ALL if seat[0] == HER),
    "h:424242": IN_PRIVATE,
    "n": IN_PRIVATE,
    "fo:start:{accusation}": IN_PRIVATE,
    "fo:withdraw:{accusation}:{message}": HERSELF,
    "fo:skip": HERSELF,
    "fo:stop": HERSELF,
    "fo:back": HERSELF,
    "fo:keep": frozenset(),
    "a:{disputed}": HERSELF,
    "a:send:{disputed}": HERSELF,
    "a:stop": frozenset(),
    "fm:{contacted}:no": HERSELF,
    "fm:{contacted}:stop": HERSELF,
    "fm:{crisis}:yes": frozenset(),
    "fn:{noted}:ok": HERSELF,
    "fn:{noted}:low": HERSELF,
    "te:yes": IN_PRIVATE,
    "te:no": frozenset(),
    "e:home": IN_PRIVATE,
    "e:s:records": IN_PRIVATE,
    "e:t:records": IN_PRIVATE,
    "e:n:records": IN_PRIVATE,
    "e:u:records": IN_PRIVATE,
    "e:story:0": IN_PRIVATE,
    "e:take:0": IN_PRIVATE,
    "e:del:{paper}": HERSELF,
    "e:d:treated": IN_PRIVATE,
    "e:dates": IN_PRIVATE,
    "e:add": IN_PRIVATE,
    "e:pdf": IN_PRIVATE,
    "e:text": IN_PRIVATE,
    "e:remind": IN_PRIVATE,
    "e:stop": IN_PRIVATE,
    "e:erase": IN_PRIVATE,
    "e:erase-yes": IN_PRIVATE,
    "me:ask": IN_PRIVATE,
    "me:copy": IN_PRIVATE,
    "me:kept": IN_PRIVATE,
    "me:no": IN_PRIVATE,
    "me:yes": IN_PRIVATE,
    "ci:on": IN_PRIVATE - HERSELF,
    "ci:no": IN_PRIVATE - HERSELF,
    "ci:stop": HERSELF,
    "ci:look": frozenset(),
    "ci:share:always": HERSELF,
    "ci:give:20260101": frozenset(),
    "ci:hold:20260101": frozenset(),
    "sp:begin": IN_PRIVATE,
    "sp:later": IN_PRIVATE,
    "sp:keep": IN_PRIVATE,
    "sp:erase-yes": IN_PRIVATE,
    # pages
    "s:home": IN_PRIVATE,
    "s:mind": IN_PRIVATE,
    "s:rights": IN_PRIVATE,
    "g:rights:0": IN_PRIVATE,
    "p:deadlines": IN_PRIVATE,
    "p:deadlines:1": IN_PRIVATE,
    "p:../settings": frozenset(),
    "t:deadlines": IN_PRIVATE,
    "z:simplified": IN_PRIVATE,
    "z:traditional": IN_PRIVATE,
    "q:{question}": IN_PRIVATE,
    "pf:own-page": frozenset(),
    # after a crisis
    "f:{crisis}:go": STAFF,
    "f:{crisis}:goask": STAFF,
    "f:{crisis}:no": STAFF,
    "f:{crisis}:t1": STAFF,
    "f:{contacted}:ask": STAFF,
    "f:{contacted}:stop": STAFF,
    "f:{contacted}:again": frozenset(),
    "fc:{due}:show": STAFF,
    "fc:{due}:made": STAFF,
    "fc:{due}:skip": STAFF,
    "fc:{due}:tomorrow": STAFF,
    # staff among themselves
    "o:veil:1": COUNSELORS,
    "o:swap": COUNSELORS,
    "o:swap:999999999999": frozenset(),
    "o:take:{wish}": COUNSELORS - _seats(COLLEAGUE, PRIVATE),
    "k:give:{contacted}": HOLDER,
    "k:give:424242": frozenset(),
    "k:card:{crisis}": STAFF,
    "k:card:424242": frozenset(),
    "k:keep": COUNSELORS | OWNERS | _seats(ROLED, PRIVATE, OTHER_MODERATORS),
    "st:list": AT_WORK | NEXT_DOOR,
    "st:close": AT_WORK | NEXT_DOOR,
    "st:{group}": AT_WORK,
    "st:{group}:sens": AT_WORK,
    "st:{group}:sens:0": AT_WORK,
    "st:{group}:rule": AT_WORK,
    "st:{group}:rule:alle": AT_WORK,
    "st:{group}:rule:fly": frozenset(),
    "st:{group}:mods:1": _seats(OWNER, MODERATORS),
    "ro:x": OWNERS - _seats(OWNER, PRIVATE),
    "ro:g:{sitter}:owner": OWNERS - _seats(OWNER, PRIVATE),
    "ro:g:1087968824:owner": frozenset(),
    "ro:r:{colleague}:counselor": OWNERS - _seats(OWNER, PRIVATE),
    "zz:1": frozenset(),
    "": frozenset(),
}
"""Data of a button → who is obeyed. Everybody else hears a polite word and nothing changes."""

COMMANDS: dict[str, frozenset[Seat]] = {
    **dict.fromkeys(
        (
            "/sos", "/rights", "/psych", "/privacy", "/report", "/statement",
            "/ask", "/search", "/evidence", "/timeline", "/safetyplan", "/teach", "/mydata", "/forgetme",
            "/checkin",
        ),
        ALL,
    ),
    "/start": frozenset(),
    "/help": IN_PRIVATE,
    "/settings": AT_WORK | NEXT_DOOR,
    "/stats": AT_WORK | NEXT_DOOR,
    "/roles": AT_WORK | NEXT_DOOR,
    "/grant {sitter}": OWNERS - _seats(OWNER, PRIVATE),
    "/revoke {colleague}": OWNERS - _seats(OWNER, PRIVATE),
    "/oncall": STAFF | NEXT_DOOR,
    "/oncall 安静 23:00-07:00": COUNSELORS,
    "/oncall {colleague} 清空": OWNERS | _seats(COLLEAGUE, PRIVATE),
    "/oncall 节 12-25": OWNERS,
    "/addpage": STAFF | NEXT_DOOR,
    "/droppage own-page": STAFF | NEXT_DOOR,
}  # fmt: skip

LINKS: dict[str, frozenset[Seat]] = {
    **dict.fromkeys(
        (
            "sos", "privacy", "ask", "statement", "safetyplan", "evidence", "timeline", "teach",
            "mydata", "forgetme", "checkin",
            "rights", "health", "mind", "crisis", "group", "check", "page_deadlines",
        ),
        IN_PRIVATE,
    ),
    "talk_{crisis}": HERSELF,
    "note_{disputed}": HERSELF,
    "note_{accusation}": HERSELF,
    "talk_424242": frozenset(),
    "page_nowhere": frozenset(),
}  # fmt: skip
"""What stands behind /start → for whom it opens more than the menu."""
