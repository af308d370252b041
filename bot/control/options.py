"""Everything that can be set for a group, with its choices. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.words import control
from moderation.storage.chats import Chat
from moderation.storage.group_settings import GroupSettings
from moderation.storage.scripts import Script
from moderation.vocabulary import ActionKind, CaseKind, Grounding, Sensitivity

DRY = timedelta(days=7)
NIGHTS = (None, (22, 7), (23, 8), (0, 9))
COOL_DOWNS = (0, 10, 30, 60)
PAUSES = (None, 30, 60, 120)
SCRIPTS = (None, *Script)
MUTABLE = {
    "alle": CaseKind.ALLEGATION,
    "doxx": CaseKind.DOXXING,
    "spir": CaseKind.SPIRAL,
}
SPOKEN = {"word": ActionKind.PRIVATE_WORD, "guide": ActionKind.GUIDE_BYSTANDER}
KEYS = (
    "sens",
    "dry",
    *SPOKEN,
    *MUTABLE,
    "calm",
    "when",
    "paus",
    "idea",
    "quie",
    "cool",
    "char",
    "mods",
)
OWNERS_ALONE = frozenset({"mods"})


@dataclass(frozen=True, slots=True)
class Group:
    """One group with all that is set for it, and the chats that could be its moderators' chat."""

    chat: Chat
    wanted: GroupSettings
    now: datetime
    candidates: Sequence[Chat] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a setting can have."""

    label: str
    chosen: bool
    on_chat: Mapping[str, Any] | None = None
    """What to store with the chat."""
    on_group: Mapping[str, Any] | None = None
    """What to store with the group's settings."""


def choices(key: str, group: Group) -> list[Choice]:
    """The values of one setting, in the order of their buttons."""
    wanted, chat = group.wanted, group.chat
    if key in MUTABLE:
        return _switch("muted", wanted.muted, MUTABLE[key])
    if key in SPOKEN:
        return _switch("unspoken", wanted.unspoken, SPOKEN[key])
    match key:
        case "sens":
            return [
                Choice(control.LABEL[one], chat.sensitivity is one, on_chat={"sensitivity": one})
                for one in Sensitivity
            ]
        case "dry":
            on = chat.rehearsing(group.now)
            until = {"rehearse_until": group.now + DRY}
            return [
                Choice(control.LABEL["dry-on"], on, on_chat=until),
                Choice(control.OFF, not on, on_chat={"rehearse_until": None}),
            ]
        case "calm":
            return [
                Choice(
                    control.LABEL[f"calm-{one}"], wanted.grounding is one, None, {"grounding": one}
                )
                for one in Grounding
            ]
        case "when":
            return [_when(one, wanted) for one in (None, *Sensitivity)]
        case "paus":
            return [_pause(n, wanted) for n in PAUSES]
        case "idea":
            both = wanted.ideation_to_moderators
            return [
                Choice(
                    control.LABEL["idea-one"], not both, None, {"ideation_to_moderators": False}
                ),
                Choice(control.LABEL["idea-both"], both, None, {"ideation_to_moderators": True}),
            ]
        case "quie":
            return [_night(night, wanted) for night in NIGHTS]
        case "cool":
            return [_cool_down(n, wanted) for n in COOL_DOWNS]
        case "char":
            return [_script(one, wanted) for one in SCRIPTS]
    here = Choice(control.LABEL["here"], wanted.moderators is None, None, {"moderators": None})
    return [here, *(_moderators(one, wanted) for one in group.candidates)]


def current(key: str, group: Group) -> str:
    """How one setting stands, in words."""
    return next((one.label for one in choices(key, group) if one.chosen), "—")


def _switch(column: str, off: frozenset[Any], item: Any) -> list[Choice]:
    return [
        Choice(control.ON, item not in off, on_group={column: off - {item}}),
        Choice(control.OFF, item in off, on_group={column: off | {item}}),
    ]


def _night(night: tuple[int, int] | None, wanted: GroupSettings) -> Choice:
    start, end = night or (None, None)
    label = control.LABEL["always"]
    if night is not None:
        label = control.LABEL["hours"].format(start=start, end=end)
    chosen = (wanted.quiet_from, wanted.quiet_until) == (start, end)
    return Choice(label, chosen, on_group={"quiet_from": start, "quiet_until": end})


def _cool_down(minutes: int, wanted: GroupSettings) -> Choice:
    label = control.LABEL["each"]
    if minutes:
        label = control.LABEL["minutes"].format(n=minutes)
    return Choice(label, wanted.cool_down == minutes, on_group={"cool_down": minutes})


def _script(script: Script | None, wanted: GroupSettings) -> Choice:
    label = control.LABEL[script or "as-all"]
    return Choice(label, wanted.script is script, on_group={"script": script})


def _when(one: Sensitivity | None, wanted: GroupSettings) -> Choice:
    label = control.LABEL[f"when-{one}" if one else "when"]
    return Choice(label, wanted.spiral_when is one, on_group={"spiral_when": one})


def _pause(minutes: int | None, wanted: GroupSettings) -> Choice:
    label = control.LABEL["usual"]
    if minutes is not None:
        label = control.LABEL["pause"].format(n=minutes)
    return Choice(label, wanted.spiral_pause == minutes, on_group={"spiral_pause": minutes})


def _moderators(chat: Chat, wanted: GroupSettings) -> Choice:
    chosen = wanted.moderators == chat.chat_id
    return Choice(chat.title[:30] or "—", chosen, on_group={"moderators": chat.chat_id})
