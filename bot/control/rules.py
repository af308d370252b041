"""What a group agreed to do about each kind of matter: a line its moderators write, shown on cards."""

from __future__ import annotations

import re
from typing import Any

from telegram import Update

from bot import words
from bot.care.cards import message as card
from bot.control.options import Group
from bot.members.answers import answer
from bot.services import Services
from bot.showing import safe_text
from bot.taps import Tap
from bot.words import control
from moderation.storage import Transaction, audit, group_settings, outbox
from moderation.storage.outbox import Lane, Outgoing
from moderation.vocabulary import CaseKind, Message

KEY = "rule"
PURPOSE = re.compile("rule:(-[0-9]{1,16}):([a-z]+)")
LONGEST = 120
OF = {kind.value[:4]: kind for kind in CaseKind}
FORGET = {"删", "删掉", "刪", "刪掉"}


def current(group: Group) -> str:
    """How many lines there are, in words."""
    count = len(group.wanted.rules)
    return control.RULES_COUNT.format(count=count) if count else control.RULES_NONE


def rules_card(group: Group) -> dict[str, Any]:
    """All lines, and a button to write each."""
    chat_id = group.chat.chat_id
    head = f"<b>{control.NAME[KEY]}</b>　「{safe_text(group.chat.title)}」\n{control.EXPLAIN[KEY]}"
    lines = [
        f"· {control.RULE_OF[kind]}：{safe_text(line)}" for kind, line in group.wanted.rules.items()
    ]
    rows = [
        [{"text": control.RULE_OF[kind], "callback_data": f"st:{chat_id}:{KEY}:{code}"}]
        for code, kind in OF.items()
    ]
    back = [{"text": control.BUTTON_BACK, "callback_data": f"st:{chat_id}"}]
    return card("\n".join([head, *lines]), [*rows, back])


async def ask(services: Services, tx: Transaction, tap: Tap, group: Group, code: str) -> str:
    """Ask for the line; a reply to the question is it."""
    if code not in OF:
        return words.OLD_BUTTON
    line = group.wanted.rules.get(OF[code])
    text = control.RULE_ASK.format(
        kind=control.RULE_OF[OF[code]],
        title=safe_text(group.chat.title),
        now=control.RULE_NOW.format(line=safe_text(line)) if line else "",
    )
    payload: dict[str, Any] = {"text": text, "parse_mode": "HTML"}
    topic = services.alerts.calls.topic_of(tap.chat_id)
    if topic is not None:
        payload["message_thread_id"] = topic
    row = Outgoing(
        dedupe=f"rule:{tap.id}",
        lane=Lane.ANSWER,
        chat_id=tap.chat_id,
        method="sendMessage",
        payload=payload,
        purpose=f"rule:{group.chat.chat_id}:{code}",
    )
    await outbox.put(tx, row)
    return control.RULE_BELOW


async def take(services: Services, update: Update, message: Message) -> bool:
    """A reply to that question in the moderators' chat of the group; False if it is none."""
    if message.reply_to is None or message.private or message.edited or not message.text.strip():
        return False
    async with services.database.reading() as tx:
        purpose = await outbox.purpose_at(tx, message.chat_id, message.reply_to)
    asked = PURPOSE.fullmatch(purpose)
    if asked is None or asked[2] not in OF:
        return False
    kind, chat_id = OF[asked[2]], int(asked[1])
    line = " ".join(message.text.split())[:LONGEST]
    line = "" if line in FORGET else line
    async with services.work(update) as tx:
        await group_settings.write_rule(tx, chat_id, kind, line)
        detail = {"chat": chat_id, "setting": f"{KEY}:{asked[2]}", "to": line}
        await audit.record(tx, tx.sealer.hash_id(message.sender.id), "setting", detail=detail)
        said = control.RULE_KEPT if line else control.RULE_GONE
        text = said.format(kind=control.RULE_OF[kind])
        dedupe = f"rule:{update.update_id}"
        await answer(tx, message.chat_id, message.thread_id, {"text": text}, dedupe)
    return True
