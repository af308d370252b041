"""Logs: one line an event, ids only; never a message's text, never the token."""

from __future__ import annotations

import logging
import re
import sys

import structlog

TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{8,}")
SENTENCE = re.compile(r"[A-Za-z ,:'-]{0,80}(?:\b[0-9]{3}$)?")
"""What Telegram or a channel says by itself; quotes, other letters and numbers but a status come from what was sent."""
QUIET = ("httpx", "httpcore", "apscheduler", "telegram", "uvicorn", "alembic", "asyncio")
"""Their INFO lines hold the Bot API's address, which holds the token."""


def set_up(style: str, level: int = logging.INFO) -> None:
    """Log to stderr as text or JSON; other libraries speak only of trouble."""
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram.ext.Updater").setLevel(logging.CRITICAL)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_PlainFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if style == "text":
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_values,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_to_stderr,
    )


def _to_stderr(*_: object) -> structlog.PrintLogger:
    """Wherever standard error goes at the moment of the event."""
    return structlog.PrintLogger(sys.stderr)


class _PlainFormatter(logging.Formatter):
    """What other libraries log: of an exception only its kind and place, no token anywhere."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        error = record.exc_info[1] if record.exc_info else None
        after = f" ({type(error).__name__} at {_place(error)})" if error is not None else ""
        text = TOKEN.sub("…", _without_words(record)).splitlines()
        return f"{record.levelname.lower()} {record.name}: {text[0] if text else ''}{after}"


def _without_words(record: logging.LogRecord) -> str:
    """The library's own sentence; of what it would put in only numbers: the rest may be a member's."""
    said = str(record.msg)
    if not isinstance(record.args, tuple):
        return said
    try:
        return said % tuple(a if isinstance(a, int | float) else Withheld() for a in record.args)
    except (TypeError, ValueError):
        return said


class Withheld:
    """Stands for what is not told."""

    def __repr__(self) -> str:
        return "…"


def without_values(
    _logger: object, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Of an exception keep its kind and place: its text may hold a message or an address."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["at"] = _place(error)
    if "why" in event:
        event["why"] = sentence(str(event["why"]))
    return event


def sentence(why: str) -> str:
    """The beginning of a refusal, as far as it holds nothing of what was refused."""
    found = SENTENCE.match(why)
    return found[0].strip() if found is not None and found[0].strip() else "…"


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "?"
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
