"""The composition root: the one place that builds every object, and runs them until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog
import telegram
from telegram import Update
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.ext import Application

from bot import heaps, metrics
from bot.advice.library import read_pages, shelf_of
from bot.alerting.alerts import Alerts
from bot.alerting.calls import Calls
from bot.alerting.contact import Contact
from bot.alerting.phone import Phone
from bot.clockwork import wind
from bot.door.inbox import DurableQueue
from bot.door.ordering import ChatOrder
from bot.door.webhook import UPDATES, WEBHOOK_AT_ONCE, make_webhook
from bot.greeting import greet
from bot.handlers import App, add_handlers
from bot.hearing.classifiers import Loaded
from bot.hearing.modelworker import working_model
from bot.hearing.recent import Recent
from bot.hearing.scorer import InThread, Model, Scorer
from bot.members.kindness import Kindness
from bot.operating.http import make_app, serving
from bot.operating.keys import load_key, sealer_of
from bot.operating.modes import LOOK_SECONDS, Watch
from bot.operating.pulse import DEAF_AFTER, FETCHING, POLLING, ListeningRequest, Pulse
from bot.sending.outbox import OutboxRunner
from bot.sending.performers import DryRunPerformer, LivePerformer, Performer
from bot.sending.refusals import Refusals
from bot.services import SERVICES, Services
from bot.settings import Settings
from bot.staff.acting import Acting
from bot.ticks import Ticks
from bot.wallclock import WallClock, utc_now
from migrations import upgrade
from moderation.errors import ConfigError
from moderation.look import Look
from moderation.ports import Clock
from moderation.safewords import SafeWords
from moderation.storage import Database, open_database, sweeping
from moderation.storage.database import held
from resources import Catalogue

log = structlog.get_logger()

ALLOWED_UPDATES = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.CHAT_MEMBER,
]
HELLO_PAUSES = (1, 2, 5, 10, 30)
LOOK_EVERY = 30.0
STOP_SECONDS = 30.0


@dataclass
class Qunhu:
    """A built bot."""

    application: App
    queue: DurableQueue
    services: Services
    pulse: Pulse
    clock: WallClock


@contextlib.asynccontextmanager
async def built(
    settings: Settings,
    *,
    loaded: Loaded | None = None,
    clock: Clock = utc_now,
    steady: Callable[[], float] = time.monotonic,
    dry_run: bool = False,
) -> AsyncIterator[Qunhu]:
    """A bot with everything open; closes it at the end. `steady` goes on as `clock` is meant to."""
    wall = WallClock(clock, steady)
    key, made = load_key(settings)
    if made:
        log.warning("key_made", file=str(settings.key_file), advice="keep a copy of it elsewhere")
    database = open_database(settings.database, sealer_of(settings, key), wall)
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(held(settings.database))
        stack.push_async_callback(database.close)
        await database.look_over()
        await upgrade(database)
        await database.check_key()
        erased = await sweeping.sweep(database)
        if erased:
            log.warning("erased_after_restore", rows=erased)
        look = Look.load(SafeWords.load())
        queue = DurableQueue(database, look.urgency)
        order = ChatOrder(database, queue, settings.moderator_chat)
        pulse = Pulse()
        metrics.SILENCE.set_function(pulse.silence)
        application = (
            Application.builder()
            .token(settings.bot_token.get_secret_value())
            .base_url(settings.api_base_url)
            .base_file_url(settings.api_base_url.replace("/bot", "/file/bot"))
            .update_queue(queue)
            .concurrent_updates(order)
            .connection_pool_size(64)
            .get_updates_request(ListeningRequest(pulse.heard, queue.keep))
            .build()
        )
        add_handlers(application, order)
        await _say_hello(application)
        stack.push_async_callback(application.shutdown)
        recent = Recent(wall, ZoneInfo(settings.timezone))
        live = LivePerformer(application.bot, recent, _phone(settings))
        performer: Performer = DryRunPerformer() if dry_run else live
        keep = functools.partial(_kept_running, pulse=pulse)
        model: Model = (
            InThread(loaded)
            if loaded is not None
            else await stack.enter_async_context(
                working_model(settings.model, settings.threads, look.safewords, keep)
            )
        )
        scorer = Scorer(model, look)
        catalogue = await read_pages(database, settings.resources)
        services = _services(
            settings,
            database,
            application,
            performer,
            scorer,
            catalogue,
            wall,
            steady,
            recent,
            order.finished,
        )
        application.bot_data[SERVICES] = services
        yield Qunhu(application, queue, services, pulse, wall)


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    *,
    loaded: Loaded | None = None,
    clock: Clock = utc_now,
    steady: Callable[[], float] = time.monotonic,
    dry_run: bool = False,
) -> AsyncIterator[Qunhu]:
    """A bot at work: receives, judges, delivers; stops in order at the end."""
    async with (
        built(settings, loaded=loaded, clock=clock, steady=steady, dry_run=dry_run) as qunhu,
        contextlib.AsyncExitStack() as stack,
    ):
        services, application, pulse = qunhu.services, qunhu.application, qunhu.pulse
        await stack.enter_async_context(_kept_running(services.scorer.run, "scorer", pulse))
        if settings.http_port:
            app = make_app(services, pulse.trouble)
            await stack.enter_async_context(serving(app, settings.http_listen, settings.http_port))
        await greet(application, services)
        await stack.enter_async_context(_kept_running(services.outbox.run, "outbox", pulse))
        stack.push_async_callback(services.outbox.drain)
        ticks = Ticks(services)
        wind(ticks, qunhu.clock)
        watch = Watch(services, pulse.silence, qunhu.clock.unsettled)
        await watch.recall()
        ticks.every(LOOK_SECONDS, lambda _services: watch.look())
        await stack.enter_async_context(_kept_running(ticks.run, "clockwork", pulse))
        unfinished = await qunhu.queue.replay(application.bot)
        await pulse.watch_new(application.start(), FETCHING)
        stack.push_async_callback(_ended, application.stop)
        pulse.heard()
        if settings.webhook_url is None:
            await pulse.watch_new(_poll(application), POLLING)
            assert application.updater is not None
            stack.push_async_callback(_ended, application.updater.stop)
        else:
            await stack.enter_async_context(_webhook(qunhu, settings, settings.webhook_url))
            look = functools.partial(_look_at_webhook, application, settings.webhook_url, pulse)
            await stack.enter_async_context(_kept_running(look, "webhook", pulse))
        log.info("running", bot=services.bot_username, replayed=unfinished)
        yield qunhu


async def run(
    settings: Settings,
    stop: asyncio.Event,
    *,
    loaded: Loaded | None = None,
    clock: Clock = utc_now,
    dry_run: bool = False,
) -> None:
    """Run until `stop` is set; QunhuError if a part without which nothing works has ended."""
    heaps.keep_few()
    async with running(settings, loaded=loaded, clock=clock, dry_run=dry_run) as qunhu:
        heaps.set_aside()
        await until(stop, qunhu.pulse)
        log.info("stopping")


async def until(stop: asyncio.Event, pulse: Pulse) -> None:
    """Wait for `stop`; QunhuError if a watched part ends before."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({stopping, *pulse.parts}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not stop.is_set():
        raise pulse.ended()


