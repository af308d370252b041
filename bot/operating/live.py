"""`qunhu doctor --live`: asks the running bot and Telegram how it goes; a remedy for each red."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import telegram
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from telegram.error import InvalidToken, TelegramError

from bot.operating.doctor import Result, look_at_telegram, print_results
from bot.settings import Settings, load_settings
from moderation.errors import ConfigError

PATIENCE = 5.0
UNANSWERED = {"imminent": 600.0, "ideation": 3600.0}
"""Seconds after which somebody in danger has waited too long for a human; as in the alert rules."""
BEHIND = {"crisis": 60.0}
BEHIND_ELSE = 900.0
INBOX_BEHIND = 120.0
SILENT = 300.0
WAITING_AT_TELEGRAM = 100
RECENT = timedelta(minutes=10)
START = "start it: `qunhu run`, `docker compose up -d` or your supervisor; then read its log"

Samples = dict[tuple[str, str], float]
"""Value by name and the value of the first label."""


async def examine_live(console: Console) -> int:
    """Ask and print; the exit code is 1 if something must be mended."""
    try:
        settings = load_settings()
    except ConfigError as error:
        print_results(console, [Result("settings", False, str(error), "set them in .env")])
        return 1
    results = [*await _bot(settings), *await look_at_telegram(settings), await _updates(settings)]
    print_results(console, results)
    return 0 if all(result.good for result in results) else 1


async def _bot(settings: Settings) -> list[Result]:
    """What the running bot says of itself."""
    if not settings.http_port:
        remedy = "set QUNHU_HTTP_PORT, or use the log alone"
        return [Result("running bot", False, "its pages are turned off", remedy)]
    async with _pages(settings) as pages:
        try:
            health, ready = await pages.get("/healthz"), await pages.get("/readyz")
            counted = await pages.get("/metrics")
        except httpx.HTTPError as error:
            where = str(pages.base_url).rstrip("/")
            found = f"{where} does not answer ({type(error).__name__})"
            return [Result("running bot", False, found, START)]
    state = ready.json()
    return [
        Result("running bot", health.status_code == 200, health.text.strip(), START),
        _ready(state.get("trouble")),
        _degraded(state.get("degraded")),
        *judged(read_samples(counted.text)),
    ]


@asynccontextmanager
async def _pages(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    host = settings.http_listen
    host = "127.0.0.1" if host in {"0.0.0.0", "::"} else host
    url = f"http://{host}:{settings.http_port}"
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) as client:
        yield client


def read_samples(text: str) -> Samples:
    """What /metrics holds of ours."""
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("qunhu_")
    }


def judged(samples: Samples) -> Iterable[Result]:
    """Whether people and messages wait too long, and whether Telegram is heard."""
    for level, longest in UNANSWERED.items():
        age = samples.get(("qunhu_unanswered_seconds", level), 0.0)
        found = f"the oldest waits {_long(age)}" if age else "nobody waits"
        remedy = "ring your counselors yourself, then look at /oncall"
        yield Result(f"unanswered: {level}", age <= longest, found, remedy)
    age = samples.get(("qunhu_inbox_age_seconds", ""), 0.0)
    waiting = samples.get(("qunhu_inbox_waiting", ""), 0.0)
    remedy = "look at the machine's load; more cores, or QUNHU_THREADS"
    found = f"{waiting:.0f} waiting, the oldest {_long(age)}"
    yield Result("to be judged", age <= INBOX_BEHIND, found, remedy)
    for (name, lane), age in sorted(samples.items()):
        if name == "qunhu_outbox_age_seconds" and age > BEHIND.get(lane, BEHIND_ELSE):
            remedy = "look for retry and refused in the log; Telegram's limits pass by themselves"
            yield Result(f"to go out: {lane}", False, f"the oldest waits {_long(age)}", remedy)
    silence = samples.get(("qunhu_telegram_silence_seconds", ""), 0.0)
    remedy = "check network, HTTPS_PROXY and DNS of the bot's machine"
    yield Result("hears Telegram", silence <= SILENT, f"{_long(silence)} ago", remedy)


async def _updates(settings: Settings) -> Result:
    """What Telegram says of the way by which updates reach us."""
    bot = telegram.Bot(settings.bot_token.get_secret_value(), base_url=settings.api_base_url)
    try:
        hook = await bot.get_webhook_info()
    except InvalidToken:
        return Result("updates", False, "the token is refused", "ask BotFather: /mybots, API Token")
    except TelegramError as error:
        found = f"cannot be asked ({type(error).__name__})"
        return Result("updates", False, found, "check network, HTTPS_PROXY, QUNHU_API_BASE_URL")
    finally:
        for request in bot._request:
            await request.shutdown()
    return judge_updates(hook, settings.webhook_url)


def judge_updates(hook: telegram.WebhookInfo, wanted: str | None) -> Result:
    """Whether updates come the way they are meant to, and none pile up."""
    if (hook.url or "") != (wanted or ""):
        how = "polls, but a webhook is set at Telegram" if not wanted else "another webhook is set"
        return Result("updates", False, how, "start the bot again: it puts this right by itself")
    last = hook.last_error_date
    if wanted and last is not None and datetime.now(UTC) - last < RECENT:
        found = f"Telegram cannot reach the webhook: {hook.last_error_message}"
        return Result("updates", False, found, "see that the address is reachable from outside")
    waiting = hook.pending_update_count
    remedy = "is the bot running, and only once? Telegram keeps updates for 24 hours"
    found = f"{waiting} wait at Telegram"
    return Result("updates", waiting <= WAITING_AT_TELEGRAM, found, remedy)


def _ready(trouble: str | None) -> Result:
    return Result("database", not trouble, trouble or "answers", "see the log; `qunhu doctor`")


def _degraded(why: str | None) -> Result:
    return Result("degraded", not why, why or "no: all parts work", "run `qunhu doctor`")


def _long(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
