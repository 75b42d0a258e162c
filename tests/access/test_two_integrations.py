"""One membership that gives access through two integrations of a server: what one ends, the other does not keep."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from bot.discord.permissions import Permission
from models import AttachmentRole, Creator, GuildRole, Integration, Tier
from models.access import GrantState
from models.integrations import EndPolicy
from models.memberships import MembershipStatus
from tests.access.house import House


async def _twice(house: House) -> tuple[int, int]:
    """Gold gives role 7 through the first integration and role 8 through the second."""
    for role_id in (7, 8):
        await house.role(role_id)
    first = await house.integration({"gold": [7]}, policy=EndPolicy.ROLES)
    return first, await house.integration({"gold": [8]})


async def test_what_the_closed_one_gave_goes_though_a_role_of_the_other_was_deleted(house: House) -> None:
    first, _ = await _twice(house)
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "gold")
    await house.runs()
    assert house.roles_of(fan) == {7, 8}

    await GuildRole.filter(id=8).delete()
    await house.inside(fan, 7)
    await house.closes(first)
    await house.runs()

    assert house.roles_of(fan) == set()


async def test_the_shorter_grace_ends_though_a_role_of_the_other_is_out_of_reach(house: House) -> None:
    first, second = await _twice(house)
    await Integration.filter(id=first).update(grace_days=0)
    await Integration.filter(id=second).update(grace_days=30)
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "gold", days=1)
    await house.runs()

    await GuildRole.filter(id=8).update(position=99)
    await house.inside(fan, 7)
    await house.has("bob", "gold", MembershipStatus.PAST_DUE, until=house.clock.now + timedelta(days=1))
    await house.runs()
    assert house.roles_of(fan) == {7}

    await house.later(days=1, minutes=1)
    assert house.roles_of(fan) == set()


async def test_what_is_closed_with_keep_stays_though_the_other_goes_on(house: House) -> None:
    first, _ = await _twice(house)
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "gold")
    await house.runs()

    await house.closes(first, keep=True)
    await house.later(days=2)

    assert house.roles_of(fan) == {7, 8}
    assert "role_kept" in await house.history_of(fan)


async def test_an_upgrade_from_one_to_the_other_is_a_change_and_waits(house: House) -> None:
    await house.role(7)
    await house.role(8, position=99)
    first = await house.integration({"silver": [7]})
    await house.integration({"gold": [8]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "silver", membership="m1")
    await house.runs()

    await house.pays("bob", "gold", membership="m1")
    await house.runs()
    assert house.roles_of(fan) == {7}

    await house.closes(first)
    await house.runs()
    assert house.roles_of(fan) == set()


async def _eves(house: House, tiers: dict[str, Iterable[int]]) -> int:
    """An integration of another creator on the same server."""
    await Creator.create(id="eve", display_name="Eve")
    for tier_id in tiers:
        await Tier.create(id=tier_id, creator_id="eve", name=tier_id.title())
    integration = await house.integration(tiers)
    await Integration.filter(id=integration).update(creator_id="eve")
    return integration


@pytest.mark.parametrize("eves_is_closed", [False, True])
async def test_one_creators_yes_to_a_power_is_nobody_elses(house: House, eves_is_closed: object) -> None:
    """DESIGN §5.4: the role is not given *until its creator confirms*."""
    await house.role(7, permissions=int(Permission.BAN_MEMBERS))
    await house.integration({"gold": [7]})
    eves = await _eves(house, {"vip": [7]})
    await AttachmentRole.filter(attachment__integration_id=eves).update(
        confirmed_powers=int(Permission.BAN_MEMBERS)
    )
    anas_fan, eves_fan = await house.fan("bob", 5), await house.fan("cem", 6)
    if eves_is_closed:
        await house.closes(eves)
    for fan, name, tier in ((anas_fan, "bob", "gold"), (eves_fan, "cem", "vip")):
        await house.inside(fan)
        await house.pays(name, tier)
    await house.runs()

    assert house.roles_of(anas_fan) == set()
    assert "role_gained_power: role 7" in (await house.why(anas_fan)).troubles
    assert house.roles_of(eves_fan) == (set() if eves_is_closed else {7})


async def test_two_halves_of_a_yes_are_none(house: House) -> None:
    both = Permission.BAN_MEMBERS | Permission.KICK_MEMBERS
    await house.role(7, permissions=int(both))
    first = await house.integration({"gold": [7]})
    second = await house.integration({"gold": [7]})
    for integration, power in ((first, Permission.BAN_MEMBERS), (second, Permission.KICK_MEMBERS)):
        roles = AttachmentRole.filter(attachment__integration_id=integration)
        await roles.update(confirmed_powers=int(power))
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "gold")
    await house.runs()
    assert await house.grants_of(fan) == {}

    await AttachmentRole.filter(attachment__integration_id=first).update(confirmed_powers=int(both))
    await house.work.fan_out("integration", str(first))
    await house.runs()
    assert await house.grants_of(fan) == {7: GrantState.GIVEN}
