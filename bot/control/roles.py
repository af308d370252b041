"""/roles, /grant and /revoke in the moderators' chat. Granting needs an owner."""

from __future__ import annotations

from typing import Any

import telegram
from telegram import Update
from telegram.ext import ContextTypes

from bot import words
from bot.care.cards import message
from bot.door.incoming import STAND_INS, thread_of
from bot.hearing.messages import is_moderators
from bot.members.answers import answer
from bot.services import services_of
from bot.showing import safe_name
from bot.taps import Tap, acknowledge, is_number, note_refusal, show, tap_of
from bot.words import control
from moderation.storage import Transaction, audit, duty, people
from moderation.storage.people import Role

PATTERN = "^ro:"


async def on_roles(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/roles: who may do what."""
    await _answered(update, context, _list)


async def on_grant(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/grant as a reply or with an id: which role?"""
    await _answered(update, context, _ask_grant)


async def on_revoke(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/revoke as a reply or with an id: which role?"""
    await _answered(update, context, _ask_revoke)


async def on_tap(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A role was chosen; only an owner's tap counts."""
    services = services_of(context)
    tap = tap_of(update)
    if tap is None:
        return
    working = await is_moderators(services, tap.chat_id)
    async with services.work(update) as tx:
        await acknowledge(tx, tap, await _react(tx, tap) if working else words.NOT_FOR_YOU)


async def _answered(update: Update, context: ContextTypes.DEFAULT_TYPE, make: Any) -> None:
    services = services_of(context)
    source = update.effective_message
    if source is None or source.from_user is None:
        return
    working = await is_moderators(services, source.chat.id)
    async with services.work(update) as tx:
        payload = {"text": control.SETTINGS_WHERE}
        if working:
            payload = await make(tx, source, list(context.args or []))
        dedupe = f"command:{update.update_id}"
        await answer(tx, source.chat.id, thread_of(source), payload, dedupe)


async def _list(tx: Transaction, _source: telegram.Message, _args: list[str]) -> dict[str, Any]:
    team = await duty.colleagues(tx)
    lines = [
        control.ROLES_LINE.format(
            role=control.ROLE[role],
            who=_link(user_id, team[user_id].name if user_id in team else None),
            fixed=control.ROLES_FIXED if fixed else "",
        )
        for user_id, role, fixed in await people.granted(tx)
    ]
    text = "\n".join([control.ROLES_HEAD, *lines] if lines else [control.ROLES_NONE])
    return message(f"{text}\n{control.ROLES_HOW}", [])


async def _ask_grant(tx: Transaction, source: telegram.Message, args: list[str]) -> dict[str, Any]:
    refusal, target = await _target(tx, source, args)
    if target is None:
        return {"text": refusal}
    user_id, name = target
    lines = "\n".join(f"· {control.ROLE[role]}：{control.ROLE_MAY[role]}" for role in Role)
    rows = [[_button(control.ROLE[role], f"g:{user_id}:{role}")] for role in Role]
    text = control.GRANT_WHICH.format(who=_link(user_id, name), lines=lines)
    return message(text, [*rows, [_button(control.BUTTON_CANCEL, "x")]])


async def _ask_revoke(tx: Transaction, source: telegram.Message, args: list[str]) -> dict[str, Any]:
    refusal, target = await _target(tx, source, args)
    if target is None:
        return {"text": refusal}
    user_id, name = target
    given = [
        role for user, role, fixed in await people.granted(tx) if user == user_id and not fixed
    ]
    who = _link(user_id, name)
    if not given:
        return message(control.REVOKE_NOTHING.format(who=who), [])
    rows = [[_button(control.ROLE[role], f"r:{user_id}:{role}")] for role in given]
    text = control.REVOKE_WHICH.format(who=who)
    return message(text, [*rows, [_button(control.BUTTON_CANCEL, "x")]])


async def _target(
    tx: Transaction, source: telegram.Message, args: list[str]
) -> tuple[str, tuple[int, str] | None]:
    """Whom it is about, if the one who asks is an owner; else why not."""
    assert source.from_user is not None
    if Role.OWNER not in await people.roles_of(tx, source.from_user.id):
        await note_refusal(tx, source.from_user.id, "role")
        return control.OWNERS_ONLY, None
    if args and _is_person(args[0]):
        return "", (int(args[0]), args[0])
    replied = source.reply_to_message
    who = replied.from_user if replied is not None else None
    if who is None or who.is_bot or who.id in STAND_INS:
        return control.ROLES_HOW, None
    return "", (who.id, who.full_name)


def _is_person(text: str) -> bool:
    """Whether it is the id of one person: behind a stand-in is every anonymous admin anywhere."""
    return is_number(text) and int(text) not in STAND_INS


async def _react(tx: Transaction, tap: Tap) -> str:
    if Role.OWNER not in await people.roles_of(tx, tap.user.id):
        return control.OWNERS_ONLY
    match tap.args:
        case ("x",):
            await show(tx, tap, {"text": control.CANCELLED})
            return ""
        case ("g", user_id, role) if _is_person(user_id) and role in set(Role):
            return await _grant(tx, tap, int(user_id), Role(role))
        case ("r", user_id, role) if is_number(user_id) and role in set(Role):
            return await _revoke(tx, tap, int(user_id), Role(role))
    return words.OLD_BUTTON


async def _grant(tx: Transaction, tap: Tap, user_id: int, role: Role) -> str:
    if not await people.grant(tx, user_id, role):
        return control.HAS_ALREADY.format(role=control.ROLE[role])
    await _note(tx, tap, "granted", user_id, role)
    said = control.GRANTED.format(who=_link(user_id), role=control.ROLE[role])
    if role is Role.COUNSELOR and await people.is_writable(tx, user_id) is not True:
        said += control.GRANTED_COUNSELOR
    await show(tx, tap, message(said, []))
    return ""


async def _revoke(tx: Transaction, tap: Tap, user_id: int, role: Role) -> str:
    if role is Role.OWNER and await people.holders(tx, role) == [user_id]:
        return control.LAST_OWNER
    if not await people.revoke(tx, user_id, role):
        return words.OLD_BUTTON
    await _note(tx, tap, "revoked", user_id, role)
    said = control.REVOKED.format(who=_link(user_id), role=control.ROLE[role])
    await show(tx, tap, message(said, []))
    return ""


async def _note(tx: Transaction, tap: Tap, what: str, user_id: int, role: Role) -> None:
    detail = {"user": tx.sealer.hash_id(user_id), "role": role}
    await audit.record(tx, tx.sealer.hash_id(tap.user.id), what, detail=detail)


def _link(user_id: int, name: str | None = None) -> str:
    return f'<a href="tg://user?id={user_id}">{safe_name(name or str(user_id))}</a>'


def _button(text: str, what: str) -> dict[str, str]:
    return {"text": text, "callback_data": f"ro:{what}"}
