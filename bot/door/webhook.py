"""The door for updates that Telegram brings: a secret, a size, a time; nothing else is let in."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot import metrics
from bot.door.reception import readable
from bot.door.shapes import JSON

log = structlog.get_logger()

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MOST_BYTES = 1 << 20
"""An update of Telegram is far smaller."""
UPDATES = "Telegram's updates: {why}. Set QUNHU_WEBHOOK_PORT to a free port."
WEBHOOK_AT_ONCE = 128
"""Telegram opens at most 100 connections."""
SLOWEST = 20.0
"""Seconds in which a body must be here."""

Take = Callable[[JSON], Awaitable[None]]


def make_webhook(path: str, secret: str, take: Take) -> Starlette:
    """An app whose one route hands updates to `take` and answers 200 once that has returned."""

    async def receive(request: Request) -> Response:
        refusal = _refusal(request, secret)
        if refusal is not None:
            metrics.ERRORS.labels("webhook").inc()
            log.warning("webhook_refused", status=int(refusal))
            return _closing(refusal)
        try:
            async with asyncio.timeout(SLOWEST):
                body = await _body(request)
        except (TimeoutError, ClientDisconnect):
            return _closing(HTTPStatus.REQUEST_TIMEOUT)
        if body is None:
            return _closing(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            item = readable(json.loads(body))
        except (ValueError, RecursionError):
            return _closing(HTTPStatus.BAD_REQUEST)
        if item is not None:
            await take(item)
        return Response(status_code=HTTPStatus.OK)

    return Starlette(routes=[Route(path, receive, methods=["POST"])])


def _refusal(request: Request, secret: str) -> HTTPStatus | None:
    """Why a request is turned away before anything of it is read."""
    given = request.headers.get(SECRET_HEADER, "")
    if not hmac.compare_digest(given.encode("latin-1"), secret.encode("latin-1")):
        return HTTPStatus.FORBIDDEN
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:12]) > MOST_BYTES:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return None


async def _body(request: Request) -> bytes | None:
    """The body; None as soon as it is too large, whatever its header promised."""
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > MOST_BYTES:
            return None
    return bytes(found)


def _closing(status: HTTPStatus) -> Response:
    return Response(status_code=status, headers={"Connection": "close"})
