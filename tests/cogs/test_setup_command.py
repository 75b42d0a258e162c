"""``/passes setup``, as a creator lives it."""

from bot.config import Config
from bot.discord.permissions import Permission
from models import ChosenTier, Integration, Refusal
from models.integrations import EndPolicy, IntegrationState
from tests.cogs.stage import (
    Ana,
    a_creator,
    an_integration,
    attached,
    doors,
    opens_the_link,
    set_aside,
    the_integration,
)
from tests.discord.wire import connected


async def test_the_full_way_from_proof_to_summary(ana: Ana) -> None:
    await ana.sells("Gold", "Silver")

    who = await ana.types("setup")
    assert who.ephemeral
    assert await opens_the_link(who.link("Confirm on Passes")) == ana.account

    await ana.proves()
    hub = await ana.presses(who, "I have confirmed – continue")  # noqa: RUF001  (the button's own dash)
    assert "Integrations Hub of Ana" in hub.text
    form = await ana.presses(hub, "Add Integration")
    assert (form.kind, form.title) == ("modal", "Name your integration")

    ladder = await ana.fills_in(form, "Private  club ")
    assert "Private club" in ladder.text
    assert ladder.text.index("Boss") < ladder.text.index("Passes Bot", 150) < ladder.text.rindex("Silver")
    assert "Add Membership" not in ladder.labels()

    refreshed = await ana.presses(ladder, "Refresh Roles")
    tiers = await ana.presses(refreshed, "Add Membership")
    roles = await ana.chooses(tiers, "Gold", "Silver")
    assert "Which roles does Gold give" in roles.text
    assert "Boss: not below Passes Bot" in roles.text

    roles = await ana.chooses(roles, "Gold", "Silver")
    assert "Which roles does Silver give" in roles.text
    summary = await ana.presses(roles, "Server only")

    assert "**Gold** gives the server and Gold and Silver" in summary.text
    assert "**Silver** gives the server only" in summary.text
    assert "removed from it" in summary.text
    assert "/passes link" in summary.text
    assert summary.labels() == ["Done", "Add another membership"]
    assert await attached() == {
        "tier-gold": {await ana.role("Gold"), await ana.role("Silver")},
        "tier-silver": set(),
    }
    integration = await the_integration()
    assert (integration.name, integration.guild_id) == ("Private club", ana.guild)
    assert integration.state is IntegrationState.CONNECTED
    assert "is set up" in (await ana.presses(summary, "Done")).text


async def test_in_direct_messages_it_says_where_it_works(ana: Ana) -> None:
    answer = await ana.driver.command(ana.account, "passes setup")

    assert "works in the server" in answer.text


async def test_without_manage_server_it_says_what_is_missing(ana: Ana) -> None:
    bob = await ana.driver.create_user("bob")
    await ana.driver.join(ana.guild, bob)

    answer = await ana.driver.command(bob, "passes setup", guild=ana.guild)

    assert "Manage Server" in answer.text
    assert answer.buttons == ()


async def test_an_account_of_several_creators_chooses(ana: Ana) -> None:
    await a_creator("zoe", "Zoe")
    await ana.proves()
    await ana.proves("zoe")

    hub = await ana.chooses(await ana.types("setup"), "Zoe")

    assert "Integrations Hub of Zoe" in hub.text


async def test_a_role_out_of_reach_is_dragged_refreshed_and_attached(ana: Ana) -> None:
    await ana.sells("Gold")
    await ana.proves()
    form = await ana.presses(await ana.types("setup"), "Add Integration")
    ladder = await ana.fills_in(form, "Club")
    assert "Drag **Passes Bot** above **Boss**" in ladder.text

    await ana.driver.move_role(ana.guild, "Passes Bot", above="Boss")
    await set_aside(ana.guild)
    ladder = await ana.presses(ladder, "Refresh Roles")
    assert "above **Boss**" not in ladder.text
    assert not await Refusal.exists(), "it tries again"

    roles = await ana.chooses(await ana.presses(ladder, "Add Membership"), "Gold")
    await ana.chooses(roles, "Boss")
    assert await attached() == {"tier-gold": {await ana.role("Boss")}}


async def test_starting_again_goes_on_at_the_first_unfinished_step(ana: Ana) -> None:
    await ana.sells("Gold", "Silver")
    await ana.proves()
    form = await ana.presses(await ana.types("setup"), "Add Integration")
    await ana.fills_in(form, "Club")

    ladder = await ana.types("setup")
    assert ladder.labels() == ["Refresh Roles"]
    await ana.presses(ladder, "Refresh Roles")

    tiers = await ana.types("setup")
    assert "Add Membership to Club" in tiers.text
    await ana.chooses(tiers, "Gold", "Silver")

    roles = await ana.types("setup")
    assert "Which roles does Gold give" in roles.text
    await ana.chooses(roles, "Gold")

    roles = await ana.types("setup")
    assert "Which roles does Silver give" in roles.text
    await ana.presses(roles, "Skip")

    summary = await ana.types("setup")
    assert "Done" in summary.labels()
    assert await ChosenTier.all().count() == 0


