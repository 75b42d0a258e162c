"""``/passes memberships`` and ``/passes refresh-roles``."""

from bot.discord.permissions import Permission
from bot.sandbox.discord.driver import Answer
from models import FanOut, Membership, Refusal, Tier
from models.integrations import IntegrationState
from models.memberships import MembershipStatus
from tests.cogs.stage import Ana, a_creator, an_integration, attached, set_aside, the_integration
from tests.waiting import until


async def gold_is_attached(ana: Ana) -> Answer:
    await ana.sells("Gold", "Silver")
    roles = await ana.chooses(await ana.has_an_integration(), "Gold")
    await ana.chooses(roles, "Gold")
    return await ana.types("memberships")


async def holders(count: int) -> None:
    integration = await the_integration()
    for number in range(count):
        await Membership.create(
            id=f"m{number}",
            fan_id=f"fan-{number}",
            creator_id="ana",
            tier_id="tier-gold",
            status=MembershipStatus.ACTIVE,
            updated_at=integration.created_at,
            version=1,
        )


async def test_it_shows_what_is_attached(ana: Ana) -> None:
    shown = await gold_is_attached(ana)

    assert "**Club**: ✅ Connected" in shown.text
    assert "**Gold** gives the server and Gold" in shown.text
    assert "Add Membership" in shown.labels()


async def test_another_one_is_added(ana: Ana) -> None:
    shown = await gold_is_attached(ana)

    tiers = await ana.presses(shown, "Add Membership")

    assert [option.label for option in tiers.selects[0].options] == ["Silver"]


async def test_the_roles_are_changed(ana: Ana) -> None:
    shown = await gold_is_attached(ana)

    roles = await ana.presses(await ana.chooses(shown, "Gold"), "Change roles")
    assert [option.label for option in roles.selects[0].options if option.default] == ["Gold"]
    await ana.chooses(roles, "Silver")

    assert await attached() == {"tier-gold": {await ana.role("Silver")}}


async def test_detaching_asks_for_a_yes_that_says_how_many_it_reaches(ana: Ana) -> None:
    shown = await gold_is_attached(ana)
    await holders(3)
    await FanOut.all().delete()

    asked = await ana.presses(await ana.chooses(shown, "Gold"), "Detach")
    assert "**3 people** hold this membership" in asked.text
    assert await attached() == {"tier-gold": {await ana.role("Gold")}}

    gone = await ana.presses(asked, "Yes, detach")
    assert "What people had only through it is being taken away" in gone.text
    assert await attached() == {}
    assert [(each.kind, each.subject) for each in await FanOut.all()] == [
        ("integration", str((await the_integration()).id))
    ]


async def test_back_detaches_nothing(ana: Ana) -> None:
    shown = await gold_is_attached(ana)

    asked = await ana.presses(await ana.chooses(shown, "Gold"), "Detach")
    shown = await ana.presses(asked, "Back")

    assert "**Gold** gives the server and Gold" in shown.text


async def test_a_second_yes_finds_it_gone(ana: Ana) -> None:
    shown = await gold_is_attached(ana)
    asked = await ana.presses(await ana.chooses(shown, "Gold"), "Detach")
    twin = await ana.presses(await ana.chooses(await ana.types("memberships"), "Gold"), "Detach")
    await ana.presses(asked, "Yes, detach")

    assert "not attached any more" in (await ana.presses(twin, "Yes, detach")).text


async def test_nobody_sees_another_creators_memberships(ana: Ana) -> None:
    await gold_is_attached(ana)
    await a_creator("zoe", "Zoe")
    zoe = await ana.driver.create_user("zoe")
    await ana.driver.join(ana.guild, zoe)
    await ana.driver.create_role(ana.guild, "Admins", permissions=int(Permission.MANAGE_GUILD))
    await ana.driver.give_role(ana.guild, zoe, "Admins")
    await ana.types("refresh-roles")
    await ana.proves("zoe", account=zoe)

    shown = await ana.driver.command(zoe, "passes memberships", guild=ana.guild)

    assert "Nothing of yours" in shown.text
    assert "**Club** of Ana: ✅ Connected" in shown.text
    assert "Gold" not in shown.text


async def test_an_account_that_is_not_confirmed_is_told_how_to_claim_what_is_connected(ana: Ana) -> None:
    """A creator's second account, whose integration is in the list: "nothing of yours" would not be so."""
    await gold_is_attached(ana)
    second = await ana.driver.create_user("ana2")
    await ana.driver.join(ana.guild, second)
    await ana.driver.create_role(ana.guild, "Admins", permissions=int(Permission.MANAGE_GUILD))
    await ana.driver.give_role(ana.guild, second, "Admins")
    await ana.types("refresh-roles")

    shown = await ana.driver.command(second, "passes memberships", guild=ana.guild)

    assert "Nothing of yours" not in shown.text
    assert shown.text.startswith("Passes does not know yet whose account this is")
    assert "**Club** of Ana: ✅ Connected" in shown.text


