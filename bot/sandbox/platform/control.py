"""Plays the platform over HTTP: `POST /sandbox/do/{action}` with the action's arguments as JSON.

Every action is one method of a part, listed once here; what it returns is the answer. Tests and the tour
reach the platform through this alone, so that the same story can be told to it in another process.
"""

import inspect
from base64 import b64decode
from collections.abc import Callable
from typing import Any

from aiohttp import web

from .deliveries import Reply
from .parts import Parts
from .records import Creator, Fan, Json, Membership, Record, Tier
from .state import RefusedError, UnknownError

KINDS: dict[str, type[Record]] = {each.kind: each for each in (Creator, Fan, Tier, Membership)}


class Control:
    def __init__(self, parts: Parts) -> None:
        self.state, self.settings, self.webhooks = parts.state, parts.settings, parts.webhooks
        self.forgery, self.truth, self.told = parts.forgery, parts.truth, parts.events
        self.actions: dict[str, Callable[..., Any]] = {
            "api_mood": parts.truth.set_mood,
            "hide_membership": parts.truth.hide,
            "refuse_events": parts.events.refuse,
            "wait_event": parts.events.wait,
            "launch_url": parts.handover.launch_url,
            "hold_request": parts.holds.hold_request,
            "held": parts.holds.held,
            "release": parts.holds.release,
        }
        self.actions |= _methods(parts.catalogue) | _methods(parts.sales)
        own: list[Callable[..., Any]] = [self.configure, self.record, self.records, self.publish]
        own += [self.deliveries, self.pause_webhooks, self.resume_webhooks, self.lose, self.repeat]
        own += [self.settled, self.forge, self.send_raw, self.events, self.asked]
        self.actions |= {each.__name__: each for each in own}

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/sandbox/do/{action}", self.do)]

    async def do(self, request: web.Request) -> web.Response:
        action = self.actions.get(request.match_info["action"])
        if action is None:
            raise UnknownError(f"no such action: {request.match_info['action']!r}")
        arguments = await request.json()
        try:
            inspect.signature(action).bind(**arguments)
        except TypeError as error:
            raise RefusedError(str(error)) from error
        result = action(**arguments)
        return web.json_response(_shown(await result if inspect.isawaitable(result) else result))

    def configure(self, **changes: Any) -> None:
        self.settings.change(**changes)
        self.webhooks.wake()

    def record(self, kind: str, record_id: str) -> Json:
        return self.state.snapshot(self.state.get(KINDS[kind], record_id))

    def records(self, kind: str) -> list[Json]:
        return [self.state.snapshot(each) for each in self.state.all(KINDS[kind])]

    def publish(self, event_type: str, data: Json) -> str:
        """Send a signed event of any type and content, as if the platform had changed its mind about the contract."""
        return self.webhooks.publish(event_type, data).id

    def deliveries(self, state: str | None = None) -> list[Json]:
        log = self.webhooks.log.values()
        return [each.shown() for each in log if state in (None, each.state)]

    def pause_webhooks(self) -> None:
        self.webhooks.pause()

    def resume_webhooks(self, order: list[str] | str | None = None) -> None:
        self.webhooks.resume(order)

    def lose(self, delivery_id: str | None = None) -> list[str]:
        return self.webhooks.lose(delivery_id)

    async def repeat(self, delivery_id: str | None = None) -> Reply:
        """Send a delivery again under its own id; the last one if none is named."""
        if delivery_id is None and not self.webhooks.log:
            raise RefusedError("there is no delivery yet to repeat")
        return await self.webhooks.repeat(delivery_id or list(self.webhooks.log)[-1])

    async def settled(self, timeout_s: float) -> list[Json]:
        return [each.shown() for each in await self.webhooks.settled(timeout_s)]

    async def forge(self, how: str, delivery_id: str | None = None, changes: Json | None = None) -> Reply:
        return await self.forgery.forge(how, delivery_id, changes)

    async def send_raw(
        self, body_base64: str, headers: dict[str, str | None] | None, *, signed: bool
    ) -> Reply:
        return await self.forgery.send_raw(b64decode(body_base64), headers, signed=signed)

    def events(self, *, attempts: bool = False) -> list[Json]:
        return self.told.attempts if attempts else self.told.taken

    def asked(self) -> list[Json]:
        return self.truth.asked


def _methods(part: object) -> dict[str, Callable[..., Any]]:
    return {
        name: method
        for name, method in inspect.getmembers(part, inspect.ismethod)
        if not name.startswith("_")
    }


def _shown(result: Any) -> Any:
    return result.shown() if isinstance(result, Reply) else result
