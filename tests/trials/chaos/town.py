"""Groups that talk without end, people in danger among them, and the counselor who is to hear."""

from __future__ import annotations

import asyncio
import random
import re
import time
from dataclasses import dataclass, field

from bot import words
from bot.simulator import Chat, Message, User, World
from bot.simulator.records import Member

DANGERS = ("我真的不想活了", "活着太累了，真的不想活了", "不想活了，一了百了算了")
CHATTER = ("今天拆线了", "求推荐疤膏", "哈哈哈哈", "明天面诊", "晚安大家", "有人在吗", "吃什么好")
TALKERS = 300
TICK = 0.1
KEPT = 200
"""Messages of a chat that people can still see; older ones are cleared away."""
NAME = re.compile(r"成员\d{6}")
AGAIN = words.CALL_AGAIN.partition("{")[0]
CARD = "现在："


@dataclass
class Crisis:
    """One person in danger: when they said so, and what the counselor was told."""

    said: float
    heard: float | None = None
    """When the first card came."""
    last: float | None = None
    """When the newest card came."""
    plain: int = 0
    """Cards without a mark."""
    marked: int = 0
    """Cards that say they may be repetitions."""

    @property
    def cards(self) -> int:
        """All cards that are not calls to come again."""
        return self.plain + self.marked


@dataclass
class Town:
    """The people, what they said, and what the counselor has heard; moments are monotonic seconds."""

    world: World
    groups_wanted: int
    chance: random.Random
    crises: dict[str, Crisis] = field(default_factory=dict)
    messages: int = 0
    _seen: int = 0

    def __post_init__(self) -> None:
        owner = self.world.add_user("群主")
        self.counselor = self.world.add_user("值班咨询师")
        self.world.start(self.counselor)
        self.moderators = self.world.add_group("管理群", owner=owner)
        self.talkers = [self.world.add_user(f"病友{n:04d}") for n in range(TALKERS)]
        self.groups = [
            self.world.add_group(f"群{n:03d}", owner=owner, members=self.talkers)
            for n in range(self.groups_wanted)
        ]

    def settings(self) -> dict[str, str]:
        """The bot's settings in this town."""
        return {
            "QUNHU_BOT_TOKEN": self.world.token,
            "QUNHU_MODERATOR_CHAT": str(self.moderators.id),
            "QUNHU_COUNSELORS": str(self.counselor.id),
            "QUNHU_ACK_IDEATION_MINUTES": "600",
            "QUNHU_ACK_IMMINENT_MINUTES": "600",
        }

    async def talk(self, a_second: float, crises_a_second: float) -> None:
        """Talk at this rate until cancelled; people in danger come at random moments."""
        owed = owed_crises = 0.0
        while True:
            owed += a_second * TICK
            owed_crises += crises_a_second * TICK * self.chance.uniform(0, 2)
            while owed >= 1:
                owed -= 1
                if owed_crises >= 1:
                    owed_crises -= 1
                    self.cry()
                else:
                    self._chat()
            await asyncio.sleep(TICK)

    async def listen(self) -> None:
        """Note, until cancelled, what reaches the counselor, who answers each card at once."""
        chat = self.world.private(self.counselor)
        while True:
            for message in self._new(chat):
                self._hear(message)
            for busy in (chat, self.moderators):
                _clear_away(busy)
            del self.world.calls[:-KEPT]
            await asyncio.sleep(TICK)

    def cry(self) -> None:
        """Somebody new is in danger, in one of the groups."""
        name = f"成员{len(self.crises):06d}"
        user, group = self.world.add_user(name), self.chance.choice(self.groups)
        group.members[user.id] = Member(user)
        self.crises[name] = Crisis(time.monotonic())
        self._say(group, user, self.chance.choice(DANGERS))

    def missing(self) -> list[str]:
        """Those of whom nobody has heard."""
        return [name for name, one in self.crises.items() if one.heard is None]

    def _chat(self) -> None:
        group = self.chance.choice(self.groups)
        self._say(group, self.chance.choice(self.talkers), self.chance.choice(CHATTER))

    def _say(self, group: Chat, user: User, text: str) -> None:
        self.messages += 1
        self.world.say(group, user, text)
        _clear_away(group)

    def _new(self, chat: Chat) -> list[Message]:
        found = []
        for number in reversed(chat.messages):
            if number <= self._seen:
                break
            found.append(chat.messages[number])
        if found:
            self._seen = found[0].id
        return [one for one in reversed(found) if one.sender is self.world.bot]

    def _hear(self, card: Message) -> None:
        text = card.text or ""
        found = NAME.search(text)
        if found is None or CARD not in text:
            return
        crisis = self.crises[found[0]]
        if AGAIN in text and crisis.heard is not None:
            return
        crisis.last = time.monotonic()
        crisis.heard = crisis.heard or crisis.last
        if text.startswith(words.MAYBE_TWICE):
            crisis.marked += 1
        else:
            crisis.plain += 1
        self._answer(card)

    def _answer(self, card: Message) -> None:
        """Close the case, so that time brings no further calls."""
        for button in (one for row in card.buttons for one in row):
            case = re.fullmatch(r"m:(\d+):\w+", button.get("callback_data", ""))
            if case is not None:
                self.world.tap_data(self.counselor, card, f"m:{case[1]}:dismiss")
                return


def _clear_away(chat: Chat) -> None:
    while len(chat.messages) > KEPT:
        del chat.messages[next(iter(chat.messages))]
