"""Which of a chat's messages reach the bot."""

import re

from bot.simulator.entities import cut
from bot.simulator.records import Chat, Message, User
from bot.simulator.rights import BOSSES

_OWN_SERVICE = frozenset({"pinned_message", "left_chat_member", "new_chat_title"})


def reaches_bot(message: Message, bot: User, reads_all: bool, bots_see_bots: bool) -> bool:
    """Telegram's rule: admins and open bots see all, others what is meant for them."""
    chat = message.chat
    if message.sender is bot:
        return not _OWN_SERVICE.isdisjoint(message.content)
    if chat.kind == "private":
        return True
    member = chat.members.get(bot.id)
    if member is None or not member.present:
        return False
    if message.sender and message.sender.is_bot and not message.sender_chat and not bots_see_bots:
        return message.service
    if message.service or reads_all or chat.kind == "channel" or member.status in BOSSES:
        return True
    return meant_for(message, bot)


def meant_for(message: Message, bot: User) -> bool:
    """Whether a bot in privacy mode is addressed: a command, a reply to it, sent through it."""
    target = message.reply_to
    if message.via_bot is bot or (target and target.sender is bot):
        return True
    commands = [e for e in message.entities if e["type"] == "bot_command"]
    named = [_addressee(cut(message.words, e["offset"], e["length"])) for e in commands]
    if any(name == (bot.username or "").lower() for name in named):
        return True
    return None in named and _last_bot(message.chat) in (None, bot)


def _addressee(command: str) -> str | None:
    match = re.search(r"@(\w+)$", command)
    return match[1].lower() if match else None


def _last_bot(chat: Chat) -> User | None:
    for message in reversed(chat.messages.values()):
        if message.sender and message.sender.is_bot and not message.sender_chat:
            return message.sender
    return None
