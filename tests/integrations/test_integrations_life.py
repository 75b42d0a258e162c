"""An integration's life: not connected, connected, needs attention, closing, closed."""

from dataclasses import replace

import pytest

from bot.discord.permissions import INVITATION, Permission
from bot.ids import AccountId, CreatorId, GuildId, IntegrationId
from bot.integrations.actors import Refusal, Refused, actor
from bot.integrations.references import Step, next_step
from models import FanOut, Grant, Guild, GuildRole, Integration, Stay
from models.access import GrantState, StayState, Work
from models.integrations import EndPolicy
from tests.integrations.rooms import ANA, GOLD, GUILD, OWNER, STAFF, TIER, ZOES_ACTOR, Rooms, helper

CREATOR = CreatorId("ana")


class TestMaking:
    @pytest.mark.parametrize("name", ["", "   ", "x" * 81])
    async def test_a_bad_name(self, rooms: Rooms, name: str) -> None:
        assert await rooms.integrations.create(CREATOR, name) == Refused(why=Refusal.NAME_BAD)
        assert await rooms.integrations.create_here(CREATOR, name, by=OWNER) == Refused(why=Refusal.NAME_BAD)
        assert await Integration.all().count() == 0

    async def test_an_account_that_proved_nothing(self, rooms: Rooms) -> None:
        nobody = replace(OWNER, account_id=AccountId(3))

        outcome = await rooms.integrations.create_here(CREATOR, "Club", by=nobody)

        assert outcome == Refused(why=Refusal.NOT_PROVEN)

    async def test_a_withdrawn_proof_counts_no_more(self, rooms: Rooms) -> None:
        club = await rooms.club()
        await rooms.proofs.withdraw(CREATOR, ANA)

        assert await rooms.integrations.rename(club, "New", by=OWNER) == Refused(why=Refusal.NOT_PROVEN)

    async def test_who_cannot_kick_may_not_ask_for_it(self, rooms: Rooms) -> None:
        weak = helper(Permission.MANAGE_GUILD, top=3)
        club = await rooms.club(by=weak)
        assert (await Integration.get(id=club)).policy is EndPolicy.ROLES

        assert await rooms.integrations.set_policy(club, EndPolicy.ADDED, by=weak) == Refused(
            why=Refusal.NO_KICK
        )
        await rooms.integrations.set_policy(club, EndPolicy.ADDED, by=OWNER)
        assert (await Integration.get(id=club)).policy is EndPolicy.ADDED

    async def test_connecting_again_is_the_same_as_once_and_elsewhere_is_refused(self, rooms: Rooms) -> None:
        club = await rooms.club()
        await Guild.create(
            id=101, name="Other", owner_id=ANA, bot_present=True, seen_at=rooms.clock.now, bot_permissions=0
        )
        elsewhere = replace(OWNER, guild_id=GuildId(101))

        again = await rooms.integrations.connect(club, by=OWNER)
        assert not isinstance(again, Refused)
        assert again.guild_id == GUILD
        assert await rooms.integrations.connect(club, by=elsewhere) == Refused(why=Refusal.ALREADY_CONNECTED)

    async def test_what_can_be_set_up_here_is_the_creators_own(self, rooms: Rooms) -> None:
        club = await rooms.club()

        found = await rooms.integrations.to_set_up(CREATOR, by=OWNER)
        assert not isinstance(found, Refused)
        assert [each.id for each in found] == [club]
        assert await rooms.integrations.to_set_up(CREATOR, by=ZOES_ACTOR) == Refused(why=Refusal.UNKNOWN)

    async def test_the_steps_come_from_what_is_stored(self, rooms: Rooms) -> None:
        async def step() -> Step:
            found = await rooms.integrations.get(club)
            assert found is not None
            return next_step(found)

        named = await rooms.integrations.create(CREATOR, "Club")
        assert not isinstance(named, Refused)
        club = named.id
        assert await step() is Step.CONNECT
        await rooms.integrations.connect(club, by=OWNER)
        assert await step() is Step.REFRESH_ROLES
        await rooms.integrations.note_roles_refreshed(GUILD)
        assert await step() is Step.ADD_MEMBERSHIP
        await rooms.choices.choose(club, [TIER], by=OWNER)
        assert await step() is Step.CHOOSE_ROLES
        await rooms.choices.give(club, TIER, [GOLD], by=OWNER)
        assert await step() is Step.DONE


