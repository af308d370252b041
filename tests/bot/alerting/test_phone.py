"""The operator's phone: rung last, signed, again until it is heard, and told nothing of the member."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.alerting import phone
from bot.alerting.phone import signature
from bot.operating.http import serving
from bot.settings import load_settings
from bot.words import duty as words_duty
from moderation.errors import ConfigError
from moderation.storage import casebook
from moderation.storage.casebook import Person
from moderation.vocabulary import CaseKind, Certainty, Subject
from tests.bot.standstill import standing_still
from tests.bot.town import Town

SECRET = "a secret of the operator"


@dataclass
class Operator:
    """Somebody whose phone can be rung; answers with these status codes, then 204."""

    port: int
    answers: list[int] = field(default_factory=list)
    rung: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def ring(self, request: Request) -> Response:
        """A call."""
        self.rung.append((dict(request.headers), await request.body()))
        return Response(status_code=self.answers.pop(0) if self.answers else 204)


@contextlib.asynccontextmanager
async def an_operator(*answers: int) -> AsyncIterator[Operator]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        operator = Operator(free.getsockname()[1], list(answers))
    app = Starlette(routes=[Route("/ring", operator.ring, methods=["POST"])])
    async with serving(app, "127.0.0.1", operator.port):
        yield operator


def phone_of(operator: Operator) -> dict[str, Any]:
    """Settings with this phone."""
    url = f"http://127.0.0.1:{operator.port}/ring"
    return {"phone_url": url, "phone_secret": SECRET}


async def test_what_nobody_answers_rings_the_phone_signed_and_without_a_word_of_the_member(
    town: Town,
) -> None:
    async with (
        an_operator(503) as operator,
        town.bot_running(**phone_of(operator), ack_imminent_minutes=0.02),
    ):
        town.world.say(town.group, town.lan, "谢谢大家，今晚就走")
        await town.world.wait_for(lambda: len(operator.rung) >= 2, timeout=60)
        first, again = operator.rung[:2]
        body = first[1]
        assert first[0]["x-qunhu-signature"] == signature(SECRET, body)
        assert first[0]["x-qunhu-delivery"] == again[0]["x-qunhu-delivery"]
        told = json.loads(body)
        assert (told["event"], told["level"]) == ("crisis_unanswered", "imminent")
        assert "小岚" not in body.decode()
        assert "今晚" not in body.decode()


async def test_a_channel_that_refuses_is_said_to_the_moderators(town: Town) -> None:
    async with (
        an_operator(404) as operator,
        town.bot_running(**phone_of(operator)) as qunhu,
    ):
        async with qunhu.services.database.transaction() as tx:
            lan = Person(town.lan.id, "小岚")
            case = await casebook.open_case(
                tx, CaseKind.CRISIS, town.group.id, lan, "imminent", Subject.SELF, Certainty.LIKELY
            )
            await phone.ring(tx, case, "now")
        qunhu.services.outbox.wake()
        await town.settled()
        why = "phone channel answered 404"
        refused = words_duty.PHONE_REFUSED.format(why=why)
        assert refused in town.said_to(town.moderators)


async def test_without_a_phone_none_is_rung(town: Town) -> None:
    async with standing_still(town) as still:
        case = await still.crisis()
        async with still.services.database.transaction() as tx:
            await still.services.alerts.calls.plan_next(tx, case)
        for _ in range(6):
            await still.pass_time(hours=1)
            assert await still.rows(phone.PHONE) == []


def test_a_phone_without_a_secret_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="QUNHU_PHONE_SECRET"):
        load_settings(
            _env_file=None,
            bot_token="123:abcdefghijk",
            moderator_chat=-1,
            phone_url="https://phone.example.org",
        )
