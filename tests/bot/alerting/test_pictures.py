"""Pictures of a flagged message come below the card, veiled, once; of others nothing is kept."""

from __future__ import annotations

import sqlite3

from bot.simulator import Message
from moderation.storage import casebook
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"


def pictures(town: Town) -> list[Message]:
    """The pictures in the counselor's chat."""
    return [m for m in town.from_bot(town.counselor) if "photo" in m.content]


async def test_a_picture_comes_veiled_below_the_card_and_is_not_sent_again(town: Town) -> None:
    async with town.bot_running() as qunhu:
        town.world.photo(town.group, town.lan, GOODBYE)
        await town.settled()
        (card,) = town.cards(town.counselor)
        (picture,) = pictures(town)
        assert picture.content["has_media_spoiler"]
        assert picture.extras["has_protected_content"]
        assert picture.reply_to is card
        town.world.photo(town.group, town.mei, "今天的伤口，恢复得不错")
        async with qunhu.services.database.transaction() as tx:
            (case,) = await casebook.live_cases(tx)
            await qunhu.services.alerts.calls.call_again(tx, case, 1)
        await town.settled()
        assert len(pictures(town)) == 1
        names = [size["file_id"] for size in picture.content["photo"]]
    with sqlite3.connect(town.folder / "qunhu.db") as stored:
        dump = "\n".join(stored.iterdump())
    assert not any(name in dump for name in names)


async def test_an_album_comes_as_one_wherever_its_words_stand(town: Town) -> None:
    async with town.bot_running():
        town.world.album(town.group, town.lan, [None, GOODBYE, None])
        await town.settled()
        found = pictures(town)
        assert len(found) == 3
        assert len({one.media_group for one in found}) == 1
        assert len(town.cards(town.counselor)) == 1
