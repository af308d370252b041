"""The last messages of each group, in memory alone: what a message is read with, and what staff may
see around a flagged one.

Nothing of it is ever written to disk, and it is gone after an hour or a restart.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import words
from bot.showing import safe_name, safe_text
from bot.words import duty as words_duty
from moderation.company import KEPT, REACH, Earlier, preceding
from moderation.ports import Clock
from moderation.vocabulary import Media, Message

CONTEXT = "qunhu.context"
"""An internal method: payload {chat, message}; what it says is filled in as it is sent."""
GROUPS = 200
MESSAGES = REACH
TEXT = 200
AROUND = 5


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, shortened."""

    message_id: int
    thread_id: int | None
    author: int
    name: str
    text: str
    at: datetime
    album_id: str | None = None
    media: Media | None = None


@dataclass
class Recent:
    """Remembers a little of each group, for a while."""

    clock: Clock
    zone: ZoneInfo
    _groups: OrderedDict[int, OrderedDict[int, Heard]] = field(default_factory=OrderedDict)

    def hear(self, message: Message) -> None:
        """Remember a message of a group; an edited one takes its own place."""
        if message.private:
            return
        group = self._groups.setdefault(message.chat_id, OrderedDict())
        self._groups.move_to_end(message.chat_id)
        known = group.get(message.message_id)
        group[message.message_id] = Heard(
            message.message_id,
            message.thread_id,
            message.sender.id,
            message.sender.name,
            message.text[:TEXT],
            known.at if known else message.sent_at,
            message.album_id,
            message.media,
        )
        while len(group) > MESSAGES:
            group.popitem(last=False)
        while len(self._groups) > GROUPS:
            self._groups.popitem(last=False)

    def forget(self, user_id: int, chat_id: int | None = None) -> None:
        """Drop all that somebody said, in one group or in all."""
        groups = self._groups.items()
        for group in [found for known, found in groups if chat_id in {None, known}]:
            for number in [n for n, heard in group.items() if heard.author == user_id]:
                del group[number]

    def forget_group(self, chat_id: int) -> None:
        """Drop all that was said in a group."""
        self._groups.pop(chat_id, None)

    def forget_old(self) -> None:
        """Drop what was heard too long ago."""
        for chat_id in list(self._groups):
            self._forget_old_of(chat_id)

    def _forget_old_of(self, chat_id: int) -> None:
        group, past = self._groups.get(chat_id, OrderedDict()), self.clock() - KEPT
        for number in [n for n, heard in group.items() if heard.at < past]:
            del group[number]
        if not group:
            self._groups.pop(chat_id, None)

    def before(self, message: Message) -> tuple[str, ...]:
        """The words that a message is read with; after a restart only what it answers is known."""
        earlier = [
            heard
            for heard in self._heard(message.chat_id)
            if heard.message_id < message.message_id
            and heard.thread_id == message.thread_id
            and heard.text
        ]
        numbers = [heard.message_id for heard in earlier]
        said = [Earlier(heard.text, heard.author == message.sender.id) for heard in earlier]
        answered = numbers.index(message.reply_to) if message.reply_to in numbers else None
        if message.answered and (message.quote or answered is None):
            own = answered is not None and said[answered].own
            return preceding([Earlier(message.answered, own), *said], 0)
        return preceding(said, answered)

    def pictures(self, message: Message) -> tuple[Media, ...]:
        """What belongs to a message: its own picture, and those of its album that came before."""
        own = () if message.media is None else (message.media,)
        if message.album_id is None:
            return own
        album = [one for one in self._heard(message.chat_id) if one.album_id == message.album_id]
        heard = [one.media for one in album if one.media is not None]
        return tuple(dict.fromkeys((*heard, *own)))

    def people(self, chat_id: int) -> dict[int, str]:
        """Who spoke in a group lately, by id."""
        return {heard.author: heard.name for heard in self._heard(chat_id)}

    def around(self, chat_id: int, message_id: int) -> list[Heard]:
        """Up to five messages of its topic around one, with it, in their order; empty if forgotten."""
        heard = self._heard(chat_id)
        topics = {one.thread_id for one in heard if one.message_id == message_id}
        near = [one for one in heard if one.thread_id in topics or not topics]
        before = [one for one in near if one.message_id < message_id]
        since = [one for one in near if one.message_id >= message_id]
        wanted = 1 if since and since[0].message_id == message_id else 0
        half = AROUND - min(len(since) - wanted, AROUND // 2)
        chosen = before[-half:]
        return [*chosen, *since[: wanted + AROUND - len(chosen)]]

    def shown(self, chat_id: int, message_id: int) -> str:
        """The messages around one as HTML; a polite word if they are gone."""
        found = self.around(chat_id, message_id)
        if not any(one.message_id != message_id for one in found):
            return words_duty.CONTEXT_GONE
        lines = [self._line(one, one.message_id == message_id) for one in found]
        return "\n".join([words_duty.CONTEXT_HEAD, *lines])

    def _heard(self, chat_id: int) -> list[Heard]:
        """What is still known of a group, in its order."""
        self._forget_old_of(chat_id)
        known = self._groups.get(chat_id, OrderedDict()).values()
        return sorted(known, key=lambda one: one.message_id)

    def _line(self, one: Heard, this: bool) -> str:
        at = one.at.astimezone(self.zone).strftime("%H:%M")
        mark = words_duty.CONTEXT_THIS if this else ""
        return f"{mark}{at} {safe_name(one.name)}：{safe_text(one.text) or words.NO_WORDS}"
