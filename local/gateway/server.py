"""The stand-in over HTTP: the gateway's contract and the control."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from local.gateway.behaviour import MANNERS, PLAIN, Behaviour, Manner
from local.gateway.ledger import CallRecord, Ledger

CALLS_PAGE_MAX = 10_000
"""Calls in one answer of the control, some 2 MB."""

BACKLOG = 1024
"""Connections that may wait to be accepted: a burst of senders that all connect anew."""

STOP_MAX_S = 0.2
"""How long stopping waits for calls in flight, which may be silent on purpose."""


class SendRequest(BaseModel):
    """The body of a call, exactly as the contract has it."""

    model_config = ConfigDict(strict=True, extra="forbid")

    id: Annotated[int, Field(ge=1, lt=2**63)]
    phone: Annotated[int, Field(ge=70_000_000_000, le=79_999_999_999)]
    text: Annotated[str, Field(min_length=1)]


class Gateway:
    """The stand-in's state and its HTTP handlers."""

    def __init__(self, behaviour: Behaviour, token: str | None) -> None:
        """Begin with a behaviour; demand this very token, or any when it is None."""
        self._initial = behaviour
        self._behaviour = behaviour
        self._token = token
        self._ledger = Ledger()

    def application(self) -> web.Application:
        """The routes."""
        application = web.Application()
        application.add_routes(
            [
                web.post(r"/v1/send/{id:\d{1,19}}", self._send),
                web.get("/control/behaviour", self._get_behaviour),
                web.put("/control/behaviour", self._put_behaviour),
                web.get("/control/summary", self._get_summary),
                web.get("/control/calls", self._get_calls),
                web.get("/control/accepted", self._get_accepted),
                web.post("/control/reset", self._reset),
            ]
        )
        return application

    async def _send(self, request: web.Request) -> web.StreamResponse:
        with self._ledger.call(request.match_info["id"]) as record:
            try:
                return await self._answer(request, record)
            except asyncio.CancelledError:
                record.answer = "caller left"
                raise

    async def _answer(self, request: web.Request, record: CallRecord) -> web.StreamResponse:
        if not self._is_authorized(request):
            record.answer = "no token"
            return _refusal(401, "a bearer token is needed")
        try:
            body = SendRequest.model_validate_json(await request.read())
        except ValidationError as error:
            record.answer = "bad request"
            return _refusal(400, "; ".join(f"{e['loc']}: {e['msg']}" for e in error.errors()))
        if str(body.id) != record.gateway_id:
            record.answer = "bad request"
            return _refusal(400, "the id in the body is not the one in the path")
        record.phone, record.text = body.phone, body.text
        return await self._behave(request, record, body.id)

    async def _behave(
        self, request: web.Request, record: CallRecord, gateway_id: int
    ) -> web.StreamResponse:
        behaviour = self._behaviour
        mood = behaviour.mood_of(gateway_id, self._ledger.attempt(record))
        manner = MANNERS[mood] if mood else PLAIN
        if manner.accepts:
            # At once, however long the answer takes: the harder case for the caller.
            self._ledger.accept(record, forgetful=behaviour.forgetful)
        delay_s = behaviour.latency_ms / 1000 + (behaviour.silent_s if manner.silent else 0)
        if delay_s:
            await asyncio.sleep(delay_s)
        record.answer = mood or "ok"
        if manner.drops:
            return _drop(request)
        if manner.echoes:
            said = f"cannot send to {record.phone}: {record.text}"
            body = json.dumps({"code": 500, "message": said}, ensure_ascii=False)
            manner = replace(manner, body=body)
        response = web.StreamResponse(status=manner.status, headers=manner.headers)
        if manner.status in (429, 503):
            response.headers["Retry-After"] = str(behaviour.retry_after_s)
        await _write(request, response, manner, behaviour.drip_s if manner.drips else None)
        return response

    def _is_authorized(self, request: web.Request) -> bool:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return scheme == "Bearer" and (token == self._token if self._token else bool(token))

    async def _get_behaviour(self, _: web.Request) -> web.Response:
        return web.json_response(text=self._behaviour.model_dump_json())

    async def _put_behaviour(self, request: web.Request) -> web.Response:
        try:
            self._behaviour = Behaviour.model_validate_json(await request.read())
        except ValidationError as error:
            return web.json_response(text=error.json(include_url=False), status=422)
        return await self._get_behaviour(request)

    async def _get_summary(self, _: web.Request) -> web.Response:
        return web.json_response(asdict(self._ledger.summary()))

    async def _get_calls(self, request: web.Request) -> web.Response:
        since = request.query.get("since", "0")
        if not since.isascii() or not since.isdigit():
            return _refusal(400, "since is the number of a call")
        calls = self._ledger.calls_since(int(since), CALLS_PAGE_MAX)
        following = calls[-1].number + 1 if calls else int(since)
        return web.json_response({"calls": [asdict(call) for call in calls], "next": following})

    async def _get_accepted(self, _: web.Request) -> web.Response:
        messages = [asdict(message) for message in self._ledger.accepted()]
        return web.json_response({"accepted": messages})

    async def _reset(self, _: web.Request) -> web.Response:
        # Calls in flight end in the ledger in which they began.
        self._ledger = Ledger()
        self._behaviour = self._initial
        return web.Response(status=204)


def _refusal(status: int, message: str) -> web.Response:
    return web.json_response({"code": status, "message": message}, status=status)


def _drop(request: web.Request) -> web.Response:
    """Break the connection; what is returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _write(
    request: web.Request, response: web.StreamResponse, manner: Manner, drip_s: float | None
) -> None:
    body = manner.body.encode()
    response.content_type = "application/json" if manner.body.startswith("{") else "text/html"
    response.content_length = len(body)
    await response.prepare(request)
    if drip_s is None:
        await response.write(body)
    else:
        for byte in body:
            await asyncio.sleep(drip_s)
            await response.write(bytes([byte]))
    await response.write_eof()


@asynccontextmanager
async def serving(gateway: Gateway, host: str, port: int) -> AsyncIterator[int]:
    """Serve meanwhile; gives the port, chosen by the system if 0 was asked for. May be OSError."""
    runner = web.AppRunner(
        gateway.application(),
        access_log=None,
        handler_cancellation=True,
        shutdown_timeout=STOP_MAX_S,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, backlog=BACKLOG).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