async def test_a_button_works_after_a_restart(
    there: Ana,
    config: Config,
    database: str,  # noqa: ARG001  (it sets the stage)
) -> None:
    await a_creator("ana", "Ana")
    await there.sells("Gold", "Silver")
    async with connected(config, doors(config)):
        roles = await there.chooses(await there.has_an_integration(), "Gold", "Silver")

    async with connected(config, doors(config)):
        roles = await there.chooses(roles, "Gold")

    assert "Which roles does Silver give" in roles.text


async def test_an_integration_named_in_the_hub_is_connected_here(ana: Ana) -> None:
    await ana.proves()
    await an_integration(ana, "From the Hub", connected=False)

    choice = await ana.types("setup")
    assert "Not Connected" in choice.text
    asked = await ana.chooses(choice, "From the Hub")
    ladder = await ana.presses(asked, "Connect this server")

    assert "From the Hub" in ladder.text
    assert (await the_integration()).guild_id == ana.guild


async def test_several_integrations_on_one_server(ana: Ana) -> None:
    await ana.sells("Gold")
    await ana.has_an_integration("One")
    summary = await ana.types("setup")
    roles = await ana.chooses(summary, "Gold")
    await ana.presses(roles, "Server only")
    await an_integration(ana, "Two", connected=True)

    choice = await ana.types("setup")
    assert "Add Integration" in choice.labels()

    assert "Two: roles" in (await ana.chooses(choice, "Two")).text


class TestWhoMay:
    async def test_another_creators_integration_in_a_custom_id(self, ana: Ana) -> None:
        await a_creator("zoe", "Zoe")
        await ana.sells("Gold")
        tiers = await ana.has_an_integration()
        mine = await the_integration()
        await a_creator("eve", "Eve")
        await ana.proves("eve")
        # Only Discord's client keeps people from a custom id that was not shown to them: here the row changes hands.
        await Integration.filter(id=mine.id).update(creator_id="zoe")
        refused = await ana.chooses(tiers, "Gold")

        assert "no such integration" in refused.text
        assert await ChosenTier.all().count() == 0

    async def test_somebody_who_lost_the_right_in_the_meantime(self, ana: Ana) -> None:
        await ana.sells("Gold")
        bob = await ana.driver.create_user("bob")
        await ana.driver.join(ana.guild, bob)
        permissions = int(Permission.MANAGE_GUILD | Permission.MANAGE_ROLES)
        await ana.driver.create_role(ana.guild, "Admins", permissions=permissions)
        await ana.driver.move_role(ana.guild, "Admins", above="Boss")
        await ana.driver.give_role(ana.guild, bob, "Admins")
        await ana.types("refresh-roles")
        await ana.proves(account=bob)
        his = Ana(driver=ana.driver, account=bob, guild=ana.guild)
        form = await his.presses(await his.types("setup"), "Add Integration")
        ladder = await his.presses(await his.fills_in(form, "Club"), "Refresh Roles")
        roles = await his.chooses(await his.presses(ladder, "Add Membership"), "Gold")

        await ana.driver.take_role(ana.guild, bob, "Admins")
        refused = await his.chooses(roles, "Gold")

        assert "Manage Server" in refused.text
        assert await attached() == {}

    async def test_who_cannot_kick_gets_the_policy_that_does_not(self, ana: Ana) -> None:
        bob = await ana.driver.create_user("bob")
        await ana.driver.join(ana.guild, bob)
        await ana.driver.create_role(ana.guild, "Admins", permissions=int(Permission.MANAGE_GUILD))
        await ana.driver.give_role(ana.guild, bob, "Admins")
        await ana.types("refresh-roles")
        await ana.proves(account=bob)
        his = Ana(driver=ana.driver, account=bob, guild=ana.guild)

        await his.fills_in(await his.presses(await his.types("setup"), "Add Integration"), "Club")

        assert (await the_integration()).policy is EndPolicy.ROLES


