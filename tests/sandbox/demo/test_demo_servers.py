"""What people do by hand on a server's page, and what Discord refuses them."""

from bot.sandbox.browser import Browser
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.server import Discord
from tests.sandbox.demo.client import be
from tests.sandbox.people.scene import Scene


async def ladder(driver: Driver, scene: Scene) -> list[str]:
    return [role["name"] for role in (await driver.guild(scene.guild))["ladder"]]


async def test_the_ladder_is_reordered(
    browser: Browser, discord: Discord, driver: Driver, scene: Scene
) -> None:
    await driver.create_role(scene.guild, "Silver")
    assert await ladder(driver, scene) == ["Passes Bot", "Gold", "Silver", "@everyone"]
    await be(browser, discord, "Ana")
    await browser.follow("Ana's garden")
    page = await browser.submit("To the top Silver")
    assert await ladder(driver, scene) == ["Silver", "Passes Bot", "Gold", "@everyone"]
    assert "Silver out of the bot’s reach" in page.text  # noqa: RUF001  as it is printed
    assert "Gold the bot can give it" in page.text
    await browser.submit("Down Passes Bot")
    assert await ladder(driver, scene) == ["Silver", "Gold", "Passes Bot", "@everyone"]
    await browser.submit("Up Gold")
    assert await ladder(driver, scene) == ["Gold", "Silver", "Passes Bot", "@everyone"]


async def test_roles_are_made_changed_and_deleted(
    browser: Browser, discord: Discord, driver: Driver, scene: Scene
) -> None:
    await be(browser, discord, "Ana")
    await browser.follow("Ana's garden")
    page = await browser.submit("Create role", name="<b>Bronze</b>")
    assert "<b>Bronze</b> the bot can give it" in page.text
    await browser.submit("Allow Administrator Gold")
    page = await browser.submit("Delete <b>Bronze</b>")
    assert "Take away Administrator Gold" in page.buttons
    assert await ladder(driver, scene) == ["Passes Bot", "Gold", "@everyone"]


async def test_roles_are_given_and_taken_by_hand(
    browser: Browser, discord: Discord, driver: Driver, scene: Scene
) -> None:
    await be(browser, discord, "Ana")
    await browser.follow("Ana's garden")
    await browser.submit("Give role to fred", role="Gold")
    assert await driver.roles_of(scene.guild, scene.fred) == {"Gold"}
    await browser.submit("Take Gold fred")
    assert await driver.roles_of(scene.guild, scene.fred) == set()


async def test_who_may_not_is_refused_with_discords_code(
    browser: Browser, discord: Discord, driver: Driver, scene: Scene
) -> None:
    await browser.open(f"{discord.url}/servers/{scene.guild}")
    page = await browser.submit("Pause joins")
    assert "Choose first which account you are." in page.text
    await be(browser, discord, "Fred")
    await browser.follow("Ana's garden")
    page = await browser.submit("Give role to fred", role="Gold")
    assert page.status == 409
    assert "Discord refused: Missing Permissions (code 50013)." in page.text
    assert await driver.roles_of(scene.guild, scene.fred) == set()


async def test_people_come_and_go(browser: Browser, discord: Discord, driver: Driver, scene: Scene) -> None:
    server = f"{discord.url}/servers/{scene.guild}"
    await be(browser, discord, "Fred")
    await browser.open(server)
    await browser.submit("Leave this server")
    assert await driver.member(scene.guild, scene.fred) is None
    await browser.submit("Join by an invite link")
    assert await driver.member(scene.guild, scene.fred) is not None
    await be(browser, discord, "Ana")
    await browser.open(server)
    await browser.submit("Kick fred")
    await driver.join(scene.guild, scene.fred)
    await browser.open(server)
    await browser.submit("Ban fred")
    assert (await driver.guild(scene.guild))["bans"] == [scene.fred]
    await browser.submit("Unban fred")
    assert (await driver.guild(scene.guild))["bans"] == []


async def test_the_server_has_rules_pauses_and_an_owner(
    browser: Browser, discord: Discord, driver: Driver, scene: Scene
) -> None:
    server = f"{discord.url}/servers/{scene.guild}"
    await be(browser, discord, "Ana")
    await browser.open(server)
    await browser.submit("Make new members accept rules")
    await driver.leave(scene.guild, scene.fred)
    await be(browser, discord, "Fred")
    await browser.open(server)
    await browser.submit("Join by an invite link")
    await browser.submit("Accept the server")
    member = await driver.member(scene.guild, scene.fred)
    assert member is not None
    assert not member["pending"]
    await be(browser, discord, "Ana")
    await browser.open(server)
    await browser.submit("Pause joins")
    await browser.submit("Make owner fred")
    seen = await driver.guild(scene.guild)
    assert (seen["invites_disabled"], seen["owner_id"]) == (True, scene.fred)


async def test_the_bot_is_kicked_and_added_again(
    browser: Browser, discord: Discord, driver: Driver, scene: Scene
) -> None:
    await be(browser, discord, "Ana")
    server = await browser.follow("Ana's garden")
    page = await browser.submit("Kick Passes Bot")
    assert "Passes Bot is not in this server." in page.text
    page = await browser.follow("Add Passes Bot")
    assert "Signed in as ana (@ana). Not you?" in page.text
    await browser.submit("Authorize")
    page = await browser.open(server.url)
    assert "Talk to Passes Bot" in page.text
    assert (await driver.guild(scene.guild))["bot_is_in"]


async def test_an_account_has_its_own_troubles(
    browser: Browser, discord: Discord, driver: Driver, scene: Scene
) -> None:
    await be(browser, discord, "Fred")
    await browser.submit("Save settings", dms_open=False, guild_limit_reached=True)
    await driver.leave(scene.guild, scene.fred)
    await browser.follow("Ana's garden")
    page = await browser.submit("Join by an invite link")
    assert "code 30001" in page.text
    await be(browser, discord, "Fred")
    await browser.submit("Take back what I allowed Passes Bot")
    page = await browser.submit("Switch", account=str(scene.ana))
    assert "You are ana (@ana)." in page.text


async def test_the_journal_tells_who_did_what(browser: Browser, discord: Discord, scene: Scene) -> None:
    await be(browser, discord, "Ana")
    await browser.open(f"{discord.url}/servers/{scene.guild}")
    await browser.submit("Give role to fred", role="Gold")
    page = await browser.follow("Journal")
    page = await browser.follow("only what changed something")
    assert "hand give_role" in page.text
    assert "role given: guild Ana's garden, user @fred, role Gold" in page.text
    page = await browser.follow("only requests")
    assert "hand give_role" not in page.text