def _services(
    settings: Settings,
    database: Database,
    application: App,
    performer: Performer,
    scorer: Scorer,
    catalogue: Catalogue,
    clock: Clock,
    steady: Callable[[], float],
    recent: Recent,
    finished: set[int],
) -> Services:
    me = application.bot
    calls = Calls(
        moderator_chat=settings.moderator_chat,
        zone=ZoneInfo(settings.timezone),
        ack_imminent=timedelta(minutes=settings.ack_imminent_minutes),
        ack_ideation=timedelta(minutes=settings.ack_ideation_minutes),
        moderator_topic=settings.moderator_topic,
        has_phone=settings.phone_url is not None,
    )
    contact = Contact(
        calls,
        within_imminent=timedelta(minutes=settings.contact_imminent_minutes),
        within_ideation=timedelta(minutes=settings.contact_ideation_minutes),
    )
    take_back = timedelta(seconds=settings.take_back_seconds)
    acting = Acting(calls, lambda tx: shelf_of(services, tx), me.username, take_back)
    follow = Refusals(calls, acting)
    services = Services(
        settings=settings,
        database=database,
        scorer=scorer,
        catalogue=catalogue,
        alerts=Alerts(calls, Kindness(me.username), contact, recent),
        acting=acting,
        recent=recent,
        outbox=OutboxRunner(
            database, performer, follow, clock, settings.script, follow.sent, steady
        ),
        clock=clock,
        bot_id=me.id,
        bot_username=me.username,
        reads_all=me.can_read_all_group_messages,
        finished=finished,
    )
    return services


