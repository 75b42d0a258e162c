"""OAuth2 as a browser and an application see it: the consent page, the code, the tokens and their ends."""

import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest

from bot.sandbox.discord.driver import Cannot, Driver, Refused
from bot.sandbox.discord.server import Discord
from tests.sandbox.discord.world import AS_A_BOT
from tests.sandbox.people.scene import KICK_MEMBERS, MANAGE_ROLES, Scene

type Json = dict[str, Any]

CALLBACK = "http://127.0.0.1:8080/callback"


class Application:
    """The application's side: it makes links and exchanges what comes back."""

    def __init__(self, discord: Discord, http: aiohttp.ClientSession) -> None:
        self._discord = discord
        self._http = http
        self.id = str(discord.state.app.id)
        self.secret = discord.state.app.client_secret

    def link(self, scope: str = "identify guilds.join", **more: str) -> str:
        asked = {
            "client_id": self.id,
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": scope,
            "state": "s1",
            **more,
        }
        given = {name: value for name, value in asked.items() if value}
        return f"https://discord.com/oauth2/authorize?{urlencode(given)}"

    async def post(self, path: str, form: Json, *, secret: str | None = None) -> tuple[int, Json]:
        headers = {"Authorization": aiohttp.encode_basic_auth(self.id, secret or self.secret)}
        async with self._http.post(f"{self._discord.api_url}{path}", data=form, headers=headers) as response:
            return response.status, await response.json()

    async def exchange(self, location: str, **more: Any) -> tuple[int, Json]:
        form = {
            "grant_type": "authorization_code",
            "code": answered(location)["code"],
            "redirect_uri": CALLBACK,
        }
        return await self.post("/oauth2/token", {**form, **more})

    async def refresh(self, token: str) -> tuple[int, Json]:
        return await self.post("/oauth2/token", {"grant_type": "refresh_token", "refresh_token": token})

    async def get(self, path: str, token: str) -> tuple[int, Json]:
        headers = {"Authorization": f"Bearer {token}"}
        async with self._http.get(f"{self._discord.api_url}{path}", headers=headers) as response:
            return response.status, await response.json()


def answered(location: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers=AS_A_BOT) as http:
        yield http


@pytest.fixture
def app(discord: Discord, http: aiohttp.ClientSession) -> Application:
    return Application(discord, http)


async def test_who_agrees_is_known_by_the_token(driver: Driver, app: Application, scene: Scene) -> None:
    location = await driver.authorize(scene.fred, app.link())
    assert location.startswith(f"{CALLBACK}?")
    assert answered(location)["state"] == "s1"
    status, tokens = await app.exchange(location)
    assert status == 200
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == (
        "Bearer",
        604_800,
        "identify guilds.join",
    )
    status, me = await app.get("/users/@me", tokens["access_token"])
    assert (status, me["id"], "email" in me) == (200, str(scene.fred), False)
    status, current = await app.get("/oauth2/@me", tokens["access_token"])
    assert (status, current["scopes"], current["user"]["id"]) == (
        200,
        ["identify", "guilds.join"],
        str(scene.fred),
    )


async def test_who_cancels_is_sent_back_with_the_reason_and_the_state(
    driver: Driver, app: Application, scene: Scene
) -> None:
    location = await driver.authorize(scene.fred, app.link(), approve=False)
    found = answered(location)
    assert (found["error"], found["state"], "code" in found) == ("access_denied", "s1", False)


async def test_a_code_works_once(driver: Driver, app: Application, scene: Scene) -> None:
    location = await driver.authorize(scene.fred, app.link())
    await app.exchange(location)
    status, body = await app.exchange(location)
    assert (status, body["error"]) == (400, "invalid_grant")


async def test_a_code_is_for_one_address_and_for_ten_minutes(
    driver: Driver, app: Application, scene: Scene
) -> None:
    location = await driver.authorize(scene.fred, app.link())
    status, body = await app.exchange(location, redirect_uri=CALLBACK + "/other")
    assert (status, body["error"]) == (400, "invalid_grant")
    location = await driver.authorize(scene.fred, app.link())
    await driver.expire_codes()
    assert (await app.exchange(location))[0] == 400


