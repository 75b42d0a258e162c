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
    """Carries out acts; tells whether they were let through, and which role or message they brought."""

    def __init__(self, discord: Discord, persons: list[int]) -> None:
        self._discord = discord
        self.people = People(discord.state)
        self._tokens = {each: self._token(each) for each in persons}

    def carry_out(self, act: Act, seen: Oracle) -> tuple[bool, int | None]:
        """Return whether it was let through, and the id of a role or a message that it brought."""
        before = self._there(seen)
        try:
            if act.actor == seen.bot:
                self._by_bot(act, seen)
            else:
                self._by_person(act, seen)
        except (DiscordError, CannotError):
            return False, None
        return True, next(iter(self._there(seen) - before), None)

    def _there(self, seen: Oracle) -> set[int]:
        state = self._discord.state
        return state.guilds[seen.guild].roles.keys() | state.messages.get(seen.channel, {}).keys()

    def _by_person(self, act: Act, seen: Oracle) -> None:  # noqa: C901, PLR0912  one case for each kind of act
        people, guild, by = self.people, seen.guild, act.actor
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
            case "join" | "leave":
                getattr(people, act.kind)(guild, act.user)
            case "transfer":
                people.transfer(guild, act.user, by)
            case "accept":
                people.accept_screening(guild, act.user)
            case "add_bot":
                people.add_bot(guild, by, act.mask)
            case "screen":
                people.set_guild(guild, by=by, screening=act.flag)
            case "pause":
                people.pause_joins(guild, act.flag, by)
            case "overwrite":
                people.overwrite(guild, seen.channel, seen.target(act), allow=act.mask, deny=act.deny, by=by)
            case "say":
                people.say(guild, seen.channel, "said", by)

    def _by_bot(self, act: Act, seen: Oracle) -> None:  # noqa: C901  one case for each kind of act
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

            case "say":
                self._ask_in_channel(seen, "POST", "", {}, {"content": "said"})
            case "read":
                self._ask_in_channel(seen, "GET", "")
            case "withdraw":
                self._ask_in_channel(seen, "DELETE", "/{message_id}", {"message_id": act.message})

    def _ask(self, seen: Oracle, method: str, path: str, params: dict[str, int], body: Any = None) -> None:
        self._call(f"{method} /guilds/{{guild_id}}{path}", params | {"guild_id": seen.guild}, body)

    def _ask_in_channel(
        self, seen: Oracle, method: str, path: str, params: dict[str, int] | None = None, body: Any = None
    ) -> None:
        name = f"{method} /channels/{{channel_id}}/messages{path}"
        self._call(name, (params or {}) | {"channel_id": seen.channel}, body)

    def _call(self, name: str, params: dict[str, int], body: Any) -> None:
        journal, state = self._discord.journal, self._discord.state
        call = Call(
            discord=self._discord,
            auth="Bot",
            user=state.anybody(state.app.bot_id),
            scopes=frozenset(),
            params={key: str(value) for key, value in params.items()},
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
