"""The part of the driver that no person in Discord has: the journal, the faults, the gateway's bad days."""

from __future__ import annotations

from typing import Any

from bot.sandbox.discord.remote import Remote

type Json = dict[str, Any]


class Machinery(Remote):
    """What a test may do to Discord itself."""

    async def journal(self, since: int = 0, route: str | None = None) -> list[Json]:
        found: list[Json] = await self._call("journal", since=since, route=route)
        return found

    async def fault(self, **traits: Any) -> int:
        """Set a fault (the fields of `faults.Fault`; `times=None` for ever); return its number."""
        return int(await self._call("fault", traits=traits))

    async def held(self, fault: int, timeout_s: float = 10.0) -> None:
        """Wait until a request stands at a `hold_…` fault; raises TimeoutError."""
        await self._call("held", fault=fault, timeout_s=timeout_s)

    async def release(self, fault: int) -> None:
        await self._call("release", fault=fault)

    async def clear_faults(self) -> None:
        await self._call("clear_faults")

    async def disconnect_gateway(self, resumable: bool = True) -> int:  # noqa: FBT001, FBT002  reads as said
        """End the bot's gateway connections; return how many there were."""
        return int(await self._call("disconnect_gateway", how="close" if resumable else "invalidate"))

    async def drop_gateway(self, *, reset: bool = False) -> int:
        """Cut the bot's gateway connections without a close frame, as a plain end or as a reset; the sessions can be resumed."""
        return int(await self._call("disconnect_gateway", how="reset" if reset else "drop"))

    async def ask_gateway_to_reconnect(self) -> int:
        """Send op 7 and close, as Discord does before a deployment."""
        return int(await self._call("disconnect_gateway", how="reconnect"))

    async def invalidate_gateway(self, *, resumable: bool) -> int:
        """Send op 9 and close; return how many connections there were."""
        how = "invalidate_resumable" if resumable else "invalidate"
        return int(await self._call("disconnect_gateway", how=how))

    async def numb_gateway(self) -> int:
        """Make zombies of the bot's connections: open, but nothing comes any more, not even acknowledgements."""
        return int(await self._call("numb_gateway"))

    async def lose_events(self, count: int, name: str | None = None) -> None:
        """Never send the next events, of one name (such as GUILD_MEMBER_UPDATE) if it is given; 0 ends it."""
        await self._call("lose_events", count=count, name=name)

    async def hold_gateway(self) -> None:
        """Let nobody in any more until `release_gateway`; connections that are open stay."""
        await self._call("hold_gateway")

    async def release_gateway(self) -> None:
        await self._call("release_gateway")

    async def gateway_sessions(self) -> list[Json]:
        found: list[Json] = await self._call("gateway_sessions")
        return found
