"""How a message comes to be in a chat: whether, in whose name, in answer to what."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from bot.simulator import telegram_json as shapes
from bot.simulator.crowd import Crowd
from bot.simulator.entities import merge, units
from bot.simulator.errors import SimulatorError
from bot.simulator.records import JSON, Chat, Message, Origin, User
from bot.simulator.state import ANONYMOUS, CHANNEL_BOT


class CannotSpeakError(SimulatorError):
    """A person tried to write where Telegram would not let them."""


class PostOptions(TypedDict, total=False):
    """What may accompany any message that a person sends."""

    reply_to: Message | None
    quote: str | None
    thread: int | None
    forward_from: User | Chat | Message | str | None
    sender_chat: Chat | None
    via_anonymous_admin: bool
    via_bot: User | None
    entities: Sequence[JSON] | None
    spoiler: bool


@dataclass(frozen=True)
class Body:
    """What a message itself holds: text, or content with perhaps a caption."""

    text: str | None = None
    caption: str | None = None
    content: JSON = field(default_factory=dict)
    media_group: str | None = None


class Posting(Crowd):
    """The crowd, able to put messages into chats."""

    def _post(self, chat: Chat, user: User, body: Body, options: PostOptions) -> Message:
        self._may_speak(chat, user, options.get("sender_chat"))
        message = Message(self.next_message_id(chat), chat, self.now(), user, author=user)
        message.text, message.caption = body.text, body.caption
        message.content, message.media_group = body.content, body.media_group
        message.entities = merge(list(options.get("entities") or []), message.words)
        self._disguise(message, options)
        self._attach(message, options)
        return self.put_message(message)

    def _may_speak(self, chat: Chat, user: User, identity: Chat | None) -> None:
        if chat.migrated_to:
            raise CannotSpeakError(f"「{chat.title}」已升级为超级群 {chat.migrated_to}")
        if chat.kind == "private":
            self._open(user)
        elif identity and identity.id in chat.banned_identities:
            raise CannotSpeakError(f"「{identity.title}」在「{chat.title}」里被封了")
        elif chat.kind == "channel" or identity:
            return
        member = chat.members.get(user.id)
        if chat.shared and (member is None or not member.present):
            raise CannotSpeakError(f"{user.name}不在「{chat.title}」里")
        if member and member.status == "restricted" and not member.rights.get("can_send_messages"):
            raise CannotSpeakError(f"{user.name}在「{chat.title}」里被禁言了")

    def _open(self, user: User) -> None:
        """Writing to a bot lifts an earlier block."""
        if user.conversation == "blocked":
            self._private_status(user, "kicked", "member")
        user.conversation = "open"

    def _private_status(self, user: User, old: str, new: str) -> None:
        me = shapes.user_json(self.bot)
        ends: dict[str, JSON] = {
            "old_chat_member": {"user": me, "status": old},
            "new_chat_member": {"user": me, "status": new},
        }
        for end in ends.values():
            if end["status"] == "kicked":
                end["until_date"] = 0
        shape: JSON = {"chat": shapes.chat_json(self.private(user)), "from": shapes.user_json(user)}
        self.emit("my_chat_member", shape | {"date": self.now()} | ends)

    def _disguise(self, message: Message, options: PostOptions) -> None:
        chat = message.chat
        member = chat.members.get(message.sender.id) if message.sender else None
        hidden = member is not None and member.anonymous and member.present
        if options.get("via_anonymous_admin") or hidden:
            message.sender, message.sender_chat = ANONYMOUS, chat
            message.signature = member.custom_title if member else None
        elif identity := options.get("sender_chat"):
            message.sender, message.sender_chat = CHANNEL_BOT, identity
        elif chat.kind == "channel":
            message.sender, message.sender_chat = None, chat

    def _attach(self, message: Message, options: PostOptions) -> None:
        message.via_bot = options.get("via_bot")
        message.reply_to = options.get("reply_to")
        if quote := options.get("quote"):
            message.quote = _quote(message.reply_to, quote)
        self._place(message, options.get("thread"))
        source = options.get("forward_from")
        message.origin = self._origin(source) if source else None

    def _origin(self, source: User | Chat | Message | str) -> Origin:
        earlier = self.now() - 60
        match source:
            case Message():
                return shapes.origin_of(source)
            case User():
                return Origin(earlier, user=source)
            case Chat():
                number = 1 if source.kind == "channel" else None
                return Origin(earlier, chat=source, message_id=number)
            case _:
                return Origin(earlier, hidden_name=source)

    def _place(self, message: Message, thread: int | None) -> None:
        """In a forum the topic; elsewhere a reply belongs to the thread of what it answers."""
        chat, target = message.chat, message.reply_to
        if chat.is_forum:
            message.thread = thread or (target.thread if target and target.chat is chat else None)
            message.topic = message.thread is not None
        elif chat.kind == "supergroup" and target and target.chat is chat:
            message.thread = target.thread or target.id


def _quote(target: Message | None, text: str) -> JSON:
    where = target.words.find(text) if target else -1
    position = units(target.words[:where]) if target and where >= 0 else 0
    return {"text": text, "position": position, "is_manual": True}
