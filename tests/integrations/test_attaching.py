"""Nobody attaches through the bot what they could not give by hand."""

import pytest

from bot.discord.permissions import Permission
from bot.ids import IntegrationId, RoleId, TierId
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.attachments import AskAgain, Attached
from models import AttachmentRole, ChosenTier, GuildRole, Integration
from tests.integrations.rooms import (
    BOSS,
    GOLD,
    HERS,
    NITRO,
    OWNER,
    ROOT,
    STAFF,
    TIER,
    ZOES_ACTOR,
    Rooms,
    helper,
)

ADMIN = Permission.MANAGE_GUILD | Permission.MANAGE_ROLES


@pytest.mark.parametrize(
    ("role_id", "by", "why"),
    [
        (ROOT, OWNER, Refusal.ROLE_IS_ADMIN),
        (NITRO, OWNER, Refusal.ROLE_MANAGED),
        (RoleId(100), OWNER, Refusal.ROLE_MANAGED),
        (BOSS, OWNER, Refusal.ROLE_OUT_OF_REACH),
        (RoleId(999), OWNER, Refusal.ROLE_GONE),
        (GOLD, helper(Permission.MANAGE_GUILD, top=9), Refusal.NO_MANAGE_ROLES),
        (GOLD, helper(ADMIN, top=3), Refusal.ROLE_ABOVE_THEIRS),
        (GOLD, helper(Permission.MANAGE_ROLES, top=9), Refusal.NO_MANAGE_SERVER),
        (GOLD, ZOES_ACTOR, Refusal.UNKNOWN),
    ],
)
async def test_what_is_refused(rooms: Rooms, role_id: RoleId, by: Actor, why: Refusal) -> None:
    club = await rooms.club()

    outcome = await rooms.attachments.attach(club, [TIER], [role_id], by=by)

    assert isinstance(outcome, Refused)
    assert outcome.why is why
    assert await rooms.attachments.of(club) == []


async def test_what_could_be_given_by_hand_is_attached(rooms: Rooms) -> None:
    club = await rooms.club()
    await rooms.fanned_out()

    outcome = await rooms.attachments.attach(club, [TIER], [GOLD], by=helper(ADMIN, top=4))

    assert isinstance(outcome, Attached)
    assert [each.role_ids for each in await rooms.attachments.of(club)] == [(GOLD,)]
    assert await rooms.fanned_out() == {("integration", str(club))}


async def test_another_creators_tier(rooms: Rooms) -> None:
    club = await rooms.club()

    attached = await rooms.attachments.attach(club, [TIER, HERS], [GOLD], by=OWNER)
    chosen = await rooms.choices.choose(club, [HERS], by=OWNER)

    assert attached == chosen == Refused(why=Refusal.TIER_UNKNOWN)
    assert await rooms.attachments.of(club) == []


async def test_a_tier_that_is_not_there(rooms: Rooms) -> None:
    outcome = await rooms.attachments.attach(await rooms.club(), [TierId("none")], [], by=OWNER)

    assert outcome == Refused(why=Refusal.TIER_UNKNOWN)


async def test_an_integration_that_is_not_there(rooms: Rooms) -> None:
    outcome = await rooms.attachments.attach(IntegrationId(99), [TIER], [], by=OWNER)

    assert outcome == Refused(why=Refusal.UNKNOWN)


async def test_an_integration_of_another_server(rooms: Rooms) -> None:
    club = await rooms.club()
    await Integration.filter(id=club).update(guild_id=101)

    outcome = await rooms.attachments.attach(club, [TIER], [], by=OWNER)

    assert outcome == Refused(why=Refusal.OTHER_SERVER)