def _phone(settings: Settings) -> Phone | None:
    if settings.phone_url is None or settings.phone_secret is None:
        return None
    return Phone(settings.phone_url, settings.phone_secret.get_secret_value())


async def _say_hello(application: App) -> None:
    """Learn who the bot is; waits out a network that is down, refuses a wrong token."""
    for pause in (*HELLO_PAUSES, None):
        try:
            await application.initialize()
            return
        except (InvalidToken, Forbidden):
            raise ConfigError(
                "QUNHU_BOT_TOKEN was refused by Telegram. Ask BotFather for the token of your bot "
                "(/mybots, API Token) and set it again."
            ) from None
        except NetworkError as error:
            if pause is None:
                raise ConfigError(
                    "Telegram cannot be reached. Check the network (in mainland China a proxy is "
                    "needed: set HTTPS_PROXY) and QUNHU_API_BASE_URL, then start again; updates "
                    "wait at Telegram for 24 hours."
                ) from None
            log.warning("telegram_unreachable", error=type(error).__name__, again_in=pause)
            await asyncio.sleep(pause)


async def _poll(application: App) -> None:
    assert application.updater is not None
    await application.updater.start_polling(
        allowed_updates=ALLOWED_UPDATES, bootstrap_retries=-1, drop_pending_updates=False
    )


@contextlib.asynccontextmanager
async def _webhook(qunhu: Qunhu, settings: Settings, url: str) -> AsyncIterator[None]:
    """A door that is open, and Telegram told where it is; a network that is down is waited out."""
    assert settings.webhook_secret is not None
    secret, bot = settings.webhook_secret.get_secret_value(), qunhu.application.bot

    async def take(item: dict[str, Any]) -> None:
        await qunhu.queue.put(Update.de_json(item, bot))

    door = make_webhook(urlsplit(url).path or "/", secret, take)
    listen, port = settings.webhook_listen, settings.webhook_port
    async with serving(door, listen, port, UPDATES, WEBHOOK_AT_ONCE):
        for pause in itertools.chain(HELLO_PAUSES, itertools.repeat(HELLO_PAUSES[-1])):
            try:
                await bot.set_webhook(url, allowed_updates=ALLOWED_UPDATES, secret_token=secret)
                break
            except NetworkError as error:
                if isinstance(error, BadRequest):
                    raise ConfigError(
                        f"Telegram does not take QUNHU_WEBHOOK_URL: {error.message}. It wants a "
                        "public https address on port 443, 80, 88 or 8443."
                    ) from None
                log.warning("webhook_not_set", error=type(error).__name__, again_in=pause)
                await asyncio.sleep(pause)
        yield


async def _look_at_webhook(application: App, url: str, pulse: Pulse) -> None:
    """Quiet nights bring no calls, so ask Telegram itself whether it reaches us."""
    while True:
        with contextlib.suppress(TelegramError):
            info = await application.bot.get_webhook_info()
            if info.url == url and not _undelivered(info):
                pulse.heard()
        await asyncio.sleep(LOOK_EVERY)


def _undelivered(info: telegram.WebhookInfo) -> bool:
    """Whether updates wait that could not be brought to us lately."""
    failed = info.last_error_date
    lately = failed is not None and (utc_now() - failed).total_seconds() < DEAF_AFTER
    return bool(info.pending_update_count) and lately


@contextlib.asynccontextmanager
async def _kept_running(
    work: Callable[[], Awaitable[None]], name: str, pulse: Pulse
) -> AsyncIterator[None]:
    """Work that runs beside the rest until the end; if it crashes it starts again."""
    task = asyncio.create_task(pulse.keep(work, name), name=name)
    pulse.watch(task, name)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _ended(stop: Callable[[], Awaitable[None]]) -> None:
    """Stop a part of PTB; one that is dead or stuck must not keep the rest from stopping."""
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await stop()
    except Exception as error:
        log.warning("stopped_badly", error=type(error).__name__)
