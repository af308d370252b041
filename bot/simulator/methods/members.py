"""Methods about who is in a chat and what they may do."""

from bot.simulator import telegram_json as shapes
from bot.simulator.errors import bad_request
from bot.simulator.methods.lookup import bot_may, find_chat, find_member, need_admin, reach_chat
from bot.simulator.methods.registry import method
from bot.simulator.params import Params
from bot.simulator.records import JSON, Chat, Member, Status
from bot.simulator.rights import ADMIN_RIGHTS, BOSSES, PERMISSIONS, PRESENT
from bot.simulator.world import World

NO_RIGHT = "not enough rights to restrict/unrestrict chat member"


@method
def get_chat_member(world: World, params: Params) -> JSON:
    """One person's standing."""
    chat = reach_chat(world, params)
    return shapes.member_json(find_member(world, chat, params), editable=_editable(world, chat))


def _editable(world: World, chat: Chat) -> bool:
    return bot_may(world, chat, "can_promote_members")


@method
def get_chat_administrators(world: World, params: Params) -> list[JSON]:
    """The admins, other bots left out."""
    chat = reach_chat(world, params)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    bosses = [one for one in chat.members.values() if one.status in BOSSES]
    return [
        shapes.member_json(one) for one in bosses if not one.user.is_bot or one.user is world.bot
    ]


@method
def get_chat_member_count(world: World, params: Params) -> int:
    """How many are in the chat, the bot included."""
    chat = reach_chat(world, params)
    return 2 if chat.kind == "private" else len(chat.present())


def _target(world: World, params: Params) -> tuple[Chat, Member]:
    """A person the bot may act against, in a group where it may do so."""
    chat = reach_chat(world, params)
    need_admin(world, chat, "can_restrict_members", NO_RIGHT)
    member = find_member(world, chat, params)
    if member.user is world.bot:
        raise bad_request("can't restrict self")
    if member.status == "creator":
        raise bad_request("can't remove chat owner")
    if member.status == "administrator":
        raise bad_request("user is an administrator of the chat")
    return chat, member


@method
def restrict_chat_member(world: World, params: Params) -> bool:
    """Take rights from a member, or give all back."""
    chat = reach_chat(world, params)
    if chat.kind != "supergroup":
        raise bad_request("method is available only for supergroups")
    chat, member = _target(world, params)
    rights: dict[str, bool] = params.json("permissions") or {}
    free = all(rights.get(name) for name in PERMISSIONS if chat.permissions.get(name))
    status: Status = "member" if free else "restricted"
    until = params.integer("until_date")
    there = {} if member.present else {"is_member": False}
    world.set_member(
        chat, Member(member.user, status, {} if free else rights | there, until=until), world.bot
    )
    return True


@method
def ban_chat_member(world: World, params: Params) -> bool:
    """Put somebody out for good, or until a date."""
    chat, member = _target(world, params)
    was_there = member.present
    banned = Member(member.user, "kicked", until=params.integer("until_date"))
    world.set_member(chat, banned, world.bot)
    if was_there:
        shape = shapes.user_json(member.user)
        world.service(chat, world.bot, left_chat_member=shape, left_chat_participant=shape)
    return True


@method
def unban_chat_member(world: World, params: Params) -> bool:
    """Let somebody come back; one who is in the chat is put out unless only_if_banned."""
    chat, member = _target(world, params)
    if params.flag("only_if_banned") and member.status != "kicked":
        return True
    world.set_member(chat, Member(member.user, "left"), world.bot)
    return True


@method
def ban_chat_sender_chat(world: World, params: Params) -> bool:
    """Stop a channel's owner from speaking in its name."""
    chat = reach_chat(world, params)
    need_admin(world, chat, "can_restrict_members", NO_RIGHT)
    chat.banned_identities.add(find_chat(world, params, "sender_chat_id").id)
    return True


@method
def unban_chat_sender_chat(world: World, params: Params) -> bool:
    """Let a channel speak again."""
    chat = reach_chat(world, params)
    need_admin(world, chat, "can_restrict_members", NO_RIGHT)
    chat.banned_identities.discard(find_chat(world, params, "sender_chat_id").id)
    return True


@method
def promote_chat_member(world: World, params: Params) -> bool:
    """Make somebody an admin, or with no rights a plain member again."""
    chat = reach_chat(world, params)
    need_admin(world, chat, "can_promote_members", "not enough rights")
    member = find_member(world, chat, params)
    if member.status not in PRESENT:
        raise bad_request("USER_NOT_PARTICIPANT")
    rights = {name: params.flag(name) for name in ADMIN_RIGHTS}
    status: Status = "administrator" if any(rights.values()) else "member"
    world.set_member(
        chat, Member(member.user, status, rights, params.flag("is_anonymous")), world.bot
    )
    return True


@method
def set_chat_permissions(world: World, params: Params) -> bool:
    """What plain members may do."""
    chat = reach_chat(world, params)
    need_admin(world, chat, "can_restrict_members", "not enough rights to change chat permissions")
    chat.permissions = dict.fromkeys(PERMISSIONS, False) | (params.json("permissions") or {})
    world.changes.mark()
    return True


@method
def approve_chat_join_request(world: World, params: Params) -> bool:
    """Let somebody in who asked."""
    chat, member = _asked(world, params)
    world.set_member(chat, Member(member.user), world.bot)
    shape = shapes.user_json(member.user)
    world.service(
        chat,
        member.user,
        new_chat_members=[shape],
        new_chat_member=shape,
        new_chat_participant=shape,
    )
    return True


@method
def decline_chat_join_request(world: World, params: Params) -> bool:
    """Turn somebody away who asked."""
    _asked(world, params)
    return True


def _asked(world: World, params: Params) -> tuple[Chat, Member]:
    chat = reach_chat(world, params)
    need_admin(world, chat, "can_invite_users", "not enough rights")
    member = find_member(world, chat, params)
    if member.user.id not in chat.requests:
        raise bad_request("HIDE_REQUESTER_MISSING")
    chat.requests.discard(member.user.id)
    return chat, member


@method
def leave_chat(world: World, params: Params) -> bool:
    """The bot goes."""
    chat = reach_chat(world, params)
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    world.set_member(chat, Member(world.bot, "left"), world.bot)
    return True


@method
def get_chat(world: World, params: Params) -> JSON:
    """Everything about a chat."""
    chat = find_chat(world, params)
    if chat.kind != "private":
        reach_chat(world, params)
    return shapes.chat_full_json(chat)