class TestWhichRoles:
    async def test_an_administrator_role_is_refused(self, ana: Ana) -> None:
        await ana.sells("Gold")
        tiers = await ana.has_an_integration()
        await ana.driver.edit_role(ana.guild, "Staff", permissions=int(Permission.ADMINISTRATOR))

        await ana.types("refresh-roles")
        offered = await ana.chooses(tiers, "Gold")

        assert "Staff: has Administrator" in offered.text
        assert [option.label for option in offered.selects[0].options] == ["Gold", "Silver"]

    async def test_a_role_that_became_administrator_since_it_was_offered(self, ana: Ana) -> None:
        await ana.sells("Gold")
        offered = await ana.chooses(await ana.has_an_integration(), "Gold")

        await ana.driver.edit_role(ana.guild, "Staff", permissions=int(Permission.ADMINISTRATOR))
        await ana.types("refresh-roles")
        refused = await ana.chooses(offered, "Staff")

        assert "**Staff** has the Administrator permission" in refused.text
        assert await attached() == {}

    async def test_a_role_with_powers_is_asked_about_twice_by_name(self, ana: Ana) -> None:
        await ana.sells("Gold")
        powers = int(Permission.KICK_MEMBERS | Permission.MANAGE_MESSAGES)
        await ana.driver.edit_role(ana.guild, "Staff", permissions=powers)
        roles = await ana.chooses(await ana.has_an_integration(), "Gold")

        question = await ana.chooses(roles, "Gold", "Staff")

        assert "**Staff**: Kick Members and Manage Messages" in question.text
        assert await attached() == {}
        summary = await ana.presses(question, "Yes, give Staff")
        assert "**Gold** gives the server and Gold and Staff" in summary.text
        rows = await attached()
        assert rows == {"tier-gold": {await ana.role("Gold"), await ana.role("Staff")}}

    async def test_a_power_gained_between_the_question_and_the_yes_is_asked_about(self, ana: Ana) -> None:
        await ana.sells("Gold")
        await ana.driver.edit_role(ana.guild, "Staff", permissions=int(Permission.MANAGE_MESSAGES))
        roles = await ana.chooses(await ana.has_an_integration(), "Gold")
        question = await ana.chooses(roles, "Staff")

        powers = int(Permission.MANAGE_MESSAGES | Permission.BAN_MEMBERS)
        await ana.driver.edit_role(ana.guild, "Staff", permissions=powers)
        await ana.types("refresh-roles")
        again = await ana.presses(question, "Yes, give Staff")

        assert "Ban Members" in again.text
        assert await attached() == {}

    async def test_other_roles_after_all(self, ana: Ana) -> None:
        await ana.sells("Gold")
        await ana.driver.edit_role(ana.guild, "Staff", permissions=int(Permission.KICK_MEMBERS))
        roles = await ana.chooses(await ana.has_an_integration(), "Gold")
        question = await ana.chooses(roles, "Staff")

        roles = await ana.presses(question, "Choose other roles")
        await ana.chooses(roles, "Gold")

        assert await attached() == {"tier-gold": {await ana.role("Gold")}}

    async def test_a_role_above_the_creators_own(self, ana: Ana) -> None:
        await ana.sells("Gold")
        bob = await ana.driver.create_user("bob")
        await ana.driver.join(ana.guild, bob)
        permissions = int(Permission.MANAGE_GUILD | Permission.MANAGE_ROLES)
        await ana.driver.edit_role(ana.guild, "Silver", permissions=permissions)
        await ana.driver.give_role(ana.guild, bob, "Silver")
        await ana.proves(account=bob)
        his = Ana(driver=ana.driver, account=bob, guild=ana.guild)
        form = await his.presses(await his.types("setup"), "Add Integration")
        ladder = await his.presses(await his.fills_in(form, "Club"), "Refresh Roles")

        roles = await his.chooses(await his.presses(ladder, "Add Membership"), "Gold")

        assert "Gold: not below your own highest role" in roles.text
        assert [option.label for option in roles.selects[0].options] == ["Staff"]


async def test_thirty_tiers_come_in_pages(ana: Ana) -> None:
    await ana.sells(*(f"Tier {number:02}" for number in range(30)))
    first = await ana.has_an_integration()
    assert "page 1 of 2" in first.text
    assert len(first.selects[0].options) == 25

    second = await ana.presses(first, "Next page")
    assert len(second.selects[0].options) == 5
    roles = await ana.chooses(second, "Tier 29", "Tier 27")

    assert "Which roles does Tier 29 give" in roles.text or "Which roles does Tier 27 give" in roles.text


async def test_more_roles_than_a_menu_holds(ana: Ana) -> None:
    await ana.sells("Gold")
    for number in range(30):
        await ana.driver.create_role(ana.guild, f"Role {number}")
    await ana.driver.move_role(ana.guild, "Passes Bot", above="Boss")
    roles = await ana.chooses(await ana.has_an_integration(), "Gold")

    refused = await ana.chooses(roles, "Passes Bot")
    assert "nobody can give it by hand" in refused.text
    await ana.chooses(refused, "Role 7", "Role 8")

    assert await attached() == {"tier-gold": {await ana.role("Role 7"), await ana.role("Role 8")}}
