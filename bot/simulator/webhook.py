"""Posting updates to the bot's webhook, one after the other, until each is taken."""

import asyncio

import httpx

from bot.simulator.records import JSON
from bot.simulator.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
PAUSES = (0.1, 0.3, 1.0, 2.0)  # seconds between attempts; Telegram itself waits longer


async def deliver(world: World) -> None:
    """Serve the webhook, whenever one is set, until cancelled."""
    while True:
        if world.webhook.get("url"):
            async with httpx.AsyncClient(timeout=60.0, trust_env=False) as client:
                await _serve(world, client)
        await world.changes.wait(1.0)


async def _serve(world: World, client: httpx.AsyncClient) -> None:
    """Post what waits for as long as there is a webhook, ever slower while it fails."""
    failures = 0
    while world.webhook.get("url"):
        if not world.updates.pending:
            await world.changes.wait(1.0)
        elif await _post_batch(world, client):
            failures = 0
        else:
            await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
            failures += 1


async def _post_batch(world: World, client: httpx.AsyncClient) -> bool:
    """Post what waits; False at the first update that is not taken."""
    hook = world.webhook
    for update in world.faults.disturb(list(world.updates.pending)):
        if world.webhook is not hook or not await _post(world, client, hook, update):
            return world.webhook is not hook
        world.updates.confirm(update)
        world.changes.mark()
    return True


async def _post(world: World, client: httpx.AsyncClient, hook: JSON, update: JSON) -> bool:
    headers = {SECRET_HEADER: hook["secret"]} if hook["secret"] else {}
    try:
        if world.faults.offline:
            raise httpx.ConnectError("offline")
        answer = await client.post(hook["url"], json=update, headers=headers)
    except httpx.HTTPError:
        return _failed(world, hook, "Connection refused")
    if answer.is_success:
        return True
    return _failed(
        world, hook, f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
    )


def _failed(world: World, hook: JSON, why: str) -> bool:
    hook |= {"last_error_date": world.now(), "last_error_message": why}
    world.changes.mark()
    return False