class TestHealth:
    @pytest.mark.parametrize(
        ("guild", "status"),
        [
            ({"bot_present": False}, ("needs_attention", "bot_absent")),
            (
                {"bot_permissions": int(Permission.CREATE_INSTANT_INVITE)},
                ("needs_attention", "no_manage_roles"),
            ),
            ({"bot_permissions": int(Permission.MANAGE_ROLES)}, ("needs_attention", "no_create_invite")),
            ({"bot_top_position": 2}, ("needs_attention", "role_out_of_reach")),
            ({"bot_permissions": int(INVITATION & ~Permission.KICK_MEMBERS)}, ("connected", "no_kick")),
            ({"bot_permissions": int(Permission.ADMINISTRATOR)}, ("connected", None)),
        ],
    )
    async def test_the_servers_side(
        self, rooms: Rooms, guild: dict[str, int], status: tuple[str, str | None]
    ) -> None:
        club = await rooms.club()
        await rooms.attachments.attach(club, [TIER], [GOLD], by=OWNER)
        assert await rooms.status(club) == ("connected", None)
        row = await Guild.get(id=GUILD)
        before = {name: getattr(row, name) for name in guild}

        await Guild.filter(id=GUILD).update(**guild)
        await rooms.health.review(GUILD)
        assert await rooms.status(club) == status

        await Guild.filter(id=GUILD).update(**before)
        await rooms.health.review(GUILD)
        assert await rooms.status(club) == ("connected", None)

    async def test_deleted_roles(self, rooms: Rooms) -> None:
        club = await rooms.club()
        await rooms.attachments.attach(club, [TIER], [GOLD], by=OWNER)
        await GuildRole.filter(id=GOLD).delete()
        await rooms.health.review(GUILD)
        assert await rooms.status(club) == ("needs_attention", "roles_deleted")

        await rooms.attachments.attach(club, [TIER], [], by=OWNER)
        assert await rooms.status(club) == ("connected", None)

    async def test_a_role_that_gained_a_power(self, rooms: Rooms) -> None:
        club = await rooms.club()
        await rooms.attachments.attach(
            club, [TIER], [STAFF], by=OWNER, confirmed={STAFF: int(Permission.KICK_MEMBERS)}
        )
        assert await rooms.status(club) == ("connected", None)

        more = Permission.KICK_MEMBERS | Permission.BAN_MEMBERS
        await GuildRole.filter(id=STAFF).update(permissions=int(more))
        await rooms.health.review(GUILD)

        assert await rooms.status(club) == ("needs_attention", "role_gained_power")

    async def test_what_closes_is_not_opened_again(self, rooms: Rooms) -> None:
        club = await rooms.club()
        await rooms.closing.close(club)

        await rooms.health.review(GUILD)

        assert await rooms.status(club) == ("closing", None)

    async def test_a_server_nobody_saw(self, rooms: Rooms) -> None:
        await rooms.health.review(GuildId(999))


