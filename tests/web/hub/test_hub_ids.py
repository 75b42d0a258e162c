"""What a form of the Hub gives for an id may be any text: it is nobody's, and no error."""

from tests.web.hub.creator import Creator, attached

NO_IDS = ("9" * 20, "9223372036854775808", "9" * 5000, "-1", "²", "x", "")


async def test_an_id_that_fits_no_column_is_nobodys(ana: Creator) -> None:
    await ana.connects()
    await ana.drags_the_bot_above("Gold")
    home = f"{ana.story.bot_url}/hub/{await ana.integration_id()}"
    await ana.browser.follow("Add Membership")
    page = await ana.browser.submit("Next", tier=["Gold"])
    csrf = dict(page.form("Give these roles")[0].fields)["csrf"]

    async def posts(address: str, **fields: str) -> int:
        given = [("csrf", csrf), *fields.items()]
        return (await ana.browser.post(address, given, origin=ana.story.bot_url)).status

    for given in NO_IDS:
        assert await posts(f"{home}/tier", tier=ana.story.tiers["Gold"], role=given) == 409
        assert await posts(f"{ana.story.bot_url}/hub/accounts/withdraw", account=given) == 200
        assert await posts(f"{ana.story.bot_url}/hub/again", integration=given) == 409
    assert await attached() == {}
