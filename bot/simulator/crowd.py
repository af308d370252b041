"""Groups and who is in them: joining, leaving, promoting, muting, migrating."""

from collections.abc import Iterable, Mapping
from copy import copy
from typing import Literal

from bot.simulator import telegram_json as shapes
from bot.simulator.records import JSON, Chat, Member, Message, Status, Topic, User
from bot.simulator.rights import ADMIN_RIGHTS, open_permissions
from bot.simulator.state import State

BOT_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_restrict_members",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


class Crowd(State):
    """The state with what people do to groups and to each other's standing."""

    def add_group(
        self,
        title: str,
        *,
        kind: Literal["group", "supergroup"] = "supergroup",
        is_forum: bool = False,
        members: Iterable[User] = (),
        owner: User | None = None,
        bot_status: Literal["administrator", "member"] | None = "administrator",
        bot_rights: Mapping[str, bool] | None = None,
        username: str | None = None,
    ) -> Chat:
        """A group that exists already: no update tells of it (`set_bot` adds the bot aloud)."""
        chat = Chat(
            self.next_chat_id(kind == "supergroup"), kind, title, username, is_forum=is_forum
        )
        self.chats[chat.id] = chat
        chief = owner or self._default_owner()
        chat.members[chief.id] = Member(chief, "creator")
        for user in members:
            chat.members.setdefault(user.id, Member(user))
        if bot_status:
            rights = dict.fromkeys(BOT_RIGHTS, True) | dict(bot_rights or {})
            given = rights if bot_status == "administrator" else {}
            chat.members[self.bot.id] = Member(self.bot, bot_status, given)
            chat.bot_known = True
        self.changes.mark()
        return chat

    def add_channel(self, title: str, *, username: str | None = None) -> Chat:
        """A channel, to post in groups as an identity or to forward from."""
        chat = Chat(self.next_chat_id(True), "channel", title, username)
        self.chats[chat.id] = chat
        return chat

    def owner(self, chat: Chat) -> User:
        """The chat's creator, who acts where nobody else is named."""
        for member in chat.members.values():
            if member.status == "creator":
                return member.user
        return self._default_owner()

    def _default_owner(self) -> User:
        known = (user for user in self.users.values() if user.username == "qunzhu")
        return next(known, None) or self.add_user("群主", username="qunzhu")

    def set_member(self, chat: Chat, member: Member, by: User | None = None) -> None:
        """Change a standing and tell the bot, as my_chat_member or chat_member."""
        old = chat.members.get(member.user.id) or Member(member.user, "left")
        chat.members[member.user.id] = member
        mine = member.user is self.bot
        if mine:
            chat.bot_known = True
        if mine or self.bot_leads(chat):
            body = self._member_update(chat, old, member, by or self.owner(chat))
            self.emit("my_chat_member" if mine else "chat_member", body)
        self.changes.mark()

    def _member_update(self, chat: Chat, old: Member, new: Member, by: User) -> JSON:
        return {
            "chat": shapes.chat_json(chat),
            "from": shapes.user_json(by),
            "date": self.now(),
            "old_chat_member": shapes.member_json(old),
            "new_chat_member": shapes.member_json(new),
        }

    def join(self, chat: Chat, user: User, by: User | None = None) -> Message:
        """Somebody joins, or `by` adds them; the service message is returned."""
        self.set_member(chat, Member(user), by or user)
        return self._welcome(chat, user, by or user)

    def _welcome(self, chat: Chat, user: User, by: User) -> Message:
        shape = shapes.user_json(user)
        legacy = {"new_chat_participant": shape, "new_chat_member": shape}
        return self.service(chat, by, new_chat_members=[shape], **legacy)

    def leave(self, chat: Chat, user: User) -> Message:
        """Somebody leaves of their own accord."""
        self.set_member(chat, Member(user, "left"), user)
        return self._farewell(chat, user, user)

    def kick(self, chat: Chat, user: User, by: User | None = None) -> Message:
        """An admin bans somebody."""
        self.set_member(chat, Member(user, "kicked"), by)
        return self._farewell(chat, user, by or self.owner(chat))

    def _farewell(self, chat: Chat, user: User, by: User) -> Message:
        shape = shapes.user_json(user)
        return self.service(chat, by, left_chat_member=shape, left_chat_participant=shape)

    def promote(
        self,
        chat: Chat,
        user: User,
        *,
        anonymous: bool = False,
        title: str | None = None,
        **rights: bool,
    ) -> None:
        """Make somebody an admin with all rights save those given as False."""
        granted = dict.fromkeys(ADMIN_RIGHTS, True) | rights
        self.set_member(chat, Member(user, "administrator", granted, anonymous, title))

    def demote(self, chat: Chat, user: User) -> None:
        """Make an admin an ordinary member again."""
        self.set_member(chat, Member(user))

    def mute(
        self, chat: Chat, user: User, *, until: int = 0, by: User | None = None, **rights: bool
    ) -> None:
        """Restrict somebody to reading, save for the rights given as True."""
        self.set_member(chat, Member(user, "restricted", rights, until=until), by)

    def set_bot(
        self, chat: Chat, status: Status, *, by: User | None = None, **rights: bool
    ) -> None:
        """Add, promote, mute or remove the bot, with my_chat_member and the service message."""
        before = chat.members.get(self.bot.id)
        was_there = bool(before and before.present)
        if status == "administrator":
            rights = dict.fromkeys(BOT_RIGHTS, True) | rights
        self.set_member(chat, Member(self.bot, status, rights), by)
        actor = by or self.owner(chat)
        if chat.members[self.bot.id].present and not was_there:
            self._welcome(chat, self.bot, actor)
        elif was_there and not chat.members[self.bot.id].present:
            self._farewell(chat, self.bot, actor)

    def set_title(self, chat: Chat, title: str, user: User | None = None) -> Message:
        """Rename a group."""
        chat.title = title
        return self.service(chat, user or self.owner(chat), new_chat_title=title)

    def pin(self, chat: Chat, message: Message, user: User | None = None) -> Message:
        """Pin a message, with the service message that shows it."""
        chat.pinned.append(message.id)
        shape = shapes.message_json(message, nested=True)
        return self.service(chat, user or self.owner(chat), pinned_message=shape)

    def add_topic(self, chat: Chat, name: str, user: User | None = None) -> int:
        """Open a topic in a forum; its thread id."""
        created = {"name": name, "icon_color": 7322096}
        number = self.next_message_id(chat)
        chat.topics[number] = Topic(number, name)
        message = Message(
            number, chat, self.now(), user or self.owner(chat), thread=number, topic=True
        )
        message.content["forum_topic_created"] = created
        self.put_message(message)
        return number

    def request_join(self, chat: Chat, user: User) -> None:
        """Ask to be let in; the bot hears of it when it may invite."""
        chat.requests.add(user.id)
        shape: JSON = {"chat": shapes.chat_json(chat), "from": shapes.user_json(user)}
        if self.bot_leads(chat):
            self.emit("chat_join_request", shape | {"date": self.now(), "user_chat_id": user.id})

    def migrate(self, chat: Chat) -> Chat:
        """Upgrade a basic group: the supergroup that follows it, under a new id."""
        new = Chat(
            self.next_chat_id(True), "supergroup", chat.title, permissions=open_permissions()
        )
        new.members = {number: copy(member) for number, member in chat.members.items()}
        new.bot_known = chat.bot_known
        self.chats[new.id] = new
        actor = self.owner(chat)
        self.service(chat, actor, migrate_to_chat_id=new.id)
        chat.migrated_to = new.id
        self.service(new, actor, migrate_from_chat_id=chat.id)
        return new