class TestPowers:
    async def test_the_second_yes_attaches_what_was_asked_and_remembers_the_powers(
        self, rooms: Rooms
    ) -> None:
        club = await rooms.club()

        asked = await rooms.choices.give(club, TIER, [GOLD, STAFF], by=OWNER)
        assert isinstance(asked, AskAgain)
        assert [role.name for role in asked.roles] == ["Staff"]
        assert await rooms.attachments.of(club) == []

        assert isinstance(await rooms.choices.confirm(club, TIER, by=OWNER), Attached)
        powers = {row.role_id: row.confirmed_powers for row in await AttachmentRole.all()}
        assert powers == {GOLD: 0, STAFF: int(Permission.KICK_MEMBERS)}
        assert await ChosenTier.all().count() == 0

    async def test_a_yes_that_was_not_asked_for(self, rooms: Rooms) -> None:
        club = await rooms.club()
        await rooms.choices.choose(club, [TIER], by=OWNER)

        outcome = await rooms.choices.confirm(club, TIER, by=OWNER)

        assert outcome == Refused(why=Refusal.NOTHING_ASKED)

    async def test_a_power_gained_between_question_and_yes(self, rooms: Rooms) -> None:
        club = await rooms.club()
        await rooms.choices.give(club, TIER, [STAFF], by=OWNER)
        more = Permission.KICK_MEMBERS | Permission.BAN_MEMBERS
        await GuildRole.filter(id=STAFF).update(permissions=int(more))

        again = await rooms.choices.confirm(club, TIER, by=OWNER)

        assert isinstance(again, AskAgain)
        assert again.roles[0].powers == more
        assert isinstance(await rooms.choices.confirm(club, TIER, by=OWNER), Attached)

    async def test_the_yes_of_somebody_who_lost_the_right(self, rooms: Rooms) -> None:
        club = await rooms.club()
        await rooms.choices.give(club, TIER, [STAFF], by=OWNER)

        outcome = await rooms.choices.confirm(club, TIER, by=helper(Permission(0), top=0))

        assert outcome == Refused(why=Refusal.NO_MANAGE_SERVER)


class TestChosenTogether:
    async def test_roles_are_asked_in_order_until_none_is_left(self, rooms: Rooms) -> None:
        club = await rooms.club()
        await rooms.choices.choose(club, [TIER], by=OWNER)
        assert await rooms.choices.next(club) == TIER

        await rooms.choices.give(club, TIER, [], by=OWNER)

        assert await rooms.choices.next(club) is None

    async def test_choosing_gives_nobody_anything(self, rooms: Rooms) -> None:
        club = await rooms.club()
        await rooms.fanned_out()

        await rooms.choices.choose(club, [TIER, TIER], by=OWNER)

        assert await rooms.attachments.of(club) == []
        assert await rooms.fanned_out() == set()
        assert await ChosenTier.all().count() == 1

    async def test_a_choice_can_be_taken_back(self, rooms: Rooms) -> None:
        club = await rooms.club()
        await rooms.choices.choose(club, [TIER], by=OWNER)

        assert await rooms.choices.forget(club, TIER, by=ZOES_ACTOR) == Refused(why=Refusal.UNKNOWN)
        assert await rooms.choices.forget(club, TIER, by=OWNER) is None

        assert await rooms.choices.next(club) is None


async def test_detaching_reaches_everybody_in_the_server(rooms: Rooms) -> None:
    club = await rooms.club()
    await rooms.attachments.attach(club, [TIER], [GOLD], by=OWNER)
    await rooms.fanned_out()

    assert await rooms.attachments.detach(club, TIER, by=ZOES_ACTOR) == Refused(why=Refusal.UNKNOWN)
    assert await rooms.fanned_out() == set()
    await rooms.attachments.detach(club, TIER, by=OWNER)

    assert await rooms.attachments.of(club) == []
    assert await rooms.fanned_out() == {("integration", str(club))}
    assert await rooms.attachments.detach(club, TIER, by=OWNER) == Refused(why=Refusal.NOT_ATTACHED)


async def test_what_may_be_attached_is_sorted_with_reasons(rooms: Rooms) -> None:
    could = await rooms.attachments.attachable(by=helper(ADMIN, top=3))

    assert [role.name for role in could.roles] == ["Staff"]
    assert {each.what: each.why for each in could.refused} == {
        "Boss": Refusal.ROLE_ABOVE_THEIRS,
        "Passes Bot": Refusal.ROLE_MANAGED,
        "Gold": Refusal.ROLE_ABOVE_THEIRS,
        "Nitro": Refusal.ROLE_MANAGED,
        "Root": Refusal.ROLE_IS_ADMIN,
    }