async def test_the_application_has_to_prove_itself(driver: Driver, app: Application, scene: Scene) -> None:
    location = await driver.authorize(scene.fred, app.link())
    form = {"grant_type": "authorization_code", "code": answered(location)["code"], "redirect_uri": CALLBACK}
    status, body = await app.post("/oauth2/token", form, secret="wrong")
    assert (status, body["error"]) == (401, "invalid_client")
    assert (await app.exchange(location))[0] == 200


async def test_credentials_may_stand_in_the_form_but_json_is_not_taken(
    driver: Driver, app: Application, discord: Discord, scene: Scene, http: aiohttp.ClientSession
) -> None:
    location = await driver.authorize(scene.fred, app.link())
    form = {
        "grant_type": "authorization_code",
        "code": answered(location)["code"],
        "redirect_uri": CALLBACK,
        "client_id": app.id,
        "client_secret": app.secret,
    }
    async with http.post(f"{discord.api_url}/oauth2/token", json=form) as response:
        assert response.status == 400
    async with http.post(f"{discord.api_url}/oauth2/token", data=form) as response:
        assert response.status == 200


async def test_an_unknown_kind_of_grant_is_refused(app: Application) -> None:
    status, body = await app.post("/oauth2/token", {"grant_type": "password"})
    assert (status, body["error"]) == (400, "unsupported_grant_type")


async def test_a_refresh_token_buys_the_next_pair_and_dies(
    driver: Driver, app: Application, scene: Scene
) -> None:
    _, first = await app.exchange(await driver.authorize(scene.fred, app.link()))
    status, second = await app.refresh(first["refresh_token"])
    assert status == 200
    assert (await app.refresh(first["refresh_token"]))[1]["error"] == "invalid_grant"
    assert (await app.get("/users/@me", first["access_token"]))[0] == 401
    assert (await app.get("/users/@me", second["access_token"]))[0] == 200


async def test_an_expired_token_is_dead_but_can_be_refreshed(
    driver: Driver, app: Application, scene: Scene
) -> None:
    _, tokens = await app.exchange(await driver.authorize(scene.fred, app.link()))
    await driver.expire_tokens(scene.fred)
    assert (await app.get("/users/@me", tokens["access_token"]))[0] == 401
    _, renewed = await app.refresh(tokens["refresh_token"])
    assert (await app.get("/users/@me", renewed["access_token"]))[0] == 200


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
async def test_revoking_one_token_ends_both(
    driver: Driver, app: Application, scene: Scene, which: str
) -> None:
    _, tokens = await app.exchange(await driver.authorize(scene.fred, app.link()))
    assert await app.post("/oauth2/token/revoke", {"token": tokens[which]}) == (200, {})
    assert (await app.get("/users/@me", tokens["access_token"]))[0] == 401
    assert (await app.refresh(tokens["refresh_token"]))[0] == 400


async def test_a_person_takes_their_consent_back(driver: Driver, app: Application, scene: Scene) -> None:
    _, tokens = await app.exchange(await driver.authorize(scene.fred, app.link()))
    await driver.deauthorize(scene.fred)
    assert (await app.get("/users/@me", tokens["access_token"]))[0] == 401


async def test_who_agreed_before_is_not_asked_again(
    driver: Driver, app: Application, scene: Scene, discord: Discord, http: aiohttp.ClientSession
) -> None:
    page = app.link(prompt="none").replace("https://discord.com", discord.url) + f"&as={scene.fred}"
    async with http.get(page, allow_redirects=False) as response:
        assert response.status == 200
        assert "Authorize" in await response.text()
    await driver.authorize(scene.fred, app.link())
    async with http.get(page, allow_redirects=False) as response:
        assert response.status == 302
    wider = app.link("identify email", prompt="none").replace("https://discord.com", discord.url)
    async with http.get(f"{wider}&as={scene.fred}", allow_redirects=False) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("asked", "heading"),
    [
        ({"client_id": "1"}, "Unknown application"),
        ({"redirect_uri": "https://elsewhere.test/callback"}, "Invalid OAuth2 redirect_uri"),
        ({"redirect_uri": ""}, "No redirect address"),
        ({"response_type": "token"}, "Unsupported response type"),
        ({"scope": "identify everything"}, "Unknown scope"),
    ],
)
async def test_a_link_that_is_wrong_ends_on_a_page(
    driver: Driver, app: Application, scene: Scene, asked: dict[str, str], heading: str
) -> None:
    with pytest.raises(Refused, match=heading):
        await driver.authorize(scene.fred, app.link(**asked))


