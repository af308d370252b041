"""Methods by which updates reach the bot: long polling or a webhook."""

import re
import time
from urllib.parse import urlparse

from bot.simulator.errors import bad_request, conflict
from bot.simulator.methods.registry import method
from bot.simulator.params import Params
from bot.simulator.records import JSON
from bot.simulator.world import World

OTHER = "terminated by other getUpdates request; make sure that only one bot instance is running"
HOOKED = (
    "can't use getUpdates method while webhook is active;"
    " use deleteWebhook to delete the webhook first"
)
LONGEST = 50  # seconds a poll may last


@method
async def get_updates(world: World, params: Params) -> list[JSON]:
    """Long polling; a newer call ends an older one with 409."""
    if world.webhook.get("url"):
        raise conflict(HOOKED)
    _allow(world, params)
    world.poller += 1
    mine, deadline = world.poller, time.monotonic() + min(params.integer("timeout"), LONGEST)
    world.changes.mark()
    limit = min(max(params.integer("limit", 100), 1), 100)
    while not (updates := world.updates.fetch(params.integer("offset"), limit)):
        left = deadline - time.monotonic()
        if left <= 0 or world.closing:
            break
        await world.changes.wait(left)
        if world.poller != mine:
            raise conflict(HOOKED if world.webhook.get("url") else OTHER)
    return world.faults.disturb(updates)


def _allow(world: World, params: Params) -> None:
    if params.values.get("allowed_updates") is not None:
        world.updates.allow(params.json("allowed_updates") or [])


@method
def set_webhook(world: World, params: Params) -> bool:
    """Have updates posted to a URL; like a Bot API server of one's own, plain http is welcome."""
    url = params.text("url") or ""
    if url and urlparse(url).scheme not in ("http", "https"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.text("secret_token") or ""
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    _allow(world, params)
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    world.webhook = {
        "url": url,
        "secret": secret,
        "max_connections": params.integer("max_connections", 40),
    }
    world.poller += 1
    world.changes.mark()
    return True


@method
def delete_webhook(world: World, params: Params) -> bool:
    """Back to polling."""
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    if world.webhook.get("url"):
        world.webhook = {}
        world.changes.mark()
    return True


@method
def get_webhook_info(world: World, _params: Params) -> JSON:
    """How deliveries to the webhook go."""
    hook = world.webhook
    shape: JSON = {
        "url": hook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }
    if world.updates.allowed:
        shape["allowed_updates"] = sorted(world.updates.allowed)
    if hook.get("url"):
        shape |= {"max_connections": hook["max_connections"], "ip_address": "127.0.0.1"}
    return shape | {
        key: hook[key] for key in ("last_error_date", "last_error_message") if key in hook
    }