async def test_without_a_proof_it_asks_for_one(ana: Ana) -> None:
    assert (await ana.types("memberships")).link("Confirm on Passes")


async def test_of_several_integrations_one_is_chosen(ana: Ana) -> None:
    await gold_is_attached(ana)
    await an_integration(ana, "Two", connected=True)

    choice = await ana.types("memberships")
    assert "Integrations Hub" not in choice.text

    shown = await ana.chooses(choice, "Two")

    assert "No membership is attached yet" in shown.text


async def test_of_more_than_a_menu_holds_it_is_said_where_the_others_are(ana: Ana) -> None:
    await gold_is_attached(ana)
    for number in range(25):
        await an_integration(ana, f"No. {number}", connected=True)

    for command in ("memberships", "setup"):
        assert "the others are in the Integrations Hub" in (await ana.types(command)).text


async def test_a_power_gained_later_is_shown_until_it_is_confirmed(ana: Ana) -> None:
    shown = await gold_is_attached(ana)
    await ana.driver.edit_role(ana.guild, "Gold", permissions=int(Permission.KICK_MEMBERS))

    async def told() -> bool:
        return "more than you said yes to" in (await ana.types("memberships")).text

    await until(told)
    roles = await ana.presses(await ana.chooses(shown, "Gold"), "Change roles")
    question = await ana.chooses(roles, "Gold")
    summary = await ana.presses(question, "Yes, give Gold")

    assert "✅ Connected" in summary.text


class TestRefreshRoles:
    async def test_it_draws_the_ladder_and_says_what_changed(self, ana: Ana) -> None:
        await ana.has_an_integration()
        before = await the_integration()
        await ana.driver.create_role(ana.guild, "Platinum")
        await set_aside(ana.guild)

        shown = await ana.types("refresh-roles")

        assert "Platinum" in shown.text
        assert "Passes Bot" in shown.text
        assert not await Refusal.exists(), "it tries again"
        assert before.roles_refreshed_at is not None
        after = (await the_integration()).roles_refreshed_at
        assert after is not None
        assert after > before.roles_refreshed_at
        assert "Roles refreshed" in (await ana.presses(shown, "Refresh Roles")).text

    async def test_manage_server_is_enough(self, ana: Ana) -> None:
        bob = await ana.driver.create_user("bob")
        await ana.driver.join(ana.guild, bob)
        refused = await ana.driver.command(bob, "passes refresh-roles", guild=ana.guild)
        assert "Manage Server" in refused.text

        await ana.driver.edit_role(ana.guild, "Staff", permissions=int(Permission.MANAGE_GUILD))
        await ana.driver.give_role(ana.guild, bob, "Staff")
        await ana.types("refresh-roles")
        shown = await ana.driver.command(bob, "passes refresh-roles", guild=ana.guild)

        assert "Roles refreshed" in shown.text

    async def test_it_shows_the_health_of_what_is_connected_and_leads_to_the_veto(self, ana: Ana) -> None:
        await gold_is_attached(ana)
        bob = await ana.driver.create_user("bob")
        await ana.driver.join(ana.guild, bob)
        await ana.driver.edit_role(ana.guild, "Staff", permissions=int(Permission.MANAGE_GUILD))
        await ana.driver.give_role(ana.guild, bob, "Staff")
        await ana.driver.move_role(ana.guild, "Gold", above="Passes Bot")
        await ana.types("refresh-roles")

        shown = await ana.driver.command(bob, "passes refresh-roles", guild=ana.guild)
        assert "**Club** of Ana: ⚠️ Needs attention: A role that a membership gives is not below" in shown.text
        listed = await ana.driver.press(bob, shown, label="Disconnect …")
        asked = await ana.driver.choose(bob, listed, ["Club"])
        assert "Disconnect Club from this server?" in asked.text
        await ana.driver.take_role(ana.guild, bob, "Staff")
        assert "Manage Server" in (await ana.driver.press(bob, asked, label="Back")).text
        assert (await the_integration()).state is IntegrationState.NEEDS_ATTENTION

    async def test_while_discord_does_not_answer_it_says_so(self, ana: Ana) -> None:
        await ana.has_an_integration()
        await ana.driver.fault(route="GET /guilds/{guild_id}", do="status", status=503, times=20)

        shown = await ana.types("refresh-roles")

        assert "does not answer" in shown.text


async def test_a_tier_that_was_renamed_shows_its_new_name(ana: Ana) -> None:
    await gold_is_attached(ana)
    await Tier.filter(id="tier-gold").update(name="*Gold* @everyone")

    shown = await ana.types("memberships")

    assert r"\*Gold\* \@everyone" in shown.content
