"""Plays people in a sandbox Discord over the wire: the only thing that tests and the tour use.

`async with Driver(discord.url) as driver:` and then, as one would tell it: `await driver.join(guild, fan)`, `await driver.command(fan,
"passes link", guild=guild)`. Roles may be given by name wherever a guild is named. What Discord refuses a person raises `Refused` with
Discord's code; what its client would not even offer raises `Cannot`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from bot.sandbox.discord.answers import Answer, from_message, from_sight
from bot.sandbox.discord.machinery import Machinery
from bot.sandbox.discord.remote import Cannot, DidNotRespond, NeverFinished, Refused
from bot.sandbox.page import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

type Json = dict[str, Any]

__all__ = ["Answer", "Cannot", "DidNotRespond", "Driver", "NeverFinished", "Refused"]


class Driver(Machinery):
    """A typed client of the sandbox's remote control and of its public OAuth pages."""

    # Accounts and servers

    async def create_user(self, name: str, *, dms_open: bool = True, **traits: Any) -> int:
        return int(await self._call("create_user", name=name, dms_open=dms_open, **traits))

    async def set_user(self, user: int, **traits: Any) -> None:
        await self._call("set_user", user=user, **traits)

    async def create_guild(self, owner: int, name: str, *, screening: bool = False) -> int:
        return int(await self._call("create_guild", owner=owner, name=name, screening=screening))

    async def set_guild(self, guild: int, **traits: Any) -> None:
        await self._call("set_guild", guild=guild, **traits)

    async def delete_guild(self, guild: int) -> None:
        await self._call("delete_guild", guild=guild)

    async def transfer(self, guild: int, to: int, by: int | None = None) -> None:
        await self._call("transfer", guild=guild, to=to, by=by)

    async def pause_joins(self, guild: int, paused: bool = True, by: int | None = None) -> None:  # noqa: FBT001, FBT002  reads as said
        await self._call("pause_joins", guild=guild, paused=paused, by=by)

    async def set_available(self, guild: int, available: bool) -> None:  # noqa: FBT001  reads as said
        await self._call("set_available", guild=guild, available=available)

    # Roles

    async def create_role(self, guild: int, name: str, *, permissions: int = 0, by: int | None = None) -> int:
        return int(await self._call("create_role", guild=guild, name=name, permissions=permissions, by=by))

    async def edit_role(
        self,
        guild: int,
        role: int | str,
        *,
        permissions: int | None = None,
        name: str | None = None,
        by: int | None = None,
    ) -> None:
        await self._call("edit_role", guild=guild, role=role, permissions=permissions, name=name, by=by)

    async def move_role(
        self, guild: int, role: int | str, *, above: int | str, by: int | None = None
    ) -> None:
        await self._call("move_role", guild=guild, role=role, above=above, by=by)

    async def delete_role(self, guild: int, role: int | str, *, by: int | None = None) -> None:
        await self._call("delete_role", guild=guild, role=role, by=by)

    # Members

    async def add_bot(self, guild: int, by: int | None = None, permissions: int = 0) -> None:
        await self._call("add_bot", guild=guild, by=by, permissions=permissions)

    async def kick_bot(self, guild: int, by: int | None = None) -> None:
        await self._call("kick_bot", guild=guild, by=by)

    async def crowd(self, guild: int, size: int, *, role: str | None = None) -> list[int]:
        """Many strangers come in at once, each given the role; return their accounts."""
        return [int(user) for user in await self._call("crowd", guild=guild, size=size, role=role)]

    async def join(self, guild: int, user: int) -> None:
        await self._call("join", guild=guild, user=user)

    async def leave(self, guild: int, user: int) -> None:
        await self._call("leave", guild=guild, user=user)

    async def kick(self, guild: int, user: int, by: int | None = None) -> None:
        await self._call("kick", guild=guild, user=user, by=by)

    async def ban(self, guild: int, user: int, by: int | None = None) -> None:
        await self._call("ban", guild=guild, user=user, by=by)

    async def unban(self, guild: int, user: int, by: int | None = None) -> None:
        await self._call("unban", guild=guild, user=user, by=by)

    async def give_role(self, guild: int, user: int, role: int | str, by: int | None = None) -> None:
        await self._call("give_role", guild=guild, user=user, role=role, by=by)

    async def take_role(self, guild: int, user: int, role: int | str, by: int | None = None) -> None:
        await self._call("take_role", guild=guild, user=user, role=role, by=by)

    async def accept_screening(self, guild: int, user: int) -> None:
        await self._call("accept_screening", guild=guild, user=user)

    async def boost(self, guild: int, user: int, boosting: bool = True) -> None:  # noqa: FBT001, FBT002  reads as said
        await self._call("boost", guild=guild, user=user, boosting=boosting)

    # What can be seen

    async def member(self, guild: int, user: int) -> Json | None:
        found: Json | None = await self._call("member", guild=guild, user=user)
        return found

    async def roles_of(self, guild: int, user: int) -> set[str]:
        """Return the names of a member's roles; nobody there has none."""
        found = await self.member(guild, user)
        return set(found["roles"]) if found else set()

    async def guild(self, guild: int) -> Json:
        found: Json = await self._call("guild", guild=guild)
        return found

    async def guilds(self) -> list[int]:
        return [int(each) for each in await self._call("guilds")]

    async def users(self) -> list[Json]:
        found: list[Json] = await self._call("users")
        return found

    async def dms(self, user: int) -> list[Json]:
        found: list[Json] = await self._call("dms", user=user)
        return found

    async def settings(self) -> Json:
        """Return api_url, client_id, client_secret, token and bot_id."""
        found: Json = await self._call("settings")
        return found

    async def commands(self, guild: int | None = None) -> list[Json]:
        found: list[Json] = await self._call("commands", guild=guild)
        return found

    # People and the bot

    async def command(
        self, user: int, name: str, *, guild: int | None = None, options: Mapping[str, Any] | None = None
    ) -> Answer:
        """Type a slash command; without a guild, in the bot's direct messages. Waits for the final answer."""
        return from_sight(await self._call("command", user=user, name=name, guild=guild, options=options))

    async def autocomplete(  # noqa: PLR0913  each is one thing that a person types
        self,
        user: int,
        name: str,
        *,
        option: str,
        text: str,
        guild: int | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Begin to type an option; the answer's `choices` are what is suggested."""
        return from_sight(
            await self._call(
                "autocomplete", user=user, name=name, option=option, text=text, guild=guild, options=options
            )
        )

    async def press(
        self, user: int, where: Answer | Json, *, label: str | None = None, custom_id: str | None = None
    ) -> Answer:
        """Press a button of an answer or of a message; without a name, the only one there."""
        message_id = _message_id(where)
        return from_sight(
            await self._call("press", user=user, message_id=message_id, label=label, custom_id=custom_id)
        )

    async def choose(
        self,
        user: int,
        where: Answer | Json,
        values: Sequence[str | int],
        *,
        placeholder: str | None = None,
        custom_id: str | None = None,
    ) -> Answer:
        """Choose in a menu by labels, names or ids; without a name, in the only one there."""
        return from_sight(
            await self._call(
                "choose",
                user=user,
                message_id=_message_id(where),
                values=list(values),
                placeholder=placeholder,
                custom_id=custom_id,
            )
        )

    async def fill(self, user: int, form: Answer, fields: Mapping[str, str | bool | list[str]]) -> Answer:
        """Fill in a form by labels or custom ids, and send it; what is left out keeps its prefilled text."""
        return from_sight(
            await self._call("fill", user=user, interaction_id=form.interaction_id, fields=dict(fields))
        )

    async def look(self, user: int, where: Answer | Json) -> Answer | None:
        """Look at a message once more; None if it is gone."""
        found = await self._call("message", user=user, message_id=_message_id(where))
        return None if found is None else from_message(found)

    async def shown(self, user: int, answer: Answer) -> list[Answer]:
        """Return every message that an act has brought so far, follow-ups too."""
        found = await self._call("shown", user=user, interaction_id=answer.interaction_id)
        return [from_message(each, interaction_id=answer.interaction_id) for each in found]

    # The browser

    async def authorize(self, user: int, url: str, *, approve: bool = True, guild: int | None = None) -> str:
        """Play the browser on Discord's consent page; return where it is sent afterwards.

        The page's own form is filled in, so a choice that it does not offer raises `Cannot`, and a page that only tells of a mistake
        raises `Refused`.
        """
        address = self._authorize_address(url, user)
        async with self._http.get(address, allow_redirects=False) as response:
            if response.status in {302, 303}:
                return urljoin(address, response.headers["Location"])
            text = await response.text()
            if response.status != 200:
                raise Refused(_heading(text))
        (form,) = read(text).forms
        fields = {**dict(form.fields), "decision": "approve" if approve else "deny"}
        if guild is not None:
            if str(guild) not in form.options.get("guild_id", {}):
                raise Cannot(f"the page does not offer the server {guild}")
            fields["guild_id"] = str(guild)
        async with self._http.post(address, data=fields, allow_redirects=False) as response:
            if response.status not in {302, 303}:
                raise Refused(_heading(await response.text()))
            return urljoin(address, response.headers["Location"])

    async def deauthorize(self, user: int) -> None:
        await self._call("deauthorize", user=user)

    async def expire_tokens(self, user: int) -> None:
        await self._call("expire_tokens", user=user)

    async def expire_codes(self) -> None:
        await self._call("expire_codes")

    def _authorize_address(self, url: str, user: int) -> str:
        """Return the page of this sandbox, also where the link names discord.com; signed in as `user`."""
        parts, own = urlsplit(url), urlsplit(self._url)
        query = "&".join(part for part in (parts.query, urlencode({"as": user})) if part)
        return urlunsplit(parts._replace(scheme=own.scheme, netloc=own.netloc, query=query))


def _heading(html: str) -> str:
    page = read(html)
    return page.title or page.text[:200]


def _message_id(where: Answer | Json) -> int:
    message_id = where.message_id if isinstance(where, Answer) else int(where["id"])
    if message_id is None:
        raise Cannot("there is no message to use")
    return message_id
