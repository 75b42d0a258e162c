"""Which of a creator's accounts acts for them, where several manage the server."""

import pytest

from bot.discord.observed import ABSENT, Observed
from bot.discord.permissions import Permission
from bot.ids import AccountId, CreatorId, GuildId, Member, RoleId
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.deputies import Deputies
from models import GuildRole
from models.access import StayState
from tests.integrations.rooms import GUILD, Rooms

HIGH, HANDS, FEET, GUEST = AccountId(21), AccountId(22), AccountId(23), AccountId(24)
SERVER = Permission.MANAGE_GUILD
STANDS = {
    HIGH: (9, SERVER),
    HANDS: (7, SERVER | Permission.MANAGE_ROLES),
    FEET: (6, SERVER | Permission.KICK_MEMBERS),
    GUEST: (8, Permission.MANAGE_ROLES | Permission.KICK_MEMBERS),
}
"""Each account has one role of its own: its position and permissions."""


class _There:
    """The server as these accounts are in it."""

    async def observe(self, member: Member, *, urgent: bool = False) -> Observed:  # noqa: ARG002 - the port's
        if member.account_id not in STANDS:
            return ABSENT
        return Observed(state=StayState.IN, roles=frozenset({RoleId(int(member.account_id))}))

    async def look_now(self, guild_id: GuildId) -> None:
        """It is stored already."""


@pytest.fixture
async def deputies(rooms: Rooms) -> Deputies:
    for account_id, (position, permissions) in STANDS.items():
        await GuildRole.create(
            id=int(account_id),
            guild_id=int(GUILD),
            name=f"role {account_id}",
            position=position,
            permissions=int(permissions),
            managed=False,
        )
        await rooms.proofs.prove(CreatorId("zoe"), account_id, "zoe")
    there = _There()
    return Deputies(accounts=rooms.accounts, members=there, refresh=there)


@pytest.mark.parametrize(
    ("needs", "acts"),
    [(SERVER, HIGH), (Permission.MANAGE_ROLES, HANDS), (Permission.KICK_MEMBERS, FEET)],
)
async def test_it_is_the_highest_of_those_that_may_do_what_is_asked(
    deputies: Deputies, needs: Permission, acts: AccountId
) -> None:
    found = await deputies.of(CreatorId("zoe"), GUILD, needs=needs)

    assert isinstance(found, Actor)
    assert found.account_id == acts


async def test_where_none_has_it_the_highest_is_refused_by_whoever_asks(deputies: Deputies) -> None:
    found = await deputies.of(CreatorId("zoe"), GUILD, needs=Permission.BAN_MEMBERS)

    assert isinstance(found, Actor)
    assert found.account_id == HIGH


async def test_who_does_not_manage_the_server_never_acts(rooms: Rooms, deputies: Deputies) -> None:
    for account_id in (HIGH, HANDS, FEET):
        await rooms.proofs.withdraw(CreatorId("zoe"), account_id)

    found = await deputies.of(CreatorId("zoe"), GUILD, needs=Permission.MANAGE_ROLES)

    assert found == Refused(why=Refusal.NO_MANAGE_SERVER)
