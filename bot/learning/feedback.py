"""/teach: may the bot learn from my words? And `qunhu feedback export`: labelled lines of those who agreed."""

from __future__ import annotations

import json
import os
from typing import Any

from rich.console import Console
from telegram import Update
from telegram.ext import ContextTypes

from bot import words
from bot.door.incoming import thread_of
from bot.hearing.classifiers import load_classifier
from bot.learning.ledger import opened, writing
from bot.members.answers import answer, way_in
from bot.services import services_of
from bot.settings import load_settings
from bot.taps import acknowledge, show, tap_of
from bot.words import learning as said
from moderation.pseudonyms import pseudonymise
from moderation.storage import audit, learning
from moderation.storage.casebook import Signal
from moderation.storage.learning import Judged
from moderation.vocabulary import CaseKind, Crisis, Excerpt, Name

PATTERN = "^te:"
TARGET = "teach"
LINK = f"^/start(@\\w+)? {TARGET}$"


async def on_teach(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/teach: in private what it means, and yes or no; in a group only a way to the private chat."""
    services = services_of(context)
    source = update.effective_message
    if source is None or source.from_user is None:
        return
    async with services.work(update) as tx:
        if source.chat.type == "private":
            payload = _card(await learning.agrees(tx, source.from_user.id))
        else:
            payload = way_in(services.bot_username, said.TEACH_IN_GROUP, TARGET)
        dedupe = f"command:{update.update_id}"
        await answer(tx, source.chat.id, thread_of(source), payload, dedupe)


async def on_tap(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Yes or no, in the private chat."""
    services = services_of(context)
    tap = tap_of(update)
    if tap is None:
        return
    async with services.work(update) as tx:
        if not tap.private or tap.args not in {("yes",), ("no",)}:
            await acknowledge(tx, tap, words.OLD_BUTTON)
            return
        agreed = tap.args == ("yes",)
        if agreed != await learning.agrees(tx, tap.user.id):
            await learning.set_consent(tx, tap.user.id, agreed)
            actor = tx.sealer.hash_id(tap.user.id)
            await audit.record(tx, actor, "teach", detail={"agreed": agreed})
            await show(tx, tap, _card(agreed))
        await acknowledge(tx, tap, said.TEACH_DONE[agreed])


async def export(console: Console, target: str, model: Any = None) -> int:
    """Write labelled lines; the count goes to the console, the export into the audit."""
    settings = load_settings()
    classifier = load_classifier(model or settings.model, settings.threads).classifier
    salt = os.urandom(16).hex()
    async with opened(settings) as database:
        async with database.transaction() as tx:
            found = await learning.judged(tx)
            await audit.record(tx, "operator", "feedback_exported", detail={"cases": len(found)})
        pairs = [(one, signal) for one in found for signal in one.signals if signal.excerpt]
        scored = classifier.classify([Excerpt(signal.excerpt) for _, signal in pairs])
        with writing(target) as file:
            for number, ((one, signal), scores) in enumerate(zip(pairs, scored, strict=True), 1):
                line = labelled(number, one, signal, scores.names, salt)
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
    console.print(f"{len(pairs)} lines of {len(found)} cases, all of members who agreed (/teach).")
    return 0


def labelled(
    number: int, one: Judged, signal: Signal, names: tuple[Name, ...], salt: str
) -> dict[str, Any]:
    """One line as labels.md has it. Only what a human judged here is given; the rest is left out."""
    case = one.case
    known = [n for n in (case.person.name if case.person else "", case.holder_name or "") if n]
    text, placed = pseudonymise(signal.excerpt, names, known, salt)
    line: dict[str, Any] = {
        "id": f"here-{salt[:6]}-{number:05d}",
        "text": text,
        "names": [
            {"text": n.text, "start": n.start, "end": n.end, "kind": n.kind.value} for n in placed
        ],
        "judged": "real" if one.real else "false_alarm",
    }
    if case.kind is CaseKind.CRISIS:
        level = signal.level if signal.level in set(Crisis) else case.level
        line["crisis"] = level if one.real else Crisis.NONE.value
        line["subject"] = case.subject.value if one.real else "none"
    elif case.kind is CaseKind.ALLEGATION:
        line["allegation"] = case.level if one.real else "none"
    else:
        line["doxxing"] = one.real
    return line


def _card(agreed: bool) -> dict[str, Any]:
    row = [
        {"text": said.BUTTON_TEACH[True], "callback_data": "te:yes"},
        {"text": said.BUTTON_TEACH[False], "callback_data": "te:no"},
    ]
    text = f"{said.TEACH}\n{said.TEACH_NOW[agreed]}"
    return {"text": text, "reply_markup": {"inline_keyboard": [row]}}
