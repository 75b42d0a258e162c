"""OAuth2 over the wire: codes, tokens, and each way they can be refused."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.config import Config
from bot.discord.oauth import CREATOR_SCOPES, FAN_SCOPES, DiscordUser, OAuth, OAuthError, TokenPair
from bot.discord.outcomes import RetryAfter
from bot.discord.permissions import INVITATION
from bot.ids import AccountId, GuildId
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.server import Discord
from tests.discord.wire import code_of, config_for

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BACK = "http://127.0.0.1/oauth/back"


@pytest.fixture
async def oauth(config: Config) -> AsyncIterator[OAuth]:
    async with OAuth(config, lambda: NOW) as oauth:
        yield oauth


async def code_for(oauth: OAuth, driver: Driver, account: int) -> str:
    address = oauth.authorize_url(state="abc", scopes=FAN_SCOPES, redirect_uri=BACK)
    return code_of(await driver.authorize(account, address))


async def pair_for(oauth: OAuth, driver: Driver, account: int) -> TokenPair:
    pair = await oauth.exchange(await code_for(oauth, driver, account), BACK)
    assert isinstance(pair, TokenPair)
    return pair


async def test_a_fan_is_identified(oauth: OAuth, driver: Driver) -> None:
    bob = await driver.create_user("bob")

    pair = await pair_for(oauth, driver, bob)

    assert pair.scopes == {"identify", "guilds.join"}
    assert timedelta(days=6) < pair.expires_at - NOW <= timedelta(days=7)
    user = await oauth.identify(pair.access_token)
    assert isinstance(user, DiscordUser)
    assert (user.id, user.username) == (AccountId(bob), "bob")


async def test_the_state_comes_back_and_so_does_a_no(oauth: OAuth, driver: Driver) -> None:
    bob = await driver.create_user("bob")
    address = oauth.authorize_url(state="abc", scopes=FAN_SCOPES, redirect_uri=BACK, prompt="consent")

    back = parse_qs(urlsplit(await driver.authorize(bob, address, approve=False)).query)

    assert (back["state"], back["error"]) == (["abc"], ["access_denied"])


async def test_adding_the_bot_names_the_server(oauth: OAuth, driver: Driver) -> None:
    ana = await driver.create_user("ana")
    guild = await driver.create_guild(ana, "Ana's")
    address = oauth.authorize_url(
        state="abc",
        scopes=CREATOR_SCOPES,
        redirect_uri=BACK,
        permissions=INVITATION,
        guild_id=GuildId(guild),
    )

    pair = await oauth.exchange(code_of(await driver.authorize(ana, address, guild=guild)), BACK)

    assert isinstance(pair, TokenPair)
    assert pair.guild is not None
    assert (pair.guild.id, pair.guild.name) == (guild, "Ana's")


async def test_a_refreshed_pair_replaces_the_old_one(oauth: OAuth, driver: Driver) -> None:
    old = await pair_for(oauth, driver, await driver.create_user("bob"))

    new = await oauth.refresh(old.refresh_token)

    assert isinstance(new, TokenPair)
    assert isinstance(await oauth.identify(new.access_token), DiscordUser)
    assert await oauth.refresh(old.refresh_token) == OAuthError(why="invalid_grant", status=400)


async def test_a_code_works_once_and_only_where_it_was_meant_for(oauth: OAuth, driver: Driver) -> None:
    bob = await driver.create_user("bob")
    code = await code_for(oauth, driver, bob)
    refused = OAuthError(why="invalid_grant", status=400)

    assert await oauth.exchange("made-up", BACK) == refused
    assert isinstance(await oauth.exchange(code, BACK), TokenPair)
    assert await oauth.exchange(code, BACK) == refused
    assert await oauth.exchange(await code_for(oauth, driver, bob), BACK + "/else") == refused


async def test_a_revoked_token_is_dead(oauth: OAuth, driver: Driver) -> None:
    pair = await pair_for(oauth, driver, await driver.create_user("bob"))

    assert await oauth.revoke(pair.access_token) is None

    assert await oauth.identify(pair.access_token) == OAuthError(why="bad_token", status=401)


async def test_a_wrong_client_secret_is_the_operators_business(discord: Discord) -> None:
    async with OAuth(config_for(discord, discord_client_secret="wrong"), lambda: NOW) as oauth:
        assert await oauth.exchange("code", BACK) == OAuthError(why="invalid_client", status=401)


async def test_a_discord_that_cannot_answer_is_tried_again(
    discord: Discord, oauth: OAuth, driver: Driver
) -> None:
    pair = await pair_for(oauth, driver, await driver.create_user("bob"))
    await driver.fault(do="status", route="GET /users/@me", status=503)
    await driver.fault(do="status", route="GET /users/@me", status=429, retry_after_s=7, nth=2)

    assert await oauth.identify(pair.access_token) == RetryAfter(after=timedelta(seconds=5), why="status_503")
    assert await oauth.identify(pair.access_token) == RetryAfter(
        after=timedelta(seconds=7), why="rate_limited"
    )
    async with OAuth(
        config_for(discord, discord_api_url="http://127.0.0.1:1/api/v10"), lambda: NOW
    ) as nowhere:
        assert isinstance(await nowhere.identify("token"), RetryAfter)


async def test_tokens_are_not_written_where_a_pair_is(oauth: OAuth, driver: Driver) -> None:
    pair = await pair_for(oauth, driver, await driver.create_user("bob"))

    assert pair.access_token not in repr(pair)
    assert pair.refresh_token not in repr(pair)
