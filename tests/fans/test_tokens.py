"""Tokens: encrypted, rotated before use, one refresh at a time, gone when Discord refuses them."""

import asyncio
from datetime import timedelta

from bot.discord.oauth import FAN_SCOPES, TokenPair
from bot.discord.outcomes import RetryAfter
from bot.fans.vault import Vault
from bot.ids import AccountId
from models import AccountToken
from tests.web.house import Wired

OLD, NEW = "o" * 40, "n" * 40


async def test_a_token_is_stored_encrypted_and_read_back(house: Wired) -> None:
    account, pair = await _consented(house)
    assert await house.rooms.tokens.fresh(account) == pair.access_token
    row = await AccountToken.get(account_id=account)
    assert pair.access_token not in row.access_token
    assert pair.refresh_token not in row.refresh_token


async def test_a_token_that_ran_out_is_refreshed_and_the_new_pair_is_saved(house: Wired) -> None:
    account, pair = await _consented(house)
    house.clock.move(timedelta(days=7))
    fresh = await house.rooms.tokens.fresh(account)
    assert isinstance(fresh, str)
    assert fresh != pair.access_token
    assert (await AccountToken.get(account_id=account)).version == 2
    house.clock.move(timedelta(days=7))
    assert await house.rooms.tokens.fresh(account) not in {fresh, None}


async def test_many_who_need_it_at_once_make_one_refresh(house: Wired) -> None:
    account, _ = await _consented(house)
    house.clock.move(timedelta(days=7))
    found = await asyncio.gather(*(house.rooms.tokens.fresh(account) for _ in range(5)))
    assert len(set(found)) == 1
    asked = await house.discord.journal(route="POST /oauth2/token")
    assert len(asked) == 2  # the code, then one refresh


async def test_a_dead_refresh_token_is_dropped_and_the_fan_has_to_connect(house: Wired) -> None:
    account, pair = await _consented(house)
    await house.rooms.oauth.revoke(pair.refresh_token)
    house.clock.move(timedelta(days=7))
    assert await house.rooms.tokens.fresh(account) is None
    assert not await house.rooms.tokens.has(account)


async def test_discord_away_is_no_reason_to_drop_a_token(house: Wired) -> None:
    account, _ = await _consented(house)
    house.clock.move(timedelta(days=7))
    await house.discord.fault(route="POST /oauth2/token", do="status", status=503)
    assert isinstance(await house.rooms.tokens.fresh(account), RetryAfter)
    assert isinstance(await house.rooms.tokens.fresh(account), str)


async def test_a_token_that_discord_refused_is_forgotten(house: Wired) -> None:
    account, pair = await _consented(house)
    assert await house.rooms.tokens.refused(account, pair.access_token)
    assert await house.rooms.tokens.fresh(account) is None
    assert not await house.rooms.tokens.refused(account, pair.access_token)


async def test_a_pair_that_took_the_place_of_the_refused_one_stays(house: Wired) -> None:
    account, old = await _consented(house)
    house.clock.move(timedelta(days=7))
    new = await house.rooms.tokens.fresh(account)
    assert not await house.rooms.tokens.refused(account, old.access_token)
    assert await house.rooms.tokens.fresh(account) == new != old.access_token


async def test_a_key_that_is_gone_costs_one_connect(house: Wired) -> None:
    account, _ = await _consented(house)
    await AccountToken.filter(account_id=account).update(
        access_token=Vault([OLD]).seal("x"), refresh_token=Vault([OLD]).seal("y")
    )
    assert await house.rooms.tokens.fresh(account) is None


def test_keys_rotate_the_first_writes_all_read() -> None:
    before, between, after = Vault([OLD]), Vault([NEW, OLD]), Vault([NEW])
    assert between.open(before.seal("secret")) == "secret"
    assert after.open(between.seal("secret")) == "secret"
    assert after.open(before.seal("secret")) is None
    assert after.open("garbage") is None


def test_a_pair_waits_sealed(house: Wired) -> None:
    tokens = house.rooms.tokens
    pair = TokenPair(
        access_token="a", refresh_token="r", expires_at=house.clock(), scopes=frozenset(FAN_SCOPES)
    )
    assert tokens.unseal(tokens.seal(pair)) == pair
    assert tokens.unseal("garbage") is None


async def _consented(house: Wired) -> tuple[AccountId, TokenPair]:
    user = await house.discord.create_user("bob")
    redirect = f"{house.url}/oauth/discord"
    url = house.rooms.oauth.authorize_url(state="s", scopes=FAN_SCOPES, redirect_uri=redirect)
    code = (await house.discord.authorize(user, url)).split("code=")[1].split("&")[0]
    pair = await house.rooms.oauth.exchange(code, redirect)
    assert isinstance(pair, TokenPair)
    await house.rooms.tokens.save(AccountId(user), pair)
    return AccountId(user), pair
