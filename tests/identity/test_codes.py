"""Codes: eight of 32 symbols, hashed, and not to be guessed."""

import re
from dataclasses import replace
from datetime import timedelta

from bot.config import Config
from bot.identity.codes import ALPHABET, Codes, TooManyTries, Typed, WrongCode
from bot.identity.people import Person
from bot.ids import AccountId
from models import Code
from models.identity import PersonKind
from tests.web.house import Wired

ANA = Person(kind=PersonKind.FAN, id="ana", name="Ana")
BOB = AccountId(77)


async def test_a_code_is_eight_of_thirty_two_symbols_and_stored_hashed(house: Wired) -> None:
    code = await house.rooms.codes.show(ANA, "link")
    assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
    assert len(set(ALPHABET)) == 32
    stored = await Code.get(person_id="ana")
    assert code.replace("-", "") not in str(stored.__dict__)


async def test_a_code_may_be_typed_as_people_type(house: Wired) -> None:
    code = await house.rooms.codes.show(ANA, "link")
    typed = f"  {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
    assert isinstance(await house.rooms.codes.enter(typed, account_id=BOB, username="bob"), Typed)


async def test_a_code_guessed_too_often_is_not_tried_any_more(house: Wired) -> None:
    codes = house.rooms.codes
    code = await codes.show(ANA, "link")
    for guess in ("", "wrong", "0000-0000", "🙂", "a" * 500):
        assert await codes.enter(guess, account_id=BOB, username="bob") == WrongCode()
    refused = await codes.enter(code, account_id=BOB, username="bob")
    assert isinstance(refused, TooManyTries)
    assert isinstance(await codes.enter(code, account_id=AccountId(78), username="eve"), Typed)
    assert refused.again_at == house.clock() + timedelta(hours=1)


async def test_after_an_hour_one_may_try_again(house: Wired) -> None:
    codes = house.rooms.codes
    for _ in range(5):
        await codes.enter("wrong", account_id=BOB, username="bob")
    house.clock.move(timedelta(hours=1))
    code = await codes.show(ANA, "link")
    assert isinstance(await codes.enter(code, account_id=BOB, username="bob"), Typed)


async def test_what_is_over_is_forgotten(house: Wired) -> None:
    await house.rooms.codes.show(ANA, "link")
    await house.rooms.codes.enter("wrong", account_id=BOB, username="bob")
    house.clock.move(timedelta(hours=1))
    assert await house.rooms.codes.forget_expired() == 2


async def test_keys_rotate(house: Wired) -> None:
    code = await house.rooms.codes.show(ANA, "link")
    rotated = Codes(house.clock, _with_keys(house.config, "n" * 40, *house.config.secret_keys))
    assert isinstance(await rotated.enter(code, account_id=BOB, username="bob"), Typed)
    other = Codes(house.clock, _with_keys(house.config, "n" * 40))
    code = await house.rooms.codes.show(ANA, "link")
    assert await other.enter(code, account_id=BOB, username="bob") == WrongCode()


def _with_keys(config: Config, *keys: str) -> Config:
    return replace(config, secret_keys=keys)
