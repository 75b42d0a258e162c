"""A typed client of the platform's control: what tests, the tour and the demo play it with, over the wire.

Ids are strings. Each method does one thing a platform or its people do, and returns once the platform has
done it; its webhook may still be on its way, which `settled` waits for.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Literal, Self

from aiohttp import ClientSession, ClientTimeout

from .deliveries import Reply
from .records import Json

type Moment = Literal["before", "after"]


class PlatformError(Exception):
    """The platform did not do what it was asked to; the message says why."""


@dataclass(slots=True)
class PlatformDriver:
    url: str
    _session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = ClientSession(self.url, timeout=ClientTimeout(total=120))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    # who sells what to whom

    async def create_creator(self, name: str, *, locale: str | None = None) -> str:
        return await self._id("create_creator", name=name, locale=locale)

    async def create_tier(self, creator: str, name: str, *, price: Json | None = None) -> str:
        """Price: {"amount" in the smallest unit, "currency", "interval": "month" | "year" | "once"}."""
        return await self._id("create_tier", creator=creator, name=name, price=price)

    async def create_fan(self, name: str, *, locale: str | None = None) -> str:
        return await self._id("create_fan", name=name, locale=locale)

    async def rename(self, record: str, name: str) -> Json:
        return await self._json("rename", record_id=record, name=name)

    async def withdraw_tier(self, tier: str) -> Json:
        return await self._json("withdraw_tier", tier=tier)

    async def delete_creator(self, creator: str) -> Json:
        return await self._json("delete_creator", creator=creator)

    async def delete_tier(self, tier: str) -> Json:
        return await self._json("delete_tier", tier=tier)

    async def delete_fan(self, fan: str) -> Json:
        return await self._json("delete_fan", fan=fan)

    # the life of a membership; each returns its new snapshot, buying its id

    async def buy(self, fan: str, tier: str, *, period_s: float | None = None, endless: bool = False) -> str:
        return await self._id("buy", fan=fan, tier=tier, period_s=period_s, endless=endless)

    async def buy_again(self, membership: str, *, period_s: float | None = None) -> str:
        return await self._id("buy_again", membership=membership, period_s=period_s)

    async def upgrade(self, membership: str, tier: str) -> Json:
        return await self._json("upgrade", membership=membership, tier=tier)

    async def cancel(self, membership: str) -> Json:
        return await self._json("cancel", membership=membership)

    async def resume(self, membership: str) -> Json:
        """Take a cancellation or a pause back."""
        return await self._json("resume", membership=membership)

    async def fail_payment(self, membership: str) -> Json:
        return await self._json("fail_payment", membership=membership)

    async def recover(self, membership: str, *, period_s: float | None = None) -> Json:
        """The late payment came in."""
        return await self._json("recover", membership=membership, period_s=period_s)

    async def renew(self, membership: str, *, period_s: float | None = None) -> Json:
        return await self._json("renew", membership=membership, period_s=period_s)

    async def refund(self, membership: str) -> Json:
        return await self._json("refund", membership=membership)

    async def dispute(self, membership: str) -> Json:
        return await self._json("dispute", membership=membership)

    async def pause(self, membership: str) -> Json:
        return await self._json("pause", membership=membership)

    async def expire(self, membership: str) -> Json:
        return await self._json("expire", membership=membership)

    async def set_membership(
        self, membership: str, *, status: str | None = None, paid_until: datetime | None = None
    ) -> Json:
        instant = paid_until and paid_until.isoformat()
        return await self._json("set_membership", membership=membership, status=status, paid_until=instant)

    async def membership(self, membership: str) -> Json:
        return await self._json("record", kind="membership", record_id=membership)

    async def tier(self, tier: str) -> Json:
        return await self._json("record", kind="tier", record_id=tier)

    async def memberships(self) -> list[Json]:
        return await self._list("records", kind="membership")

    # webhooks

    async def configure(self, **settings: Any) -> None:
        """Change settings while it runs: bot_url, webhook_secrets, delay_s, retry_delays_s, page_size, …"""
        await self._do("configure", **settings)

    async def pause_webhooks(self) -> None:
        await self._do("pause_webhooks")

    async def resume_webhooks(self, order: Sequence[str] | str | None = None) -> None:
        """Order: delivery ids, or "reversed"; what is queued and not named follows."""
        named = order if order is None or isinstance(order, str) else list(order)
        await self._do("resume_webhooks", order=named)

    async def lose(self, delivery: str | None = None) -> list[str]:
        """Drop a queued delivery for ever, or all of them; returns their ids."""
        lost: list[str] = await self._do("lose", delivery_id=delivery)
        return lost

    async def delay_webhooks(self, seconds: float) -> None:
        await self.configure(delay_s=seconds)

    async def repeat(self, delivery: str) -> Reply:
        return Reply(**await self._do("repeat", delivery_id=delivery))

    async def repeat_last(self) -> Reply:
        return Reply(**await self._do("repeat"))

    async def forge(self, how: str, *, delivery: str | None = None, **changes: Any) -> Reply:
        """How: secret | body | id | old | future | unsigned | garbage; changes go into the snapshot."""
        return Reply(**await self._do("forge", how=how, delivery_id=delivery, changes=changes))

    async def send_raw(
        self,
        body: bytes | str,
        headers: dict[str, str | None] | None = None,
        *,
        signed: bool = True,
    ) -> Reply:
        """Post exactly this; headers replace the signed ones, None takes one away."""
        raw = body.encode() if isinstance(body, str) else body
        sent = {"body_base64": b64encode(raw).decode(), "headers": headers, "signed": signed}
        return Reply(**await self._do("send_raw", **sent))

    async def publish(self, event_type: str, data: Json) -> str:
        """Queue a signed event with any content; returns the delivery's id."""
        published: str = await self._do("publish", event_type=event_type, data=data)
        return published

    async def deliveries(self, state: str | None = None) -> list[Json]:
        """The log: id, number, type, data, state (queued, delivered, failed, lost), attempts."""
        return await self._list("deliveries", state=state)

    async def settled(self, timeout_s: float = 10) -> None:
        """Wait until every webhook is answered; TimeoutError names those that are not."""
        open_ones = await self._list("settled", timeout_s=timeout_s)
        if open_ones:
            shown = [(each["type"], each["attempts"][-1:]) for each in open_ones]
            raise TimeoutError(f"{len(open_ones)} webhooks were not taken: {shown[:3]}")

    # what the bot told the platform

    async def events(self) -> list[Json]:
        return await self._list("events")

    async def event_attempts(self) -> list[Json]:
        """Every try of the bot's, refused ones too: id, status, at."""
        return await self._list("events", attempts=True)

    async def wait_event(
        self, event_type: str, *, since: int = 0, timeout_s: float = 10, **match: Any
    ) -> Json:
        """The first event of this type, after the first `since`, whose data holds what `match` says."""
        found: Json | None = await self._do(
            "wait_event", event_type=event_type, match=match, since=since, timeout_s=timeout_s
        )
        if found is None:
            raise TimeoutError(f"no {event_type} with {match} came within {timeout_s} s")
        return found

    async def refuse_events(self, times: int, *, status: int = 500) -> None:
        await self._do("refuse_events", times=times, status=status)

    # the truth

    async def api_mood(self, mood: str) -> None:
        """normal | hang | unavailable | unknown | garbage | refused"""
        await self._do("api_mood", mood=mood)

    async def silence_api(self) -> None:
        """No question gets an answer until `restore_api`."""
        await self.api_mood("hang")

    async def restore_api(self) -> None:
        await self.api_mood("normal")

    async def hide_membership(self, membership: str, *, hidden: bool = True) -> None:
        await self._do("hide_membership", membership=membership, hidden=hidden)

    async def asked(self) -> list[Json]:
        """Every question that was asked: path, query, mood."""
        return await self._list("asked")

    # requests held still

    async def hold_request(self, path_prefix: str, *, moment: Moment = "before", nth: int = 1) -> int:
        """Hold the `nth` request from now on whose path, with its query, begins so; before or after its effect.

        "/events", "/api/memberships/" (one), "/api/memberships?" (a list), "/api/tiers". Held before its effect it has
        none if its sender is gone when it is released.
        """
        hold: int = await self._do("hold_request", path_prefix=path_prefix, moment=moment, nth=nth)
        return hold

    async def held(self, hold: int, *, timeout_s: float = 10) -> None:
        """Wait until that request stands still; TimeoutError if it does not come."""
        if not await self._do("held", hold=hold, timeout_s=timeout_s):
            raise TimeoutError(f"nothing was held by hold {hold} within {timeout_s} s")

    async def release(self, hold: int) -> None:
        await self._do("release", hold=hold)

    # handing people over

    async def launch_url(
        self,
        person: str,
        *,
        next_path: str | None = None,
        membership: str | None = None,
        key: str | None = None,
        alg: str | None = None,
        **claims: Any,
    ) -> str:
        """The address that signs a creator or fan in at the bot; claims (aud, exp, jti, …) replace the right ones."""
        arguments = {"next_path": next_path, "membership": membership, "key": key, "alg": alg}
        url: str = await self._do("launch_url", person=person, claims=claims, **arguments)
        return url

    async def _do(self, action: str, **arguments: Any) -> Any:
        if self._session is None:
            raise PlatformError("open the driver first: async with PlatformDriver(url) as platform")
        async with self._session.post(f"/sandbox/do/{action}", json=arguments) as answer:
            result = await answer.json()
        if answer.status != 200:
            raise PlatformError(f"{action}: {result['error']}")
        return result

    async def _json(self, action: str, **arguments: Any) -> Json:
        result: Json = await self._do(action, **arguments)
        return result

    async def _list(self, action: str, **arguments: Any) -> list[Json]:
        result: list[Json] = await self._do(action, **arguments)
        return result

    async def _id(self, action: str, **arguments: Any) -> str:
        return str((await self._json(action, **arguments))["id"])