class TestClosing:
    async def test_manage_server_alone_may_disconnect(self, rooms: Rooms) -> None:
        club = await rooms.club()

        assert await rooms.closing.disconnect(club, by=helper(Permission(0), top=0)) == Refused(
            why=Refusal.NO_MANAGE_SERVER
        )
        assert await rooms.closing.disconnect(club, by=ZOES_ACTOR) is None
        assert await rooms.status(club) == ("closing", None)

    async def test_only_from_the_server_it_is_in(self, rooms: Rooms) -> None:
        club = await rooms.club()
        elsewhere = replace(OWNER, guild_id=GuildId(101))

        assert await rooms.closing.disconnect(club, by=elsewhere) == Refused(why=Refusal.UNKNOWN)

    async def test_keep_is_remembered_and_a_second_close_changes_nothing(self, rooms: Rooms) -> None:
        club = await rooms.club()
        await rooms.closing.close(club, keep=True)
        await rooms.closing.close(club)

        assert (await Integration.get(id=club)).closing_policy is EndPolicy.KEEP

    async def test_keep_may_be_said_while_it_closes(self, rooms: Rooms) -> None:
        club = await rooms.club()
        await rooms.closing.close(club)
        await rooms.fanned_out()

        await rooms.closing.close(club, keep=True)

        assert (await Integration.get(id=club)).closing_policy is EndPolicy.KEEP
        assert await rooms.fanned_out() == {("integration", str(club))}

    async def test_the_creators_word_alone_ends_nothing_that_still_reaches_a_server(
        self, rooms: Rooms
    ) -> None:
        club = await rooms.club()

        refused = Refused(why=Refusal.IN_USE)
        assert await rooms.closing.disconnect_where_nothing_is_reached(CREATOR, club) == refused
        assert await rooms.closing.remove_where_nothing_is_reached(CREATOR, club) == refused
        assert await rooms.status(club) == ("connected", None)

        await Guild.filter(id=GUILD).update(bot_present=False)
        stranger = CreatorId("zoe")
        assert await rooms.closing.disconnect_where_nothing_is_reached(stranger, club) == Refused(
            why=Refusal.UNKNOWN
        )
        assert await rooms.closing.disconnect_where_nothing_is_reached(CREATOR, club) is None
        assert (await Integration.get(id=club)).closing_policy is EndPolicy.KEEP

    async def test_it_closes_when_nobody_is_left(self, rooms: Rooms) -> None:
        club = await rooms.club()
        await rooms.closing.close(club)
        await self.somebody_has_a_role(rooms, club)

        await rooms.closing.finish()
        assert await rooms.status(club) == ("closing", None)  # the fan-out is not unfolded

        await FanOut.all().delete()
        await rooms.closing.finish()
        assert await rooms.status(club) == ("closing", None)  # a member is due

        await Work.all().update(due_at=None)
        await rooms.closing.finish()
        assert await rooms.status(club) == ("closing", None)  # a role is still answered for

        await Grant.all().delete()
        await rooms.closing.finish()
        await rooms.closing.finish()
        assert await rooms.status(club) == ("closed", None)

    async def test_what_is_kept_holds_nothing_up(self, rooms: Rooms) -> None:
        club = await rooms.club()
        await rooms.closing.close(club, keep=True)
        await self.somebody_has_a_role(rooms, club)
        await FanOut.all().delete()
        await Work.all().update(due_at=None)
        await Grant.all().update(kept_at=rooms.clock.now)

        await rooms.closing.finish()

        assert await rooms.status(club) == ("closed", None)

    async def test_a_creator_who_is_gone_closes_all(self, rooms: Rooms) -> None:
        one, two = await rooms.club(), await rooms.club()

        await rooms.closing.close_all(CREATOR)

        assert {await rooms.status(one), await rooms.status(two)} == {("closing", None)}
        outcome = await rooms.attachments.attach(one, [TIER], [], by=OWNER)
        assert outcome == Refused(why=Refusal.CLOSING)

    async def somebody_has_a_role(self, rooms: Rooms, club: IntegrationId) -> None:
        await Stay.create(guild_id=GUILD, account_id=7, state=StayState.IN, seen_at=rooms.clock.now)
        await Grant.create(
            guild_id=GUILD,
            account_id=7,
            role_id=GOLD,
            state=GrantState.SEEN,
            because=[{"membership_id": "m", "integration_id": club, "tier_id": "t"}],
            written_at=rooms.clock.now,
        )
        await Work.create(guild_id=GUILD, account_id=7, due_at=rooms.clock.now)


class TestActors:
    async def test_permissions_are_those_of_the_roles(self, rooms: Rooms) -> None:  # noqa: ARG002  (it sets the stage)
        found = await actor(ANA, GUILD, [STAFF, GOLD])

        assert found is not None
        assert (found.permissions, found.top_position, found.is_owner) == (
            Permission.KICK_MEMBERS,
            3,
            True,
        )

    async def test_what_discord_does_not_name_any_more_is_not_believed(self) -> None:
        both = helper(Permission.MANAGE_GUILD | Permission.MANAGE_ROLES, top=3)

        now = both.narrowed(int(Permission.MANAGE_ROLES))

        assert not now.may(Permission.MANAGE_GUILD)
        assert now.may(Permission.MANAGE_ROLES)
        assert not OWNER.narrowed(0).may(Permission.MANAGE_GUILD)

    async def test_a_channels_manage_permissions_is_no_manage_roles(self) -> None:
        assert (
            not helper(Permission.MANAGE_GUILD, top=3)
            .narrowed(int(Permission.MANAGE_ROLES))
            .may(Permission.MANAGE_ROLES)
        )

    async def test_a_server_nobody_saw(self, rooms: Rooms) -> None:  # noqa: ARG002  (it sets the stage)
        assert await actor(ANA, GuildId(999), []) is None
