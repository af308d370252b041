"""Pages for the operator: /healthz, /readyz and /metrics."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Generator

import structlog
import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.services import Services
from moderation.errors import ConfigError, StorageError
from moderation.storage import inbox

log = structlog.get_logger()

PAGES = "/healthz and /metrics: {why}. Set QUNHU_HTTP_PORT to a free port, or to 0 to do without."
"""What is served by default, and what to do where its port is taken."""


def make_app(services: Services, trouble: Callable[[], str | None] = lambda: None) -> Starlette:
    """The operator's pages; `trouble` says why the bot should be started again, if it should."""

    async def healthz(_request: Request) -> Response:
        found = trouble()
        return PlainTextResponse(f"{found or 'ok'}\n", status_code=503 if found else 200)

    async def readyz(_request: Request) -> Response:
        trouble = await _trouble(services)
        state = {
            "ready": not trouble,
            "degraded": services.degraded,
            "modes": sorted(services.modes),
            "trouble": trouble,
        }
        return JSONResponse(state, status_code=503 if trouble else 200)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(
        routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
    )


class QuietServer(uvicorn.Server):
    """uvicorn that leaves the signals to whoever owns the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Take none."""
        yield


@contextlib.asynccontextmanager
async def serving(
    app: Starlette, host: str, port: int, what: str = PAGES, at_once: int | None = None
) -> AsyncIterator[int]:
    """Serve in this event loop; yields the port (a free one where 0 was asked).

    Beyond `at_once` open connections further ones are turned away with 503.
    """
    try:
        sock = socket.create_server((host, port))
    except OSError as error:
        raise ConfigError(
            f"Cannot listen on {host}:{port} for {what.format(why=error.strerror)}"
        ) from None
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        limit_concurrency=at_once,
    )
    server = QuietServer(config)
    task = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        yield int(sock.getsockname()[1])
    finally:
        server.should_exit = True
        await task


async def _trouble(services: Services) -> str | None:
    try:
        async with asyncio.timeout(5):
            async with services.database.reading() as tx:
                await inbox.waiting(tx)
    except (StorageError, TimeoutError) as error:
        return str(error) or "the database does not answer"
    return None
