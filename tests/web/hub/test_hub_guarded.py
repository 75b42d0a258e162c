"""Who may do what in the Hub: Discord is asked on every change, and nobody sees another creator's."""

from bot.discord.permissions import Permission
from bot.sandbox.browser import Browser
from models import CreatorAccount, Integration, Notice
from models.integrations import IntegrationState
from tests.web.hub.creator import Creator, attached


async def test_who_lost_manage_server_changes_nothing(ana: Creator) -> None:
    await ana.sets_up(Gold=("Gold",))
    before = await attached()
    heir = await ana.story.discord.create_user("heir")
    await ana.story.discord.join(ana.story.guild, heir)
    await ana.story.discord.transfer(ana.story.guild, heir)

    await ana.goes("settings")
    renamed = await ana.browser.submit("Rename", name="Lounge")
    assert renamed.status == 409
    assert "has the Manage Server permission there at the moment" in renamed.text
    await ana.goes(f"detach?tier={ana.story.tiers['Gold']}")
    assert (await ana.browser.submit("Detach Gold")).status == 409
    await ana.goes("remove")
    assert (await ana.browser.submit("Remove")).status == 409

    assert (await Integration.get()).name == "VIP rooms"
    assert await attached() == before


async def test_discord_out_of_reach_is_said_and_nothing_changed(ana: Creator) -> None:
    await ana.sets_up(Gold=("Gold",))
    await ana.goes("settings")
    await ana.story.discord.fault(
        do="status", route="GET /guilds/{guild_id}/members/{user_id}", status=503, times=99
    )

    page = await ana.browser.submit("Rename", name="Lounge")

    assert page.status == 503
    assert "Try again in a minute" in page.text
    assert (await Integration.get()).name == "VIP rooms"


async def test_another_creators_integration_looks_like_none(ana: Creator) -> None:
    await ana.sets_up(Gold=("Gold",))
    zoe = await ana.story.platform.create_creator("Zoe")
    url = f"{ana.story.bot_url}/hub/{await ana.integration_id()}"
    async with Browser() as browser:
        await browser.open(await ana.story.platform.launch_url(zoe, next_path="/hub"))
        assert "VIP rooms" not in browser.page.text
        for path in ("", "/settings", "/roles", "/people", "/holds", "/remove", "/memberships"):
            page = await browser.open(url + path)
            assert page.status == 404
            assert "VIP rooms" not in page.text


async def test_a_fan_is_asked_to_sign_in_as_a_creator(ana: Creator) -> None:
    bea = await ana.story.fan("Bea")
    await ana.story.hand_over(bea, "/memberships")

    page = await bea.browser.open(f"{ana.story.bot_url}/hub")

    assert "as=creator" in " ".join(page.hops)
    assert "Add Integration" not in page.text


async def test_a_role_that_can_moderate_takes_a_second_yes_and_admin_none(ana: Creator) -> None:
    story = ana.story
    await story.discord.edit_role(story.guild, "Silver", permissions=int(Permission.KICK_MEMBERS))
    await story.discord.edit_role(story.guild, "Friend", permissions=int(Permission.ADMINISTRATOR))
    await ana.connects()
    await ana.drags_the_bot_above("Gold")
    await ana.browser.follow("Add Membership")
    roles = await ana.browser.submit("Next", tier=["Gold"])
    assert "Friend: has Administrator" in roles.text

    asked = await ana.browser.submit("Give these roles", role=["Gold", "Silver"])
    assert "Silver: Kick Members" in asked.text
    assert await attached() == {}
    await ana.browser.submit("Yes, give Silver")

    assert await attached() == {story.tiers["Gold"]: 2}


async def test_of_two_accounts_the_one_that_may_give_roles_gives_them(ana: Creator) -> None:
    """The other stands higher."""
    story = ana.story
    await ana.connects()
    await ana.drags_the_bot_above("Gold")
    hugo, heir = await story.discord.create_user("hugo"), await story.discord.create_user("heir")
    for account in (hugo, heir):
        await story.discord.join(story.guild, account)
    for role, account, permissions in (
        ("Head", ana.person.account, Permission.MANAGE_GUILD),
        ("Hand", hugo, Permission.MANAGE_GUILD | Permission.MANAGE_ROLES),
    ):
        await story.discord.create_role(story.guild, role, permissions=int(permissions))
        await story.discord.move_role(story.guild, role, above="Passes Bot" if role == "Head" else "Gold")
        await story.discord.give_role(story.guild, account, role)
    await story.discord.transfer(story.guild, heir)
    await CreatorAccount.create(
        creator_id=ana.person.at_platform, account_id=hugo, username="hugo", proven_at=story.clock()
    )

    await ana.goes("memberships")
    await ana.browser.submit("Next", tier=["Gold"])
    await ana.browser.submit("Give these roles", role=["Gold"])
    assert await attached() == {story.tiers["Gold"]: 1}

    await story.discord.take_role(story.guild, hugo, "Hand")
    await ana.goes(f"tier?tier={story.tiers['Gold']}")
    page = await ana.browser.submit("Give these roles", role=["Gold"])
    assert "has both Manage Server and Manage Roles there" in page.text


async def test_nothing_ticked_is_asked_again(ana: Creator) -> None:
    await ana.connects()
    await ana.drags_the_bot_above("Gold")
    await ana.browser.follow("Add Membership")
    assert "Tick at least one membership" in (await ana.browser.submit("Next")).text
    await ana.browser.submit("Next", tier=["Gold"])
    assert "Tick at least one role" in (await ana.browser.submit("Give these roles")).text


async def test_what_was_refused_at_the_press_proves_no_account(ana: Creator) -> None:
    await ana.names()
    agree = await ana.browser.submit("Connect your Discord")
    assert "Yes, connect Ana's Studio" in agree.buttons
    await Integration.all().update(guild_id=4242, state=IntegrationState.CONNECTED)  # from another tab

    page = await ana.browser.submit("Yes, connect")

    assert "Nothing was changed" in page.text
    assert await CreatorAccount.all().count() == 0
    assert await Notice.all().count() == 0


async def test_a_helper_is_named_pressed_and_removed(ana: Creator) -> None:
    await ana.names()
    helper = await ana.other_account("hugo")
    await ana.browser.open(f"{ana.story.bot_url}/hub/accounts")
    await ana.browser.submit("Confirm with Discord")
    assert "Let @hugo act for you?" in ana.page.text
    assert await CreatorAccount.all().count() == 0
    page = await ana.browser.submit("Yes, @hugo may")

    assert "@hugo" in page.text
    assert [row.account_id for row in await CreatorAccount.all()] == [helper]
    page = await ana.browser.submit("Remove")
    assert "Nobody yet" in page.text
    assert await CreatorAccount.all().count() == 0


async def test_a_press_from_elsewhere_and_without_a_token_is_refused(ana: Creator) -> None:
    await ana.names()
    url = f"{ana.story.bot_url}/hub/{await ana.integration_id()}/remove"

    assert (await ana.browser.post(url, [], origin="https://evil.example")).status == 403
    assert (await ana.browser.post(url, [], origin=ana.story.bot_url)).status == 403
    assert await Integration.all().count() == 1
