"""Updates as nobody should send them: well-formed ones, then bent, with the words that break things."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, TypeVar

JSON = dict[str, Any]
T = TypeVar("T")
NASTY = (
    "",
    " ",
    "\u200b" * 4096,
    "\u202e死想‮",
    "\ud83d",
    "半个\udc00字",
    "\x00",
    "{0}{name}%s%d{",
    "<b>粗</b><a href='tg://user?id=666'>点</a>",
    "&lt;b&gt;&amp;",
    "@evil_stranger /evil 1 #tag https://evil.example",
    "a" * 100_000,
    "今晚就走",
    "不想活了",
    "XX医院没有执照",
    "他家住哪",
    "Z̸̡̢̛" * 300,
    "👨‍👩‍👧‍👦" * 500,
    "（" * 4000,
    "2026年13月45日",
    "٢٠٢٦-٠١-٠١",
    "=cmd|'/c calc'!A1",
    "../../etc/passwd",
    "停",
    "编号：x\n标题：y",
    "\n" * 4096,
    "1" * 4000,
    "-" * 4000 + "!",
)
COMMANDS = (
    "start", "help", "sos", "rights", "psych", "ask", "search", "evidence", "timeline", "safetyplan",
    "statement", "oncall", "report", "teach", "privacy", "mydata", "forgetme", "settings", "stats",
    "roles", "grant", "revoke", "addpage", "droppage", "unknown",
)  # fmt: skip
KINDS = (
    "m", "w", "d", "x", "u", "c", "v", "o", "h", "n", "fo", "a", "f", "fc", "fm", "fn", "st", "ro",
    "te", "e", "pf", "s", "g", "p", "t", "z", "q", "sp", "me", "ci", "zz", "",
)  # fmt: skip
PARTS = (
    "1", "0", "999999999999", "-1", "claim", "undo", "yes", "no", "stop", "take", "swap", "veil",
    "home", "list", "x", "g", "r", "-1002", "sens", "mods", "ok", "low", "erase-yes", "share",
    "records", "story", "pdf", "dates", "del", "", "：", "٣", "1" * 40,
)  # fmt: skip
PEOPLE = (11, 12, 13, 21, 25)
GROUPS = (-1001, -1002, -1003)
MASSES = 0.002
"""How many texts mention ten thousand members: each takes a second to read and write."""


class Storm:
    """Makes updates from a seed; the same seed makes the same updates."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.number = 0

    def next(self) -> JSON:
        """One more update."""
        self.number += 1
        makers = [self.text] * 4 + [self.tap] * 4 + [self.command] * 3
        makers += [self.attachment, self.change, self.form_answer]
        update: JSON = {"update_id": self.number, **self._pick(makers)()}
        if self.random.random() < 0.2:
            self._bend(update)
        return update

    def text(self) -> JSON:
        """Words with entities that point anywhere, replies, quotes and forwards."""
        message = self._message()
        message["text"] = self._words()
        if self.random.random() < 0.4:
            message["entities"] = [self._entity() for _ in range(self._pick([1, 3, 200]))]
        if self.random.random() < MASSES:
            message["text"] = "@member_name " * 10_000
            message["entities"] = [{"type": "mention", "offset": n * 13, "length": 12} for n in range(10_000)]  # fmt: skip
        self._decorate(message)
        kind = "edited_message" if self.random.random() < 0.15 else "message"
        return {kind: message | ({"edit_date": 5} if kind == "edited_message" else {})}

    def tap(self) -> JSON:
        """A button, real or forged."""
        parts = [self._pick(PARTS) for _ in range(self._pick([0, 1, 2, 2, 3, 5]))]
        data = ":".join([self._pick(KINDS), *parts])
        who = self._pick(PEOPLE)
        query: JSON = {"id": str(self.number), "from": self._user(who), "chat_instance": "1"}
        query["message"] = {**self._message(who), "text": self._words()[:4096]}
        if self.random.random() < 0.1:
            query["message"] = {"chat": self._chat(who), "message_id": 5, "date": 0}
        return {"callback_query": query | {"data": data}}

    def command(self) -> JSON:
        """A command with anything behind it."""
        message = self._message()
        name = self._pick(COMMANDS)
        behind = self._pick(["", " ", f" {self._words()}", f" {self._pick(PARTS)}", "@test_bot"])
        message["text"] = f"/{name}{behind}"
        end = len(f"/{name}") + (len(behind) if behind.startswith("@") else 0)
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": end}]
        return {"message": message}

    def attachment(self) -> JSON:
        """A poll, sticker, contact, venue, document or photo with odd words in it."""
        words = self._words()[:300]
        file = {"file_id": "f", "file_unique_id": "u"}
        option = {"text": words, "voter_count": 0, "persistent_id": "1"}
        poll = {"id": "1", "question": words, "options": [option], "type": "regular"}
        counts = {"total_voter_count": 0, "is_closed": False, "is_anonymous": True}
        size = {"width": 1, "height": 1}
        shape = {"is_animated": False, "is_video": False, "type": "regular", "emoji": words}
        found: JSON = self._pick(
            [
                {"poll": poll | counts | {"allows_multiple_answers": False}},
                {"sticker": file | size | shape},
                {"contact": {"phone_number": words, "first_name": words}},
                {"document": file | {"file_name": words}, "caption": words},
                {"photo": [file | size], "caption": words, "media_group_id": "7"},
                {"venue": {"location": {"longitude": 1, "latitude": 1}, "title": words, "address": words}},
                {"dice": {"emoji": "🎲", "value": 1}},
            ]
        )  # fmt: skip
        return {"message": self._message() | found}

    def change(self) -> JSON:
        """The bot's or a group's standing changes."""
        chat = self._chat(11, self._pick(GROUPS))
        bot = {"id": 1, "is_bot": True, "first_name": "群护"}
        status = [{"status": s, "user": bot} for s in ("left", "member")]
        self.random.shuffle(status)
        moved = {"old_chat_member": status[0], "new_chat_member": status[1], "date": 1}
        return self._pick(
            [
                {"my_chat_member": {"chat": chat, "from": self._user(25), **moved}},
                {"message": self._message() | {"new_chat_members": [self._user(12)]}},
                {"message": self._message() | {"new_chat_title": self._words()[:255]}},
                {"poll_answer": {"poll_id": "1", "option_ids": [0]}},
            ]
        )

    def form_answer(self) -> JSON:
        """A reply in private to what looks like a question of the bot."""
        message = self._message(11, private=True)
        asked = self._pick(
            ["【做的那天】哪天", "【病历】记一句", "【经过】写一条", self._words()[:50]]
        )
        bot = {"id": 1, "is_bot": True, "first_name": "群护"}
        message["reply_to_message"] = {**message, "from": bot, "text": asked, "message_id": 3}
        return {"message": message | {"text": self._words()}}

    def _decorate(self, message: JSON) -> None:
        if self.random.random() < 0.2:
            deep = self._message()
            for _ in range(30):
                deep = {**self._message(), "reply_to_message": deep, "text": self._words()[:50]}
            message["reply_to_message"] = deep
        if self.random.random() < 0.2:
            name = self._words()[:64]
            message["forward_origin"] = self._pick(
                [
                    {"type": "hidden_user", "date": 1, "sender_user_name": name},
                    {"type": "user", "date": 1, "sender_user": self._user(12)},
                    {"type": "channel", "date": 1, "chat": self._chat(1, -1009), "message_id": 1},
                ]
            )
        if self.random.random() < 0.1:
            message["quote"] = {
                "text": self._words()[:1024],
                "position": self._pick([0, -5, 10**9]),
            }
        if self.random.random() < 0.1:
            message["sender_chat"] = self._chat(1, self._pick([-1001, -1009]))

    def _message(self, who: int | None = None, *, private: bool = False) -> JSON:
        sender = who or self._pick(PEOPLE)
        chat = self._chat(sender, sender if private else None)
        number = self.random.randrange(1, 200)
        return {"message_id": number, "date": 1, "chat": chat, "from": self._user(sender)}

    def _user(self, number: int) -> JSON:
        name = self._words()[:64] or "x"
        return {"id": number, "is_bot": False, "first_name": name, "username": "evil_person"}

    def _chat(self, who: int, number: int | None = None) -> JSON:
        number = number or self._pick([who, who, *GROUPS])
        if number > 0:
            return {"id": number, "type": "private", "first_name": self._words()[:64]}
        return {"id": number, "type": "supergroup", "title": self._words()[:255]}

    def _entity(self) -> JSON:
        kinds = ("bold", "mention", "text_link", "spoiler", "bot_command", "brand_new")
        places = (0, 1, -3, 5, 4096, 10**9)
        return {
            "type": self._pick(kinds),
            "offset": self._pick(places),
            "length": self._pick(places),
        }

    def _words(self) -> str:
        if self.random.random() < 0.3:
            return "".join(chr(self.random.randrange(1, 0x1FFFF)) for _ in range(20))
        return self._pick(NASTY)

    def _bend(self, update: JSON) -> None:
        """Take something away from somewhere within, or put something else there."""
        at: Any = update
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            keys = [key for key in keys if key != "update_id"]
            if not keys:
                return
            key = self._pick(keys)
            if isinstance(at[key], dict | list) and at[key] and self.random.random() < 0.7:
                at = at[key]
                continue
            if self.random.random() < 0.4:
                del at[key]
            else:
                at[key] = self._pick([None, 0, -1, 2**70, "", "x", [], {}, True, 1.5, [[]]])
            return

    def _pick(self, values: Sequence[T]) -> T:
        return self.random.choice(values)