async def test_registered_addresses_are_compared_exactly(http: aiohttp.ClientSession) -> None:
    async with Discord.serve(redirect_uris=[CALLBACK]) as discord, Driver(discord.url) as driver:
        fred = await driver.create_user("fred")
        app = Application(discord, http)
        with pytest.raises(Refused):
            await driver.authorize(fred, app.link(redirect_uri=CALLBACK + "/"))
        assert (await driver.authorize(fred, app.link())).startswith(CALLBACK)


async def test_the_page_names_the_application_the_account_and_what_is_asked(
    app: Application, discord: Discord, scene: Scene, http: aiohttp.ClientSession
) -> None:
    address = app.link("identify guilds.join").replace("https://discord.com", discord.url)
    async with http.get(address) as response:
        choice = await response.text()
    assert "Which sandbox account are you?" in choice
    assert re.search(rf'<option value="{scene.fred}">fred', choice)
    async with http.get(
        f"{discord.api_url}/oauth2/authorize?{urlsplit(address).query}&as={scene.fred}"
    ) as response:
        page = await response.text()
    assert "<strong>Passes Bot</strong> wants to" in page
    assert "Signed in as <strong>fred (@fred)</strong>" in page
    assert "Join servers for you" in page


async def test_names_are_escaped(
    driver: Driver, app: Application, discord: Discord, http: aiohttp.ClientSession
) -> None:
    mallory = await driver.create_user("<script>alert(1)</script>")
    address = app.link().replace("https://discord.com", discord.url)
    async with http.get(f"{address}&as={mallory}") as response:
        assert "<script>" not in await response.text()


async def test_adding_the_bot_names_the_server_in_the_token_s_answer(
    driver: Driver, app: Application, scene: Scene
) -> None:
    second = await driver.create_guild(scene.ana, "Second")
    link = app.link("identify bot applications.commands", permissions=str(MANAGE_ROLES | KICK_MEMBERS))
    location = await driver.authorize(scene.ana, link, guild=second)
    found = answered(location)
    assert (found["guild_id"], found["permissions"]) == (str(second), str(MANAGE_ROLES | KICK_MEMBERS))
    status, tokens = await app.exchange(location)
    assert (status, tokens["guild"]["id"], tokens["guild"]["name"]) == (200, str(second), "Second")
    seen = await driver.guild(second)
    assert (seen["bot_is_in"], seen["bot_role"]) == (True, "Passes Bot")


async def test_only_servers_that_one_manages_are_offered(
    driver: Driver, app: Application, scene: Scene
) -> None:
    with pytest.raises(Cannot):
        await driver.authorize(scene.fred, app.link("bot", redirect_uri=""), guild=scene.guild)


async def test_a_fixed_server_is_the_only_choice(driver: Driver, app: Application, scene: Scene) -> None:
    second = await driver.create_guild(scene.ana, "Second")
    link = app.link("identify bot", guild_id=str(second), disable_guild_select="true")
    with pytest.raises(Cannot):
        await driver.authorize(scene.ana, link, guild=scene.guild)
    assert answered(await driver.authorize(scene.ana, link))["guild_id"] == str(second)


async def test_the_bare_invitation_needs_no_address(driver: Driver, app: Application, scene: Scene) -> None:
    second = await driver.create_guild(scene.ana, "Second")
    link = app.link("bot", redirect_uri="", response_type="", permissions="8")
    location = await driver.authorize(scene.ana, link, guild=second)
    assert urlsplit(location).path == "/oauth2/authorized"
    assert (await driver.guild(second))["bot_is_in"] is True


async def test_adding_the_bot_again_changes_what_it_may(
    driver: Driver, app: Application, scene: Scene
) -> None:
    link = app.link("bot", redirect_uri="", response_type="", permissions="8")
    await driver.authorize(scene.ana, link, guild=scene.guild)
    (own,) = [role for role in (await driver.guild(scene.guild))["ladder"] if role["is_bot_role"]]
    assert own["permissions"] == 8


async def test_a_fault_can_strike_the_token_endpoint(driver: Driver, app: Application, scene: Scene) -> None:
    await driver.fault(route="POST /oauth2/token", do="status", status=503)
    location = await driver.authorize(scene.fred, app.link())
    assert (await app.exchange(location))[0] == 503
    assert (await app.exchange(location))[0] == 200
