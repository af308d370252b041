"""A community's own pages, added and taken away in a private chat by those who may."""

from __future__ import annotations

import telegram
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes, filters

from bot import words
from bot.advice.library import gather_pages, shelf_of
from bot.advice.pageform import FormError, empty_form, is_form, read_form
from bot.advice.pages import message, page_payload
from bot.members.answers import answer
from bot.papers.entries import today_of
from bot.services import Services, services_of
from bot.taps import STAFF, Tap, acknowledge, moderators_sit_in, show, tap_of
from bot.words import reading
from moderation.storage import Transaction, pages, people
from resources import Page, ResourceError, check_page, read_written_page

COMMANDS = ("addpage", "droppage")
PATTERN = "^pf:"
MOST_PROBLEMS = 12
IN_CHAT = {"creator", "administrator", "member"}


class _Filled(filters.MessageFilter):
    """The form, filled in, in a private chat."""

    def filter(self, message: telegram.Message) -> bool:
        return message.chat.type == "private" and is_form(message.text or "")


FILLED = _Filled()


async def on_command(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/addpage shows the form, /droppage ID takes a page of the community's own away."""
    services, source = services_of(context), update.effective_message
    if source is None or source.from_user is None:
        return
    user, chat_id = source.from_user, source.chat.id
    allowed = await _may_edit(services, context.bot, user.id, chat_id)
    command, _, rest = (source.text or "").removeprefix("/").partition(" ")
    dropped = False
    async with services.work(update) as tx:
        if not allowed:
            said = reading.FORM_NOT_YOURS
        elif command.startswith("addpage"):
            said = f"{reading.FORM_HOW}\n\n{empty_form()}"
        else:
            actor = tx.sealer.hash_id(user.id)
            dropped = await pages.drop_page(tx, rest.strip(), actor)
            said = reading.FORM_DROPPED if dropped else reading.FORM_NOTHING
        await answer(tx, chat_id, None, {"text": said}, f"form:{update.update_id}")
    if dropped:
        await gather_pages(services)


async def on_form(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """What was filled in: all that is wrong with it, or how it would look and a button."""
    services, source = services_of(context), update.effective_message
    if source is None or source.from_user is None:
        return
    allowed = await _may_edit(services, context.bot, source.from_user.id, source.chat.id)
    async with services.work(update) as tx:
        replies: list[dict[str, object]] = [{"text": reading.FORM_NOT_YOURS}]
        if allowed:
            replies = await _looked_at(services, tx, source.from_user.id, source.text or "")
        for number, payload in enumerate(replies):
            await answer(tx, source.chat.id, None, payload, f"form:{update.update_id}:{number}")


async def on_tap(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """«放上去»: the page is up from now on, with the name of who put it there."""
    services, tap = services_of(context), tap_of(update)
    if tap is None:
        return
    allowed = await _may_edit(services, context.bot, tap.user.id, tap.chat_id)
    async with services.work(update) as tx:
        said = words.NOT_FOR_YOU
        if allowed and tap.private and len(tap.args) == 1:
            said = await _publish(tx, tap, tap.args[0])
        await acknowledge(tx, tap, said)
    if allowed:
        await gather_pages(services)


async def _looked_at(
    services: Services, tx: Transaction, user_id: int, text: str
) -> list[dict[str, object]]:
    try:
        page_id, written = read_form(text, today_of(services, tx))
        page = read_written_page(page_id, written)
        problems = [problem.text for problem in check_page(page)]
    except FormError as error:
        problems = error.problems
    except ResourceError as error:
        problems = [str(error)]
    if problems:
        listed = "\n".join(f"· {problem}" for problem in problems[:MOST_PROBLEMS])
        return [{"text": reading.FORM_PROBLEMS.format(problems=listed)}]
    await pages.keep_draft(tx, user_id, page_id, written)
    return [await _preview(services, tx, page), _button(page)]


async def _preview(services: Services, tx: Transaction, page: Page) -> dict[str, object]:
    payload = page_payload(await shelf_of(services, tx), page)
    assert payload is not None
    return {**payload, "reply_markup": {"inline_keyboard": []}}


def _button(page: Page) -> dict[str, object]:
    row = [{"text": reading.BUTTON_PUBLISH, "callback_data": f"pf:{page.id}"}]
    return message(reading.FORM_PREVIEW, [row])


async def _publish(tx: Transaction, tap: Tap, page_id: str) -> str:
    written = await pages.take_draft(tx, tap.user.id, page_id)
    if written is None:
        return reading.FORM_LATE
    page = read_written_page(page_id, written)
    await pages.keep_page(tx, page_id, written, tx.sealer.hash_id(tap.user.id))
    await pages.approve(tx, page_id, page.fingerprint, tap.user.full_name)
    said = reading.FORM_PUBLISHED.format(page=page_id)
    await show(tx, tap, {"text": said})
    return ""


async def _may_edit(services: Services, bot: telegram.Bot, user_id: int, chat_id: int) -> bool:
    """Who sits in a moderators' chat; in private whoever holds a role or is a member of it."""
    async with services.database.reading() as tx:
        if await moderators_sit_in(services, tx, chat_id):
            return True
        if chat_id != user_id:
            return False
        if await people.roles_of(tx, user_id) & STAFF:
            return True
    moderators = services.alerts.calls.moderator_chat
    if moderators is None:
        return False
    try:
        member = await bot.get_chat_member(moderators, user_id)
    except TelegramError:
        return False
    return member.status in IN_CHAT
