"""Serving the simulated Telegram over real HTTP, on this machine only."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Generator
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.simulator.api import CutError, answer_call
from bot.simulator.control import SafeHeaders, control_routes
from bot.simulator.errors import ApiError
from bot.simulator.webhook import deliver
from bot.simulator.world import World

HOST = "127.0.0.1"


def create_app(world: World) -> Starlette:
    """The Bot API, its files, the control API and the page, all on one world."""

    async def call(request: Request) -> Response:
        try:
            return await answer_call(world, request)
        except CutError:
            _cut(request)
            return Response(status_code=502)
        except ClientDisconnect:  # the bot was killed in the middle of its call
            return Response(status_code=400)

    async def download(request: Request) -> Response:
        file = next(
            (one for one in world.files.values() if one.path == request.path_params["path"]), None
        )
        if request.path_params["token"] != world.token or file is None:
            return JSONResponse(ApiError(404, "Not Found").body(), 404)
        return Response(file.data, media_type="application/octet-stream")

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        courier = asyncio.create_task(deliver(world))
        yield
        courier.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await courier

    routes = [
        Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", download),
    ]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
    return Starlette(
        routes=[*routes, *control_routes(world)],
        lifespan=lifespan,
        middleware=[hosts, Middleware(SafeHeaders)],
    )


def _cut(request: Request) -> None:
    """Break the connection under a request, as a dead line does."""
    server: uvicorn.Server | None = getattr(request.app.state, "server", None)
    for connection in list(server.server_state.connections) if server else []:
        if getattr(connection, "client", None) == request.scope["client"]:
            connection.transport.abort()


class _Server(uvicorn.Server):
    """uvicorn that leaves the signals to whoever owns the process, and stops at once."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.stopping = asyncio.Event()

    async def main_loop(self) -> None:
        """Sleep until told to stop, where uvicorn would look ten times a second."""
        await self.stopping.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class Simulator:
    """`async with Simulator(world) as telegram:` serves until the block ends.

    `base_url` and `base_file_url` are what python-telegram-bot's builder takes.
    """

    def __init__(self, world: World | None = None, *, port: int = 0) -> None:
        self.world = world or World()
        self.port = port
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.token

    @property
    def page_url(self) -> str:
        """Where a visitor's browser goes."""
        return f"http://{HOST}:{self.port}/"

    @property
    def base_url(self) -> str:
        """What stands before the token in a call."""
        return f"http://{HOST}:{self.port}/bot"

    @property
    def base_file_url(self) -> str:
        """What stands before the token in a download."""
        return f"http://{HOST}:{self.port}/file/bot"

    async def __aenter__(self) -> Self:
        app = create_app(self.world)
        sock = socket.create_server((HOST, self.port))
        self.port = sock.getsockname()[1]
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=2,
            lifespan="on",
        )
        self._server = app.state.server = _Server(config)
        self.world.closing = False
        self._task = asyncio.create_task(self._server.serve(sockets=[sock]))
        while not self._server.started and not self._task.done():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.world.closing = True
        self.world.changes.mark()
        assert self._server is not None
        assert self._task is not None
        self._server.should_exit = True
        self._server.stopping.set()
        await self._task
