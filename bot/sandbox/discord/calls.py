"""What a handler is given and what it gives back.

A handler is a plain function from a `Call` to a `Reply`, entered in a `RouteTable`; it raises `DiscordError` to refuse. It knows nothing
of HTTP, so that `transport.py` can do once what all of Discord's endpoints share.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import errors
from bot.sandbox.discord.model import By, Json, User

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.sandbox.discord.server import Discord
    from bot.sandbox.discord.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer; without `body` there is none, as with 204."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


NO_CONTENT = Reply(status=204)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request, understood: `auth` is Bot, Bearer or None, `user` who is acting, `params` the path's parts, ids as ints."""

    discord: Discord
    auth: str | None
    user: User | None
    scopes: frozenset[str]
    params: Mapping[str, str]
    query: Mapping[str, str]
    json: Any
    headers: Mapping[str, str]
    reason: str | None

    @property
    def state(self) -> State:
        """The state of the sandbox that was asked."""
        return self.discord.state

    @property
    def actor(self) -> User:
        """Who is acting; raises 401 where nobody is."""
        if self.user is None:
            raise errors.unauthorized()
        return self.user

    @property
    def by(self) -> By:
        """Who and why, for the audit log."""
        return By(user_id=self.actor.id, reason=self.reason)

    def id(self, name: str) -> int:
        """Return a snowflake of the path; `@me` is the caller; raises 50035 for anything else."""
        text = self.params[name]
        if text == "@me":
            return self.actor.id
        return snowflake(name, text)

    def form(self) -> Json:
        """Return the body as an object; raises 50035 where it is none."""
        if not isinstance(self.json, dict):
            raise errors.invalid_form(
                errors.field("", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            )
        return self.json


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An endpoint: method, template, handler; `auth` who may call it: `Bot`, `Bearer`, both, or `None` for anybody."""

    method: str
    template: str
    handler: Callable[[Call], Reply | Awaitable[Reply]]
    auth: tuple[str | None, ...] = ("Bot",)

    @property
    def name(self) -> str:
        """`METHOD /template`, as limits, faults and journal name it."""
        return f"{self.method} {self.template}"


class RouteTable:
    """Collects a module's endpoints, in the order in which they are to be tried."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def route[H: Callable[[Call], Reply | Awaitable[Reply]]](
        self, method: str, template: str, *, auth: tuple[str | None, ...] = ("Bot",)
    ) -> Callable[[H], H]:
        """Register the decorated function."""

        def register(handler: H) -> H:
            self.routes.append(Route(method=method, template=template, handler=handler, auth=auth))
            return handler

        return register


def snowflake(name: str, text: Any) -> int:
    """Read an id; raises 50035 where it is none."""
    if str(text).isdecimal() and int(text) < 1 << 63:
        return int(text)
    raise errors.invalid_form(errors.field(name, "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.'))
