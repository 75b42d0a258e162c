"""The rooms that this one asks: what a tier opens, and what is left of a deleted fan's access."""

import pytest

from bot.access.remains import Remains
from bot.fans.forgetting import forget_fan
from bot.ids import FanId, IntegrationId, TierId
from bot.integrations.openings import Opening, Openings
from bot.memberships.erase import Erasure
from models import (
    Attachment,
    AttachmentRole,
    Creator,
    Fan,
    Grant,
    Guild,
    GuildRole,
    Integration,
    Link,
    Seat,
    Work,
)
from models.access import GrantState
from models.fans import SeatState
from models.integrations import IntegrationState
from tests.memberships.data import fan, membership
from tests.memberships.room import START, Room
from tests.memberships.wire import Platform

GUILD, ROLE, ACCOUNT = 10, 20, 30


@pytest.fixture
async def club(platform: Platform) -> Integration:
    """Gold gives a role in Ana's server."""
    await Creator.create(id="ana", display_name="Ana")
    await Guild.create(id=GUILD, name="Ana's place", owner_id=1, bot_present=True, seen_at=START)
    await GuildRole.create(id=ROLE, guild_id=GUILD, name="Gold", position=1, permissions=0, managed=False)
    club = await Integration.create(
        creator_id="ana", name="Club", state=IntegrationState.CONNECTED, guild_id=GUILD, created_at=START
    )
    attachment = await Attachment.create(integration=club, tier_id="gold", created_at=START)
    await AttachmentRole.create(attachment=attachment, role_id=ROLE)
    await platform.send("membership.updated", membership())
    return club


async def test_a_tier_opens_what_is_in_use(club: Integration) -> None:
    opening = Opening(
        integration_id=IntegrationId(club.id), name="Club", guild_name="Ana's place", roles=("Gold",)
    )
    assert await Openings().of_tier(TierId("gold")) == [opening]
    assert await Openings().of_tier(TierId("silver")) == []
    await Integration.all().update(state=IntegrationState.CLOSING)
    assert await Openings().of_tier(TierId("gold")) == []


async def test_a_linked_fan_is_erased_only_when_the_last_grant_is_gone(
    club: Integration, platform: Platform, room: Room
) -> None:
    await Link.create(fan_id="bob", account_id=ACCOUNT, username="bob", linked_at=START)
    await Seat.create(fan_id="bob", integration=club, state=SeatState.WANTED, changed_at=START)
    grant = await Grant.create(
        guild_id=GUILD,
        account_id=ACCOUNT,
        role_id=ROLE,
        state=GrantState.SEEN,
        because=[],
        written_at=START,
    )
    work = await Work.create(guild_id=GUILD, account_id=ACCOUNT, due_at=START)
    erasure = Erasure(clock=room.clock, outbox=room.outbox, remains=Remains(room.clock), forgets=[forget_fan])
    await platform.send("fan.deleted", fan(2))
    assert await erasure.erase_due() == 0
    await Work.filter(id=work.id).update(due_at=None)
    assert await erasure.erase_due() == 0
    await grant.delete()
    assert await erasure.erase_due() == 1
    assert (await Fan.all().count(), await Link.all().count(), await Seat.all().count()) == (0, 0, 0)


async def test_nothing_is_left_of_who_was_never_linked(platform: Platform, room: Room) -> None:
    await platform.send("membership.updated", membership())
    assert not await Remains(room.clock).anything_left_of(FanId("bob"))
