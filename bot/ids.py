"""Ids with types, so that a guild is never passed where a role is meant.

Discord's ids are snowflakes (64-bit integers, strings on the wire); the platform's are strings of
``[A-Za-z0-9_.-]{1,64}``. A :class:`Member` is what work, plans and grants are about: one account in one guild.
"""

import re
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

LARGEST = 2**63 - 1
"""What a column holds; neither Discord's ids nor ours reach it."""


def read_id(given: object) -> int | None:
    """The number that a form gave for an id; None for what is none, or would fit no column."""
    if not isinstance(given, str) or not re.fullmatch(r"[0-9]{1,19}", given):
        return None
    number = int(given)
    return number if number <= LARGEST else None


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """One Discord account in one guild, there or not."""

    guild_id: GuildId
    account_id: AccountId
