"""The pictures of a flagged message, below its card, under a veil that a tap lifts.

Only the platform's name of a file is kept, sealed with the excerpt; the picture itself stays with Telegram.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from moderation.storage import Transaction, casebook, outbox
from moderation.storage.casebook import Case, Signal
from moderation.storage.outbox import PRIVATE, Lane, Outgoing, State
from moderation.vocabulary import Media, Message

PICTURES = "pictures"
ALBUM = f"{PRIVATE}album"
SHOWN = f"{PRIVATE}shown"
REST_OF_ALBUM = timedelta(seconds=3)
"""The pictures of an album come as messages of their own; so long we wait for the rest."""
MOST = 10
METHODS = {"photo": "sendPhoto", "video": "sendVideo", "animation": "sendAnimation"}


async def show(
    tx: Transaction, case: Case, signals: Sequence[Signal], recipient: int, card: int
) -> None:
    """Below a fresh card: the pictures of each message, to each reader once."""
    for signal in signals:
        if signal.media:
            await _put(tx, case, signal.album_id, signal.media, recipient, card)


async def join_album(tx: Transaction, message: Message) -> None:
    """A further picture of an album of which another message was flagged: to all who have the card."""
    if message.album_id is None or message.media is None:
        return
    for case in await casebook.of_album(tx, message.chat_id, message.message_id):
        for signal in await casebook.signals_of(tx, case.id):
            known = message.media in signal.media
            if signal.album_id == message.album_id and not known:
                media = (*signal.media, message.media)
                await casebook.keep_signal(tx, case.id, replace(signal, media=media))
                await _show_to_all(tx, case, signal.album_id, message.media)


async def _show_to_all(tx: Transaction, case: Case, album: str | None, one: Media) -> None:
    rows = await outbox.of_case(tx, case.id, PICTURES)
    waiting = [row for row in rows if row.state is State.PENDING and row.payload[ALBUM] == album]
    for row in waiting:
        shown = [Media(*item) for item in row.payload[SHOWN]]
        method, payload = _call((*shown, one), album)
        await outbox.rewrite(tx, row.id, payload, method)
    told = {row.chat_id for row in waiting}
    for card in await outbox.of_case(tx, case.id, "card"):
        if card.chat_id not in told:
            told.add(card.chat_id)
            await _put(tx, case, album, (one,), card.chat_id, card.id)


async def _put(
    tx: Transaction,
    case: Case,
    album: str | None,
    media: tuple[Media, ...],
    recipient: int,
    card: int,
) -> None:
    method, payload = _call(media[:MOST], album)
    row = Outgoing(
        dedupe=f"{PICTURES}:{case.id}:{recipient}:{media[0].message_id}",
        lane=Lane.ALERT,
        chat_id=recipient,
        method=method,
        payload=payload,
        purpose=PICTURES,
        case_id=case.id,
        follows=card,
        not_before=tx.now + REST_OF_ALBUM if album else None,
    )
    await outbox.put(tx, row)


def _call(media: tuple[Media, ...], album: str | None) -> tuple[str, dict[str, Any]]:
    """Method and payload for these; the members of a Media are kept to add to them."""
    ours = {ALBUM: album, SHOWN: [(m.kind, m.file_id, m.message_id) for m in media]}
    kept = {**ours, "protect_content": True, "disable_notification": True}
    if len(media) == 1:
        one = media[0]
        return METHODS[one.kind], {**kept, one.kind: {"file_id": one.file_id}, "has_spoiler": True}
    items = [{"type": m.kind, "media": m.file_id, "has_spoiler": True} for m in media]
    return "sendMediaGroup", {**kept, "media": items}
