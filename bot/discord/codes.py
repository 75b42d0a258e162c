"""The one table from what Discord says, or fails to say, to an outcome.

Codes: Discord's documentation, "Opcodes and Status Codes". What is not in the table is a person's business if Discord
refused (its operator's: we sent something wrong), and time's business if Discord could not answer.
"""

from collections.abc import Mapping
from datetime import timedelta

import aiohttp
import nextcord

from bot.discord.outcomes import Absent, NeedsPerson, Person, RetryAfter, Thing
from bot.discord.pacing import NotNowError
from bot.discord.rest import NOT_NOW

type Failure = Absent | RetryAfter | NeedsPerson

CONNECTION_ERRORS = (NotNowError, nextcord.HTTPException, aiohttp.ClientError, TimeoutError, OSError)
"""What a call may raise that :func:`failure_of` understands."""

_ABSENT: Mapping[int, Thing] = {
    10003: Thing.CHANNEL,
    10004: Thing.GUILD,
    10007: Thing.MEMBER,
    10011: Thing.ROLE,
    10013: Thing.USER,
}

_PERSON: Mapping[int, tuple[Person, str]] = {
    30001: (Person.FAN, "too_many_servers"),
    40007: (Person.CREATOR, "banned"),
    50001: (Person.CREATOR, "missing_access"),
    50007: (Person.FAN, "dms_closed"),
    50013: (Person.CREATOR, "missing_permissions"),
    50025: (Person.FAN, "bad_token"),
    50026: (Person.FAN, "bad_token"),  # the token lacks guilds.join: connecting again asks for it
    50028: (Person.CREATOR, "invalid_role"),
    50278: (Person.FAN, "dms_closed"),
    60003: (Person.OPERATOR, "two_factor"),
    340015: (Person.FAN, "joins_limited"),
}

_LATER: Mapping[int, timedelta] = {
    40003: timedelta(minutes=10),  # direct messages are being opened too fast
    130000: timedelta(minutes=1),  # overloaded
}

_SOON = timedelta(seconds=5)
_AFTER_A_429 = timedelta(seconds=30)


def failure_of(error: Exception) -> Failure:
    """Say in our words what one of :data:`CONNECTION_ERRORS` means."""
    if isinstance(error, nextcord.HTTPException):
        return _refusal(error)
    if isinstance(error, NotNowError):
        return RetryAfter(after=error.after, why="rate_limited")
    return RetryAfter(after=_SOON, why="unreachable")


def _refusal(error: nextcord.HTTPException) -> Failure:
    status, code = error.status, error.code
    if status == 429:
        return RetryAfter(after=_wait_of(error), why="rate_limited", code=code or None)
    if code in _LATER:
        return RetryAfter(after=_LATER[code], why="later", code=code)
    if status in NOT_NOW or status > 500:
        return RetryAfter(after=_SOON, why=f"status_{status}", code=code or None)
    if code in _ABSENT:
        return Absent(thing=_ABSENT[code], code=code)
    if code in _PERSON:
        who, why = _PERSON[code]
        return NeedsPerson(who=who, why=why, code=code)
    why = "unauthorized" if status == 401 else "unexpected"
    return NeedsPerson(who=Person.OPERATOR, why=why, code=code or status)


def _wait_of(error: nextcord.HTTPException) -> timedelta:
    """How long Discord wants to be left alone; a ban by its front door (no header we know) is given its time."""
    headers = getattr(error.response, "headers", {})
    try:
        return timedelta(seconds=float(headers["Retry-After"]))
    except (KeyError, ValueError):
        return _AFTER_A_429
