"""The page and the control API behind it, at /sim/…; both for this machine's visitors only."""

import asyncio
import inspect
import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlparse

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.simulator.acts import ACTS
from bot.simulator.errors import SimulatorError
from bot.simulator.view import state_view
from bot.simulator.world import World

PAGE = Path(__file__).parent / "page"
BREATH = 0.06  # seconds over which changes are gathered into one event
PULSE = 15.0  # seconds between signs of life on a quiet stream
PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self';"
    " img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def control_routes(world: World) -> list[BaseRoute]:
    """Routes for the page, its state, its stream of changes and its acts."""

    async def index(_request: Request) -> Response:
        return FileResponse(PAGE / "index.html")

    async def state(request: Request) -> Response:
        wanted = [int(one) for one in request.query_params.getlist("chat") if _whole(one)]
        return JSONResponse(state_view(world, wanted))

    async def events(_request: Request) -> Response:
        return StreamingResponse(_stream(world), media_type="text/event-stream")

    async def perform(request: Request) -> Response:
        return await _perform(world, request)

    async def picture(request: Request) -> Response:
        file = world.files.get(request.path_params["file_id"])
        kind = _picture_type(file.data) if file else None
        if file is None or kind is None:
            return Response(status_code=404)
        return Response(file.data, media_type=kind)

    return [
        Route("/", index),
        Route("/sim/state", state),
        Route("/sim/events", events),
        Route("/sim/pictures/{file_id}", picture),
        Route("/sim/{act}", perform, methods=["POST"]),
        Mount("/page", StaticFiles(directory=PAGE)),
    ]


async def _perform(world: World, request: Request) -> Response:
    function = ACTS.get(request.path_params["act"])
    if function is None:
        return JSONResponse({"error": "没有这个动作"}, 404)
    if not _from_our_page(request):
        return JSONResponse({"error": "只接受本页面的请求"}, 403)
    try:
        body = await request.json()
        result = function(world, body if isinstance(body, dict) else {})
        if inspect.isawaitable(result):
            result = await result
    except SimulatorError as problem:
        return JSONResponse({"error": str(problem)}, 400)
    except (TypeError, ValueError):
        return JSONResponse({"error": "看不懂这个请求"}, 400)
    return JSONResponse({"result": result})


def _from_our_page(request: Request) -> bool:
    """No other site's script may act here: JSON only, and the origin must be ours."""
    origin = request.headers.get("origin")
    ours = origin is None or urlparse(origin).netloc == request.headers.get("host")
    return ours and request.headers.get("content-type", "").startswith("application/json")


async def _stream(world: World) -> AsyncIterator[str]:
    """One event whenever the world has changed, gathered over a breath."""
    told = -1
    while not world.closing:
        if world.changes.version == told and not await world.changes.wait(PULSE):
            yield ": still here\n\n"
            continue
        await asyncio.sleep(BREATH)
        told = world.changes.version
        yield f"data: {json.dumps({'version': told})}\n\n"


def _picture_type(data: bytes) -> str | None:
    return next((kind for magic, kind in PICTURES.items() if data.startswith(magic)), None)


def _whole(text: str) -> bool:
    return text.removeprefix("-").isdigit()


class SafeHeaders:
    """Adds the headers that keep the page closed to other sites and foreign script."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message.get("headers", []), *extra]
            await send(message)

        await self.app(scope, receive, with_headers)
