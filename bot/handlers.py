"""Who answers which update, in the order in which they are asked."""

from __future__ import annotations

from typing import Any

from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.advice import editing, finding, reading
from bot.care import choices, planchoices, safetyplan
from bot.checkin import taps as checkin
from bot.control import roles, settings
from bot.door.ordering import ChatOrder
from bot.hearing import messages
from bot.learning import digest, feedback
from bot.members import commands, membership, newcomers
from bot.mine import commands as mine
from bot.papers import entries
from bot.papers import taps as paper_taps
from bot.staff import oncall, review

App = Application[Any, Any, Any, Any, Any, Any]

NEW = filters.UpdateType.MESSAGE
EDITED_OR_NEW = NEW | filters.UpdateType.EDITED_MESSAGE
PRIVATE = NEW & filters.ChatType.PRIVATE
CAME_OR_WENT = filters.StatusUpdate.NEW_CHAT_MEMBERS | filters.StatusUpdate.LEFT_CHAT_MEMBER
MOVED = filters.StatusUpdate.MIGRATE
PLAIN = EDITED_OR_NEW & ~filters.StatusUpdate.ALL & ~filters.COMMAND


def add_handlers(application: App, order: ChatOrder) -> None:
    """Every handler; the first that takes an update ends the search."""
    first = EDITED_OR_NEW & filters.COMMAND
    application.add_handler(MessageHandler(first, commands.on_words_of_command), group=-1)
    application.add_handlers(TAPS)
    application.add_handlers(CHANGES)
    application.add_handlers(FORMS)
    application.add_handlers(COMMANDS)
    application.add_handler(MessageHandler(PLAIN, messages.on_message))
    application.add_error_handler(order.on_error)


TAPS = [
    CallbackQueryHandler(choices.on_tap, choices.PATTERN),
    CallbackQueryHandler(planchoices.on_tap, planchoices.PATTERN),
    CallbackQueryHandler(settings.on_tap, settings.PATTERN),
    CallbackQueryHandler(roles.on_tap, roles.PATTERN),
    CallbackQueryHandler(feedback.on_tap, feedback.PATTERN),
    CallbackQueryHandler(paper_taps.on_tap, paper_taps.PATTERN),
    CallbackQueryHandler(checkin.on_tap, checkin.PATTERN),
    CallbackQueryHandler(editing.on_tap, editing.PATTERN),
    CallbackQueryHandler(reading.on_tap, reading.PATTERN),
    CallbackQueryHandler(mine.on_tap, mine.PATTERN),
    CallbackQueryHandler(review.on_tap),
]
CHANGES = [
    ChatMemberHandler(membership.on_my_status, ChatMemberHandler.MY_CHAT_MEMBER),
    ChatMemberHandler(newcomers.on_member, ChatMemberHandler.CHAT_MEMBER),
    MessageHandler(MOVED, membership.on_migrate),
    MessageHandler(CAME_OR_WENT, newcomers.on_service_message),
]
FORMS = [
    MessageHandler(PRIVATE & filters.Regex(safetyplan.LINK), safetyplan.on_command),
    MessageHandler(PLAIN & safetyplan.ANSWERING, safetyplan.on_answer),
    MessageHandler(PRIVATE & filters.Regex(entries.LINK), entries.on_command),
    MessageHandler(PLAIN & entries.ANSWERING, entries.on_answer),
    MessageHandler(PRIVATE & filters.Regex(feedback.LINK), feedback.on_teach),
    MessageHandler(PRIVATE & filters.Regex(mine.LINK), mine.on_command),
    MessageHandler(PRIVATE & filters.Regex(checkin.LINK), checkin.on_command),
    MessageHandler(PRIVATE & filters.Regex(checkin.STOP), checkin.on_stop),
    MessageHandler(NEW & editing.FILLED, editing.on_form),
]
COMMANDS = [
    CommandHandler("start", commands.on_start, NEW),
    CommandHandler("help", commands.on_help, NEW),
    CommandHandler(["rights", "psych"], commands.on_section, NEW),
    CommandHandler(finding.COMMANDS, finding.on_command, NEW),
    CommandHandler("sos", commands.on_sos, NEW),
    CommandHandler("privacy", commands.on_privacy, NEW),
    CommandHandler("report", commands.on_report, NEW),
    CommandHandler("statement", commands.on_statement, NEW),
    CommandHandler(safetyplan.TARGET, safetyplan.on_command, NEW),
    CommandHandler(entries.TARGETS, entries.on_command, NEW),
    CommandHandler(feedback.TARGET, feedback.on_teach, NEW),
    CommandHandler(mine.TARGETS, mine.on_command, NEW),
    CommandHandler(checkin.TARGET, checkin.on_command, NEW),
    CommandHandler(editing.COMMANDS, editing.on_command, NEW),
    CommandHandler("oncall", oncall.on_oncall, NEW),
    CommandHandler("settings", settings.on_command, NEW),
    CommandHandler("stats", digest.on_stats, NEW),
    CommandHandler("roles", roles.on_roles, NEW),
    CommandHandler("grant", roles.on_grant, NEW),
    CommandHandler("revoke", roles.on_revoke, NEW),
]
