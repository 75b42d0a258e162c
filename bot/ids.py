"""Ids with types, so that a guild is never passed where a role is meant.

Discord's ids are snowflakes (64-bit integers, strings on the wire); the platform's are strings of
``[A-Za-z0-9_.-]{1,64}``. A :class:`Member` is what work, plans and grants are about: one account in one guild.
"""

from dataclasses import dataclass
from typing import NewType

GuildId = NewType("GuildId", int)
RoleId = NewType("RoleId", int)
AccountId = NewType("AccountId", int)
"""A Discord user's id."""

CreatorId = NewType("CreatorId", str)
FanId = NewType("FanId", str)
TierId = NewType("TierId", str)
MembershipId = NewType("MembershipId", str)
IntegrationId = NewType("IntegrationId", int)


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """One Discord account in one guild, there or not."""

    guild_id: GuildId
    account_id: AccountId
