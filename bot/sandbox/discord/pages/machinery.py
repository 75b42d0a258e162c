"""What can be made to go wrong, and the journal of what was asked and what it did."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.discord.faults import Fault
from bot.sandbox.discord.gateway import GATEWAY
from bot.sandbox.discord.pages.room import see_other
from bot.sandbox.site import text

if TYPE_CHECKING:
    from bot.sandbox.discord.journal import Entry
    from bot.sandbox.discord.pages.room import Room

type Json = dict[str, Any]

_ROLE = "/guilds/{guild_id}/members/{user_id}/roles/{role_id}"
TROUBLES: dict[str, tuple[str, Json]] = {
    "500": ("Discord answers 500 (it is broken)", {"do": "status", "status": 500}),
    "slow": ("Discord takes 4 seconds for every answer", {"do": "delay", "delay_s": 4.0}),
    "429": ("Discord answers 429 (too many requests)", {"do": "status", "status": 429, "scope": "shared"}),
    "ghost": ("Discord says yes and does nothing", {"do": "ghost"}),
}
PLACES = {
    "all": ("everything the bot asks for", ("*",)),
    "roles": ("giving and taking roles", (f"PUT {_ROLE}", f"DELETE {_ROLE}")),
    "joins": ("bringing people in", ("PUT /guilds/{guild_id}/members/{user_id}",)),
}
LENGTHS = {"15": "15 seconds", "60": "1 minute", "300": "5 minutes"}
_NEWEST = 60
_UNTOLD = {"effect", "channel_id", "message_id"}  # numbers that say nothing to a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A trouble that is on; `faults` are its numbers."""

    sentence: str
    faults: tuple[int, ...]


class Machinery:
    """Faults, the gateway, the journal."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._on: list[Trouble] = []

    def routes(self) -> list[web.RouteDef]:
        guarded = self._room.guarded
        return [
            web.get("/faults", guarded(self.show)),
            web.post("/faults", guarded(self.switch_on)),
            web.post("/faults/off", guarded(self.switch_off)),
            web.post("/gateway", guarded(self.gateway)),
            web.get("/journal", guarded(self.journal)),
        ]

    async def show(self, request: web.Request) -> web.Response:
        sessions = self._room.discord.app[GATEWAY].sessions()
        return self._room.show(
            request,
            "faults.html",
            troubles=TROUBLES,
            places=PLACES,
            lengths=LENGTHS,
            on=self._on,
            connected=sum(bool(each.get("connected", True)) for each in sessions),
        )

    async def switch_on(self, request: web.Request) -> web.Response:
        """Let something go wrong for a while."""
        form = await request.post()
        what = text(form, "what") if text(form, "what") in TROUBLES else "500"
        where = text(form, "where") if text(form, "where") in PLACES else "all"
        seconds = text(form, "seconds") if text(form, "seconds") in LENGTHS else "15"
        faults = self._room.discord.faults
        added = tuple(
            faults.add(Fault(route=route, times=None, **TROUBLES[what][1])) for route in PLACES[where][1]
        )
        sentence = f"{TROUBLES[what][0]}: {PLACES[where][0]}, for {LENGTHS[seconds]}"
        trouble = Trouble(sentence=sentence, faults=added)
        self._on.append(trouble)
        asyncio.get_running_loop().call_later(int(seconds), self._end, trouble)
        return see_other("/faults")

    async def switch_off(self, _: web.Request) -> web.Response:
        for trouble in list(self._on):
            self._end(trouble)
        return see_other("/faults")

    async def gateway(self, request: web.Request) -> web.Response:
        """Do something to the bot's connection for events."""
        gateway = self._room.discord.app[GATEWAY]
        match text(await request.post(), "do"):
            case "drop":
                gateway.disconnect("close")
            case "forget":
                gateway.disconnect("invalidate")
            case "silence":
                gateway.hold()
                gateway.disconnect("close")
                asyncio.get_running_loop().call_later(15, gateway.release)
        return see_other("/faults")

    async def journal(self, request: web.Request) -> web.Response:
        """Show the newest entries; `only=requests` or `only=effects` leaves the others out."""
        only = request.query.get("only", "")
        newest_first = reversed(self._room.discord.journal.entries)
        kept = itertools.islice((each for each in newest_first if _is_kept(each, only)), _NEWEST)
        return self._room.show(
            request, "journal.html", only=only, rows=[(each, self._told(each)) for each in kept]
        )

    def _end(self, trouble: Trouble) -> None:
        if trouble in self._on:
            self._on.remove(trouble)
            for fault in trouble.faults:
                self._room.discord.faults.remove(fault)

    def _told(self, entry: Entry) -> list[str]:
        """Return the effects in words."""
        return [f"{each['effect']}: {self._details(each)}" for each in entry.effects]

    def _details(self, effect: Json) -> str:
        details = {name: value for name, value in effect.items() if name not in _UNTOLD}
        return ", ".join(f"{name.removesuffix('_id')} {self._name(v)}" for name, v in details.items())

    def _name(self, value: Any) -> str:
        """Return what an id stands for, as far as it has a name."""
        if isinstance(value, list):
            return " and ".join(map(self._name, value)) or "none"
        found = int(value) if isinstance(value, str) and value.isdecimal() else 0
        state = self._room.state
        if found in state.users:
            return f"@{state.users[found].username}"
        roles = (guild.roles.get(found) for guild in state.guilds.values())
        named = next((each.name for each in (state.guilds.get(found), *roles) if each), None)
        return named or str(value)


def _is_kept(entry: Entry, only: str) -> bool:
    if only == "requests":
        return entry.method is not None
    return bool(entry.effects) if only == "effects" else True
