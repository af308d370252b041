"""The nouns of the simulated Telegram: people, chats, messages, taps, files and calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from bot.simulator.rights import PRESENT, open_permissions

JSON: TypeAlias = dict[str, Any]
Clock: TypeAlias = Callable[[], float]
ChatKind: TypeAlias = Literal["private", "group", "supergroup", "channel"]
Status: TypeAlias = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]
Conversation: TypeAlias = Literal["none", "open", "blocked"]

SERVICE_KEYS: frozenset[str] = frozenset(
    {
        "new_chat_members",
        "left_chat_member",
        "new_chat_title",
        "new_chat_photo",
        "delete_chat_photo",
        "pinned_message",
        "group_chat_created",
        "supergroup_chat_created",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "message_auto_delete_timer_changed",
        "forum_topic_created",
        "forum_topic_closed",
        "forum_topic_reopened",
        "forum_topic_edited",
        "video_chat_started",
        "video_chat_ended",
        "boost_added",
    }
)


@dataclass(eq=False)
class User:
    """A person or a bot; `conversation` is where the private chat with our bot stands."""

    id: int
    name: str
    username: str | None = None
    last_name: str | None = None
    language_code: str | None = "zh-hans"
    is_bot: bool = False
    conversation: Conversation = "none"
    deactivated: bool = False


@dataclass(eq=False)
class Member:
    """One user's standing in one chat."""

    user: User
    status: Status = "member"
    rights: dict[str, bool] = field(default_factory=dict)
    anonymous: bool = False
    custom_title: str | None = None
    until: int = 0

    @property
    def present(self) -> bool:
        """Whether the user is in the chat now."""
        return self.status in PRESENT and self.rights.get("is_member", True)


@dataclass(eq=False)
class Topic:
    """A topic of a forum; its id is the id of the message that created it."""

    id: int
    name: str
    closed: bool = False


@dataclass(eq=False)
class Chat:
    """A private chat, group, supergroup or channel with everything in it."""

    id: int
    kind: ChatKind
    title: str | None = None
    username: str | None = None
    user: User | None = None
    is_forum: bool = False
    description: str | None = None
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, "Message"] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    permissions: dict[str, bool] = field(default_factory=open_permissions)
    pinned: list[int] = field(default_factory=list)
    requests: set[int] = field(default_factory=set)
    banned_identities: set[int] = field(default_factory=set)
    migrated_to: int | None = None
    bot_known: bool = False

    @property
    def shared(self) -> bool:
        """Whether this is a group of either kind."""
        return self.kind in ("group", "supergroup")

    def status(self, user: User) -> Status:
        """The user's status here, "left" when never seen."""
        member = self.members.get(user.id)
        return member.status if member else "left"

    def present(self) -> list[User]:
        """Those who are in the chat now."""
        return [member.user for member in self.members.values() if member.present]


@dataclass(frozen=True)
class Origin:
    """Whose words a forwarded message carries; exactly one of the first three is set."""

    date: int
    user: User | None = None
    hidden_name: str | None = None
    chat: Chat | None = None
    message_id: int | None = None


@dataclass(eq=False)
class Message:
    """One message; `content` holds media or service fields in the Bot API's own shape.

    `sender` is who the chat sees, `author` the person behind it (an anonymous admin's own name).
    """

    id: int
    chat: Chat
    date: int
    sender: User | None = None
    author: User | None = None
    sender_chat: Chat | None = None
    signature: str | None = None
    text: str | None = None
    caption: str | None = None
    entities: list[JSON] = field(default_factory=list)
    content: JSON = field(default_factory=dict)
    reply_to: "Message | None" = None
    quote: JSON | None = None
    thread: int | None = None
    topic: bool = False
    origin: Origin | None = None
    automatic_forward: bool = False
    media_group: str | None = None
    via_bot: User | None = None
    edit_date: int | None = None
    reply_markup: JSON | None = None
    extras: JSON = field(default_factory=dict)
    reactions: dict[int, list[str]] = field(default_factory=dict)
    ballots: dict[int, tuple[int, ...]] = field(default_factory=dict)
    deleted: bool = False

    @property
    def service(self) -> bool:
        """Whether this is a service message (somebody joined, title changed, …)."""
        return not SERVICE_KEYS.isdisjoint(self.content)

    @property
    def words(self) -> str:
        """The text or the caption, empty when there is neither."""
        return self.text or self.caption or ""

    @property
    def buttons(self) -> list[list[JSON]]:
        """The inline keyboard's rows, empty without one."""
        rows: list[list[JSON]] = (self.reply_markup or {}).get("inline_keyboard", [])
        return rows


@dataclass(frozen=True)
class Answer:
    """What the bot showed a person who tapped a button."""

    text: str = ""
    show_alert: bool = False
    url: str | None = None


@dataclass(eq=False)
class CallbackQuery:
    """One tap on an inline button; `answer` is filled once the bot has answered."""

    id: str
    user: User
    message: Message
    data: str
    date: int
    answer: Answer | None = None


@dataclass(eq=False)
class File:
    """A stored file; its path is what getFile gives."""

    id: str
    unique_id: str
    name: str
    mime: str
    data: bytes
    path: str


@dataclass(frozen=True)
class ApiCall:
    """One call the bot made: either `result` or `error` is set, none of both when cut off."""

    method: str
    params: Mapping[str, Any]
    time: float
    result: Any = None
    error: str | None = None

    @property
    def ok(self) -> bool:
        """Whether Telegram carried it out."""
        return self.error is None


@dataclass
class Scene:
    """Who and what the page's panes show first; None means the page chooses."""

    group: Chat | None = None
    moderators: Chat | None = None
    counselor: User | None = None
    member: User | None = None
