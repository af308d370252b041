"""The Bot API over HTTP: from a request to a method and back, troubles included."""

import asyncio
import inspect
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.simulator.errors import ApiError
from bot.simulator.faults import Fault, refusal
from bot.simulator.forms import read_params
from bot.simulator.methods import TABLE
from bot.simulator.params import Params
from bot.simulator.records import ApiCall
from bot.simulator.world import World

UNLISTED = frozenset({"getupdates"})  # too many to keep in world.calls


class CutError(Exception):
    """The connection is to be cut without an answer."""


async def answer_call(world: World, request: Request) -> Response:
    """One Bot API call; raises CutError when the line is to go dead."""
    name = request.path_params["method"].lower()
    try:
        _check_token(world, request.path_params["token"])
        handler = TABLE.get(name)
        if handler is None:
            raise ApiError(404, "Not Found: method not found")
        result = await _suffer(
            world, name, request.path_params["method"], await read_params(request)
        )
    except ApiError as refused:
        return JSONResponse(refused.body(), refused.code)
    return JSONResponse({"ok": True, "result": result})


def _check_token(world: World, token: str) -> None:
    number, colon, secret = token.partition(":")
    if not (colon and number.isdigit() and secret):
        raise ApiError(404, "Not Found")
    if token != world.token:
        raise ApiError(401, "Unauthorized")


async def _suffer(world: World, name: str, shown: str, params: Params) -> Any:
    """Carry a call out under whatever trouble is in force for it."""
    fault = world.faults.take(name, _chat_id(params))
    if fault is None:
        return await _perform(world, name, shown, params)
    if fault.trouble == "cut_before":
        _note(world, shown, params, error="cut before")
        raise CutError
    if fault.trouble == "slow":
        await asyncio.sleep(fault.delay)
    _refuse(world, fault, shown, params)
    result = await _perform(world, name, shown, params)
    if fault.trouble == "cut_after":
        raise CutError
    return result


def _refuse(world: World, fault: Fault, shown: str, params: Params) -> None:
    if refused := refusal(fault):
        _note(world, shown, params, error=refused.description)
        raise refused


async def _perform(world: World, name: str, shown: str, params: Params) -> Any:
    try:
        result = TABLE[name](world, params)
        if inspect.isawaitable(result):
            result = await result
    except ApiError as refused:
        _note(world, shown, params, error=refused.description)
        raise
    _note(world, shown, params, result)
    return result


def _note(
    world: World, shown: str, params: Params, result: Any = None, error: str | None = None
) -> None:
    if shown.lower() not in UNLISTED:
        world.calls.append(ApiCall(shown, params.shown(), world.clock(), result, error))
        world.changes.mark()


def _chat_id(params: Params) -> int | None:
    value = params.text("chat_id") or ""
    return int(value) if value.lstrip("-").isdigit() else None
