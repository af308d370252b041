"""/settings in a moderators' chat: every setting of a group, what it does, what it costs; one tap each."""

from __future__ import annotations

import re
from typing import Any

from telegram import Update
from telegram.ext import ContextTypes

from bot import words
from bot.care.cards import message
from bot.control import options, rules
from bot.control.options import Group
from bot.door.incoming import thread_of
from bot.hearing.messages import is_moderators
from bot.members.answers import answer
from bot.services import Services, services_of
from bot.showing import safe_text
from bot.taps import Tap, acknowledge, is_number, show, tap_of
from bot.words import control
from moderation.storage import Transaction, audit, chats, group_settings, people
from moderation.storage.chats import Chat
from moderation.storage.people import Role

PATTERN = "^st:"
GROUP_ID = re.compile("-[0-9]{1,16}")


async def on_command(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/settings"""
    services = services_of(context)
    source = update.effective_message
    if source is None:
        return
    working = await is_moderators(services, source.chat.id)
    async with services.work(update) as tx:
        payload: dict[str, Any] = {"text": control.SETTINGS_WHERE}
        if working:
            payload = await _groups_card(services, tx, source.chat.id)
        dedupe = f"command:{update.update_id}"
        await answer(tx, source.chat.id, thread_of(source), payload, dedupe)


async def on_tap(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A button of the settings; it works only in the moderators' chat of that group."""
    services = services_of(context)
    tap = tap_of(update)
    if tap is None:
        return
    working = await is_moderators(services, tap.chat_id)
    async with services.work(update) as tx:
        said = await _react(services, tx, tap) if working else words.NOT_FOR_YOU
        await acknowledge(tx, tap, said)


async def _react(services: Services, tx: Transaction, tap: Tap) -> str:
    match tap.args:
        case ("list",):
            await show(tx, tap, await _groups_card(services, tx, tap.chat_id))
            return ""
        case ("close",):
            await show(tx, tap, {"text": control.SETTINGS_CLOSED})
            return ""
        case (chat_id, *rest) if GROUP_ID.fullmatch(chat_id):
            group = await _group(services, tx, tap.chat_id, int(chat_id))
            if group is not None:
                return await _in_group(services, tx, tap, group, rest)
    return words.OLD_BUTTON


async def _in_group(
    services: Services, tx: Transaction, tap: Tap, group: Group, rest: list[str]
) -> str:
    match rest:
        case []:
            await show(tx, tap, _group_card(group))
            return ""
        case [rules.KEY]:
            await show(tx, tap, rules.rules_card(group))
            return ""
        case [rules.KEY, code]:
            return await rules.ask(services, tx, tap, group, code)
        case [key] if key in options.KEYS:
            await show(tx, tap, _option_card(key, group))
            return ""
        case [key, number] if key in options.KEYS and is_number(number):
            return await _choose(services, tx, tap, group, key, int(number))
    return words.OLD_BUTTON


async def _choose(
    services: Services, tx: Transaction, tap: Tap, group: Group, key: str, number: int
) -> str:
    found = options.choices(key, group)
    if number >= len(found):
        return words.OLD_BUTTON
    if key in options.OWNERS_ALONE and Role.OWNER not in await people.roles_of(tx, tap.user.id):
        return control.SETTINGS_OWNER
    choice = found[number]
    if choice.chosen:
        return control.SETTINGS_SAME
    chat_id = group.chat.chat_id
    if choice.on_chat is not None:
        await chats.change(tx, chat_id, **choice.on_chat)
    if choice.on_group is not None:
        await group_settings.change(tx, chat_id, **choice.on_group)
    detail = {
        "chat": chat_id,
        "setting": key,
        "from": options.current(key, group),
        "to": choice.label,
    }
    await audit.record(tx, tx.sealer.hash_id(tap.user.id), "setting", detail=detail)
    fresh = await _group(services, tx, tap.chat_id, chat_id)
    moved = {"text": control.SETTINGS_CLOSED}
    await show(tx, tap, _option_card(key, fresh) if fresh is not None else moved)
    return control.SETTINGS_CHANGED.format(name=control.NAME[key], label=choice.label)


async def groups_of(services: Services, tx: Transaction, place: int) -> list[Chat]:
    """The groups whose cards stand in this chat."""
    found = []
    for chat in await _groups(services, tx):
        wanted = await group_settings.of_group(tx, chat.chat_id)
        if (wanted.moderators or services.alerts.calls.moderator_chat) == place:
            found.append(chat)
    return found


async def _groups(services: Services, tx: Transaction) -> list[Chat]:
    """Every group the bot is in that is not a moderators' chat."""
    return [
        chat
        for chat in await chats.all_present(tx)
        if chat.chat_id != services.alerts.calls.moderator_chat
        and not await group_settings.is_moderators(tx, chat.chat_id)
    ]


async def _group(services: Services, tx: Transaction, place: int, chat_id: int) -> Group | None:
    """A group that is served from here, with what could serve it instead."""
    served = [chat for chat in await groups_of(services, tx, place) if chat.chat_id == chat_id]
    if not served:
        return None
    others = [
        chat
        for chat in await chats.all_present(tx)
        if chat.chat_id not in {chat_id, services.alerts.calls.moderator_chat}
    ]
    return Group(served[0], await group_settings.of_group(tx, chat_id), tx.now, others)


async def _groups_card(services: Services, tx: Transaction, place: int) -> dict[str, Any]:
    served = await groups_of(services, tx, place)
    if not served:
        return {"text": control.SETTINGS_NO_GROUP}
    rows = [[_button(chat.title[:40] or str(chat.chat_id), f"{chat.chat_id}")] for chat in served]
    return message(control.SETTINGS_PICK, [*rows, [_button(control.BUTTON_DONE, "close")]])


def _group_card(group: Group) -> dict[str, Any]:
    lines = [control.SETTINGS_HEAD.format(title=safe_text(group.chat.title))]
    rows = []
    for key in options.KEYS:
        label = options.current(key, group)
        line = control.SETTINGS_LINE.format(name=control.NAME[key], label=safe_text(label))
        lines.append(line)
        rows.append(_button(control.NAME[key], f"{group.chat.chat_id}:{key}"))
    name = control.NAME[rules.KEY]
    lines.append(control.SETTINGS_LINE.format(name=name, label=rules.current(group)))
    rows.append(_button(name, f"{group.chat.chat_id}:{rules.KEY}"))
    pairs = [rows[n : n + 2] for n in range(0, len(rows), 2)]
    foot = [_button(control.BUTTON_BACK, "list"), _button(control.BUTTON_DONE, "close")]
    return message("\n".join(lines), [*pairs, foot])


def _option_card(key: str, group: Group) -> dict[str, Any]:
    head = f"<b>{control.NAME[key]}</b>　「{safe_text(group.chat.title)}」\n{control.EXPLAIN[key]}"
    chat_id = group.chat.chat_id
    rows = [
        [_button(f"{'✓ ' if one.chosen else ''}{one.label}", f"{chat_id}:{key}:{number}")]
        for number, one in enumerate(options.choices(key, group))
    ]
    return message(head, [*rows, [_button(control.BUTTON_BACK, f"{chat_id}")]])


def _button(text: str, what: str) -> dict[str, str]:
    return {"text": text, "callback_data": f"st:{what}"}
