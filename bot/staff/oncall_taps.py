"""Taps below /oncall: asking others to take a turn, taking one, and the veil over members' words."""

from __future__ import annotations

from typing import Any

from bot import words
from bot.services import Services
from bot.staff.oncall import WEEK, name_of, shown
from bot.staff.rota_text import moment
from bot.taps import Tap, is_number, where_staff_work
from bot.words import duty as words_duty
from moderation.rota import Absence, Away, Turn
from moderation.storage import Transaction, audit, duty, outbox, people
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.people import Role


async def react(services: Services, tx: Transaction, tap: Tap) -> str:
    """Do what the button says; only counselors have a say in the rota."""
    if not await where_staff_work(services, tx, tap):
        return words.NOT_FOR_YOU
    if tap.user.id not in await people.holders(tx, Role.COUNSELOR):
        return words.NOT_FOR_YOU
    match tap.args:
        case ("veil", "0" | "1"):
            return await _veil(services, tx, tap, tap.args[1] == "1")
        case ("swap",):
            return await _which(services, tx, tap)
        case ("swap", starts) if is_number(starts):
            return await _ask(services, tx, tap, int(starts))
        case ("take", absence_id) if is_number(absence_id):
            return await _take(services, tx, tap, int(absence_id))
    return words.OLD_BUTTON


async def _veil(services: Services, tx: Transaction, tap: Tap, veiled: bool) -> str:
    await duty.veil(tx, tap.user.id, veiled)
    if tap.message_id:
        payload = {**await shown(services, tx, tap.user.id), "message_id": tap.message_id}
        await _put(tx, tap.chat_id, payload, f"veil:{tap.id}", "editMessageText")
    return words_duty.ONCALL_VEILED if veiled else words_duty.ONCALL_OPEN


async def _which(services: Services, tx: Transaction, tap: Tap) -> str:
    """The counselor's own turns of the next days, a button each."""
    turns = await _own_turns(services, tx, tap)
    if not turns:
        return words_duty.SWAP_NONE
    zone = services.alerts.calls.zone
    rows = [
        [
            {
                "text": f"{moment(turn.starts_at, zone)}–{turn.ends_at.astimezone(zone):%H:%M}",
                "callback_data": f"o:swap:{int(turn.starts_at.timestamp())}",
            }
        ]
        for turn in turns
    ]
    payload = {"text": words_duty.SWAP_WHICH, "reply_markup": {"inline_keyboard": rows}}
    await _put(tx, tap.user.id, payload, f"which:{tap.id}")
    return ""


async def _ask(services: Services, tx: Transaction, tap: Tap, starts: int) -> str:
    """Ask all the others in private; until one takes it, the turn stays whose it is."""
    turns = await _own_turns(services, tx, tap)
    turn = next((t for t in turns if int(t.starts_at.timestamp()) == starts), None)
    if turn is None:
        return words_duty.SWAP_OVER
    rota = await duty.rota(tx, services.alerts.calls.zone)
    others = [who for who in rota.everybody(turn.starts_at) if who != tap.user.id]
    if not others:
        return words_duty.SWAP_ALONE
    wish = Absence(tap.user.id, Away.SWAP, max(turn.starts_at, tx.now), turn.ends_at)
    if any(_same(away, wish) for away in rota.absences):
        return words_duty.SWAP_ASKED
    number = await duty.add_absence(tx, wish)
    team = await duty.colleagues(tx)
    said = words_duty.SWAP_PLEASE.format(who=name_of(team, tap.user.id), **_dates(services, wish))
    button = {"text": words_duty.BUTTON_I_COVER, "callback_data": f"o:take:{number}"}
    payload = {
        "text": said,
        "parse_mode": "HTML",
        "reply_markup": {"inline_keyboard": [[button]]},
    }
    for other in others:
        await _put(tx, other, payload, f"please:{number}:{other}")
    actor = tx.sealer.hash_id(tap.user.id)
    await audit.record(tx, actor, "swap_asked", detail={"absence": number})
    return words_duty.SWAP_ASKED


async def _take(services: Services, tx: Transaction, tap: Tap, absence_id: int) -> str:
    wish = await duty.absence(tx, absence_id)
    if wish is None or wish.kind is not Away.SWAP or wish.user_id == tap.user.id:
        return words.OLD_BUTTON
    if wish.ends_at <= tx.now:
        return words_duty.SWAP_OVER
    if not await duty.cover(tx, absence_id, tap.user.id):
        return words_duty.SWAP_TAKEN
    team = await duty.colleagues(tx)
    dates = _dates(services, wish)
    said = words_duty.SWAP_FOUND.format(who=name_of(team, tap.user.id), **dates)
    payload = {"text": said, "parse_mode": "HTML"}
    await _put(tx, wish.user_id, payload, f"found:{absence_id}")
    actor = tx.sealer.hash_id(tap.user.id)
    await audit.record(tx, actor, "swap_taken", detail={"absence": absence_id})
    return words_duty.SWAP_YOURS.format(**dates)


async def _own_turns(services: Services, tx: Transaction, tap: Tap) -> list[Turn]:
    rota = await duty.rota(tx, services.alerts.calls.zone)
    return [
        turn
        for turn in rota.turns(tx.now, tx.now + WEEK)
        if turn.user_id == tap.user.id
        and rota.doer(tap.user.id, max(turn.starts_at, tx.now)) == tap.user.id
    ]


def _same(away: Absence, wish: Absence) -> bool:
    """Whether she asked for this turn before."""
    whose = (away.user_id, away.kind) == (wish.user_id, wish.kind)
    return whose and away.ends_at == wish.ends_at


def _dates(services: Services, wish: Absence) -> dict[str, str]:
    zone = services.alerts.calls.zone
    return {"first": moment(wish.starts_at, zone), "last": moment(wish.ends_at, zone)}


async def _put(
    tx: Transaction,
    chat_id: int,
    payload: dict[str, Any],
    dedupe: str,
    method: str = "sendMessage",
) -> None:
    row = Outgoing(
        dedupe=f"oncall:{dedupe}",
        lane=Lane.ANSWER,
        chat_id=chat_id,
        method=method,
        payload=payload,
    )
    await outbox.put(tx, row)
