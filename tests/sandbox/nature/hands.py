"""The hands of people and of the bot in one sandbox, without a wire: the same functions that the wire leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.discord.calls import Call
from bot.sandbox.discord.errors import DiscordError
from bot.sandbox.discord.invocation import CannotError
from bot.sandbox.discord.oauth import GRANTS
from bot.sandbox.discord.people import People
from bot.sandbox.discord.rest import TABLES

if TYPE_CHECKING:
    from bot.sandbox.discord.server import Discord
    from tests.sandbox.nature.oracle import Act, Oracle

_HANDLERS = {route.name: route.handler for table in TABLES for route in table.routes}
_REDIRECT = "http://127.0.0.1/callback"


class Hands:
    """Carries out acts; tells whether they were let through, and which role they brought."""

    def __init__(self, discord: Discord, persons: list[int]) -> None:
        self._discord = discord
        self.people = People(discord.state)
        self._tokens = {each: self._token(each) for each in persons}

    def carry_out(self, act: Act, seen: Oracle) -> tuple[bool, int | None]:
        """Return whether it was let through, and the id of a role that it brought."""
        before = set(self._discord.state.guilds[seen.guild].roles)
        try:
            if act.actor == seen.bot:
                self._by_bot(act, seen)
            else:
                self._by_person(act, seen.guild)
        except (DiscordError, CannotError):
            return False, None
        made = set(self._discord.state.guilds[seen.guild].roles) - before
        return True, next(iter(made), None)

    def _by_person(self, act: Act, guild: int) -> None:  # noqa: C901  one case for each kind of act
        people, by = self.people, act.actor
        match act.kind:
            case "create_role":
                people.create_role(guild, "made", permissions=act.mask, by=by)
            case "edit_role":
                people.edit_role(guild, act.role, permissions=act.mask, by=by)
            case "move_role":
                people.move_role(guild, act.role, above=act.other, by=by)
            case "delete_role":
                people.delete_role(guild, act.role, by=by)
            case "give_role" | "take_role":
                getattr(people, act.kind)(guild, act.user, act.role, by)
            case "kick" | "ban" | "unban":
                getattr(people, act.kind)(guild, act.user, by)
            case "join" | "leave" | "transfer":
                getattr(people, act.kind)(guild, act.user)
            case "accept":
                people.accept_screening(guild, act.user)
            case "add_bot":
                people.add_bot(guild, by, act.mask)
            case "screen":
                people.set_guild(guild, screening=act.flag)
            case "pause":
                people.pause_joins(guild, act.flag)

    def _by_bot(self, act: Act, seen: Oracle) -> None:
        member, role = {"user_id": act.user}, {"role_id": act.role}
        match act.kind:
            case "create_role":
                self._ask(seen, "POST", "/roles", {}, {"name": "made", "permissions": str(act.mask)})
            case "edit_role":
                self._ask(seen, "PATCH", "/roles/{role_id}", role, {"permissions": str(act.mask)})
            case "move_role":
                moved = {"id": str(act.role), "position": seen.destination(act)}
                self._ask(seen, "PATCH", "/roles", {}, [moved])
            case "delete_role":
                self._ask(seen, "DELETE", "/roles/{role_id}", role)
            case "give_role" | "take_role":
                method = "PUT" if act.kind == "give_role" else "DELETE"
                self._ask(seen, method, "/members/{user_id}/roles/{role_id}", member | role)
            case "set_roles":
                wanted = {"roles": [str(act.role), str(act.other)]}
                self._ask(seen, "PATCH", "/members/{user_id}", member, wanted)
            case "bring_in":
                body: dict[str, Any] = {"access_token": self._tokens[act.user]}
                body |= {"roles": [str(act.role)]} if act.flag else {}
                self._ask(seen, "PUT", "/members/{user_id}", member, body)
            case "kick":
                self._ask(seen, "DELETE", "/members/{user_id}", member)
            case "ban" | "unban":
                self._ask(seen, "PUT" if act.kind == "ban" else "DELETE", "/bans/{user_id}", member)

    def _ask(self, seen: Oracle, method: str, path: str, params: dict[str, int], body: Any = None) -> None:
        name = f"{method} /guilds/{{guild_id}}{path}"
        journal, state = self._discord.journal, self._discord.state
        call = Call(
            discord=self._discord,
            auth="Bot",
            user=state.anybody(state.app.bot_id),
            scopes=frozenset(),
            params={key: str(value) for key, value in (params | {"guild_id": seen.guild}).items()},
            query={},
            json=body,
            headers={},
            reason="nature",
        )
        with journal.recording(journal.open(name)):
            _HANDLERS[name](call)

    def _token(self, person: int) -> str:
        grants = self._discord.app[GRANTS]
        return grants.exchange(
            grants.consent(person, ("identify", "guilds.join"), _REDIRECT), _REDIRECT
        ).access_token
