"""What this Discord consists of: users, guilds, roles, members, channels, messages.

Plain mutable records, because they *are* the state; only the methods of `State` change them, so that every change is announced and
journalled. Ids are ints here and strings on the wire (`payloads.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

Json = dict[str, Any]

TEXT_CHANNEL = 0
DM_CHANNEL = 1


@dataclass(slots=True, kw_only=True)
class User:
    """An account; the last block says how Discord treats it."""

    id: int
    username: str
    global_name: str | None = None
    bot: bool = False
    email: str | None = None
    verified: bool = True
    locale: str = "en-US"

    dms_open: bool = True
    guild_limit_reached: bool = False
    joining_limited: bool = False
    deleted: bool = False


@dataclass(slots=True, kw_only=True)
class Role:
    """A role; `position` 0 is @everyone, whose id is the guild's."""

    id: int
    guild_id: int
    name: str
    position: int
    permissions: int = 0
    managed: bool = False
    tags: Json = field(default_factory=dict)
    color: int = 0
    hoist: bool = False
    mentionable: bool = False


@dataclass(slots=True, kw_only=True)
class Member:
    """An account in a guild; `role_ids` leaves out @everyone, as Discord does."""

    guild_id: int
    user_id: int
    joined_at: datetime
    role_ids: set[int] = field(default_factory=set)
    pending: bool = False
    premium_since: datetime | None = None
    nick: str | None = None
    muted: bool = False
    deafened: bool = False
    timed_out_until: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Ban:
    """A ban and the reason it was given with."""

    user_id: int
    reason: str | None = None


@dataclass(slots=True, kw_only=True)
class Channel:
    """A text channel of a guild, or a direct message (`guild_id` None)."""

    id: int
    type: int = TEXT_CHANNEL
    guild_id: int | None = None
    name: str | None = None
    position: int = 0
    recipient_ids: list[int] = field(default_factory=list)
    overwrites: list[Json] = field(default_factory=list)
    last_message_id: int | None = None


@dataclass(slots=True, kw_only=True)
class Message:
    """A message; `extra` is merged into its payload (interaction metadata and the like)."""

    id: int
    channel_id: int
    author_id: int
    content: str
    sent_at: datetime
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    type: int = 0
    edited_at: datetime | None = None
    visible_to: int | None = None
    extra: Json = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class AuditEntry:
    """One line of a guild's audit log."""

    id: int
    guild_id: int
    action: int
    user_id: int | None
    target_id: int | None
    reason: str | None = None
    changes: list[Json] = field(default_factory=list)
    options: Json = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Guild:
    """A server with everything in it."""

    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    bans: dict[int, Ban] = field(default_factory=dict)
    features: set[str] = field(default_factory=set)
    audit: list[AuditEntry] = field(default_factory=list)
    screening: bool = False
    unavailable: bool = False
    invites_disabled: bool = False
    preferred_locale: str = "en-US"

    @property
    def everyone(self) -> Role:
        """The role that each member has."""
        return self.roles[self.id]

    def ladder(self) -> list[Role]:
        """Return the roles from the lowest (@everyone) to the highest; at one position the older stands higher."""
        return sorted(self.roles.values(), key=lambda role: (role.position, -role.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What is typed into the developer portal; without `client_id` one is made, without `redirect_uris` any loopback address goes."""

    token: str = "sandbox-bot-token"
    client_id: int | None = None
    client_secret: str = "sandbox-client-secret"
    redirect_uris: Sequence[str] = ()
    privileged_intents: bool = True
    name: str = "Passes Bot"


@dataclass(slots=True, kw_only=True)
class Application:
    """The one application of this sandbox, and its bot."""

    id: int
    bot_id: int
    owner_id: int
    token: str
    client_secret: str
    name: str
    redirect_uris: list[str]
    privileged_intents: bool
    verify_key: str = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A gateway dispatch. With `user_id`, it concerns only that user (a direct message); else everyone who sees the guild."""

    name: str
    data: Json
    guild_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who does something and why they say they do it, for the audit log."""

    user_id: int | None = None
    reason: str | None = None


NOBODY = By()
