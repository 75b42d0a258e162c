"""Every fault that can be set over the wire, as the one who asks meets it."""

import aiohttp
import pytest

from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.server import Discord
from tests.sandbox.discord.world import AS_A_BOT
from tests.sandbox.people.scene import Scene

GIVE = "PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}"
READ = "GET /guilds/{guild_id}"


class Asker:
    """Asks as the bot, one connection for each request, so that a client library's own repeats do not blur what happens."""

    def __init__(self, discord: Discord, scene: Scene) -> None:
        self._discord = discord
        self._headers = AS_A_BOT | {"Authorization": f"Bot {discord.state.app.token}"}
        self.guild = f"/guilds/{scene.guild}"
        self.give = f"{self.guild}/members/{scene.fred}/roles/{scene.gold}"

    async def __call__(self, method: str, path: str) -> tuple[int, str, str, bool]:
        """Return status, media type, text, and whether any rate limit header came."""
        async with (
            aiohttp.ClientSession(headers=self._headers) as session,
            session.request(method, self._discord.api_url + path) as response,
        ):
            text = await response.text()
            limited = any(name.startswith("X-RateLimit") for name in response.headers)
            return response.status, response.content_type, text, limited

    async def status(self, method: str, path: str) -> int:
        return (await self(method, path))[0]


@pytest.fixture
def ask(discord: Discord, scene: Scene) -> Asker:
    return Asker(discord, scene)


@pytest.mark.parametrize("status", [401, 403, 500, 502, 503, 504])
async def test_a_refusal_of_discords(ask: Asker, driver: Driver, scene: Scene, status: int) -> None:
    await driver.fault(do="status", route=GIVE, status=status)
    got, media, text, _ = await ask("PUT", ask.give)
    assert (got, media) == (status, "application/json")
    assert '"message"' in text
    assert await driver.roles_of(scene.guild, scene.fred) == set()


@pytest.mark.parametrize("scope", ["user", "global", "shared"])
async def test_a_rate_limit_of_each_scope(ask: Asker, driver: Driver, scope: str) -> None:
    await driver.fault(do="status", route=GIVE, status=429, scope=scope, retry_after_s=1.5)
    got, _, text, limited = await ask("PUT", ask.give)
    assert (got, limited) == (429, True)
    assert '"retry_after": 1.5' in text


@pytest.mark.parametrize(
    ("page", "media", "says"),
    [("html", "text/html", "Error 1015"), ("plain", "text/plain", "error code: 1015")],
)
async def test_a_rate_limit_of_cloudflares_names_none_of_discords_headers(
    ask: Asker, driver: Driver, page: str, media: str, says: str
) -> None:
    await driver.fault(do="cloudflare", route=GIVE, status=429, page=page, retry_after_s=2)
    got, kind, text, limited = await ask("PUT", ask.give)
    assert (got, kind, limited) == (429, media, False)
    assert says in text


@pytest.mark.parametrize("status", [403, 502, 520])
async def test_another_page_of_cloudflares(ask: Asker, driver: Driver, status: int) -> None:
    await driver.fault(do="cloudflare", status=status)
    got, kind, text, _ = await ask("GET", ask.guild)
    assert (got, kind) == (status, "text/html")
    assert str(status) in text


async def test_half_a_body_comes_after_the_effect(ask: Asker, driver: Driver, scene: Scene) -> None:
    await driver.fault(do="half_body", route="POST /guilds/{guild_id}/roles", times=None)
    with pytest.raises(aiohttp.ClientPayloadError):
        await ask("POST", f"{ask.guild}/roles")
    assert "new role" in {role["name"] for role in (await driver.guild(scene.guild))["ladder"]}


@pytest.mark.parametrize("do", ["reset_before", "drop_after"])
async def test_a_cut_before_or_after_the_effect(ask: Asker, driver: Driver, scene: Scene, do: str) -> None:
    await driver.fault(do=do, route=GIVE, times=None)
    with pytest.raises(aiohttp.ClientError):
        await ask("PUT", ask.give)
    assert await driver.roles_of(scene.guild, scene.fred) == ({"Gold"} if do == "drop_after" else set())


async def test_a_delay(ask: Asker, driver: Driver) -> None:
    await driver.fault(do="delay", delay_s=0.01)
    assert await ask.status("PUT", ask.give) == 204
    assert (await driver.journal(route=GIVE))[-1]["fault"] == "delay"


async def test_without_times_it_lasts_for_ever(ask: Asker, driver: Driver) -> None:
    await driver.fault(do="status", route=READ, status=503, times=None)
    assert [await ask.status("GET", ask.guild) for _ in range(5)] == [503] * 5
    await driver.clear_faults()
    assert await ask.status("GET", ask.guild) == 200


async def test_one_guild_and_one_request(ask: Asker, driver: Driver, scene: Scene) -> None:
    other = await driver.create_guild(scene.ana, "Second")
    await driver.add_bot(other, scene.ana)
    await driver.fault(do="status", route=READ, guild_id=scene.guild, nth=2, status=500)
    paths = [ask.guild, f"/guilds/{other}", f"/guilds/{other}", ask.guild, ask.guild]
    assert [await ask.status("GET", path) for path in paths] == [200, 200, 200, 500, 200]


async def test_what_is_no_fault_is_refused(driver: Driver) -> None:
    with pytest.raises(ValueError, match="colour"):
        await driver.fault(do="status", colour="red")
