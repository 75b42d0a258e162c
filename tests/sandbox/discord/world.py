"""A guild to ask about, and a plain HTTP client to ask with: what the REST tests have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import aiohttp

from bot.sandbox.discord.description.exchange import BY_HAND
from bot.sandbox.discord.oauth import GRANTS
from bot.sandbox.discord.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.discord.server import Discord
    from bot.sandbox.discord.state import Event, Guild, Role, User

AS_A_BOT = {"User-Agent": "DiscordBot (https://sandbox.test, 1)", BY_HAND: "true"}
"""Says who asks, as Discord demands, and that it may ask wrongly on purpose: then it is enough that it is refused."""

BOT_PERMISSIONS = (
    Permission.MANAGE_ROLES
    | Permission.KICK_MEMBERS
    | Permission.BAN_MEMBERS
    | Permission.CREATE_INSTANT_INVITE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def refusal(self) -> tuple[int, int]:
        """Status and Discord's code."""
        return self.status, self.body["code"]


class Wire:
    """Asks the sandbox, as the bot unless told otherwise."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._session = aiohttp.ClientSession(headers=AS_A_BOT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        auth: str | None = "",
        reason: str | None = None,
        **more: Any,
    ) -> Answer:
        headers = {} if auth is None else {"Authorization": auth or f"Bot {self._discord.state.app.token}"}
        if reason:
            headers["X-Audit-Log-Reason"] = reason
        asked = self._session.request(
            method, self._discord.api_url + path, json=body, headers=headers | more.pop("headers", {}), **more
        )
        async with asked as response:
            raw = await response.read()
            is_json = response.headers.get("Content-Type") == "application/json"
            return Answer(
                status=response.status,
                body=await response.json() if is_json else raw.decode() or None,
                headers=dict(response.headers),
            )


class World:
    """One guild: its owner, the bot with its role above Gold and below Moderator, a fan who is in."""

    def __init__(self, discord: Discord) -> None:
        self.discord = discord
        self.state = discord.state
        self.events: list[Event] = []
        self.owner = self.state.create_user("olga")
        self.guild, self.gold, self.moderator = self.another_guild("Ana's garden")
        self.bot_role = self.state.bot_role(self.guild)
        self.fan = self.state.create_user("fred")
        self.state.add_member(self.guild, self.fan)
        self.state.on(self.events.append)

    @property
    def bot_id(self) -> int:
        return self.state.app.bot_id

    @property
    def path(self) -> str:
        return f"/guilds/{self.guild.id}"

    @property
    def fan_path(self) -> str:
        return f"{self.path}/members/{self.fan.id}"

    def another_guild(self, name: str) -> tuple[Guild, Role, Role]:
        """Open a guild with the bot in it; return it, a role below the bot's and one above."""
        guild = self.state.create_guild(name, self.owner.id)
        self.state.add_bot(guild, int(BOT_PERMISSIONS))
        gold = self.state.create_role(guild, name="Gold")
        moderator = self.state.create_role(guild, name="Moderator", permissions=int(Permission.KICK_MEMBERS))
        self.state.move_roles(guild, {moderator.id: 3})
        return guild, gold, moderator

    def stranger(self, **traits: Any) -> User:
        """Open an account that is in no guild."""
        return self.state.create_user("sue", **traits)

    def token_of(self, user: User, *scopes: str) -> str:
        """Return an access token, as if the user had consented a moment ago."""
        grants = self.discord.app[GRANTS]
        code = grants.consent(user.id, scopes or ("identify", "guilds.join"), "http://127.0.0.1/callback")
        return grants.exchange(code, "http://127.0.0.1/callback").access_token

    def allow(self, permission: int) -> None:
        """Make this all that the bot's role may do."""
        self.state.edit_role(self.guild, self.bot_role, permissions=int(permission))

    def roles_of(self, user: User) -> set[str]:
        """Return the names of a member's roles."""
        return {self.guild.roles[role_id].name for role_id in self.guild.members[user.id].role_ids}

    def event(self, name: str) -> dict[str, Any]:
        """Return the data of the one event of that name."""
        (found,) = [event.data for event in self.events if event.name == name]
        return found
