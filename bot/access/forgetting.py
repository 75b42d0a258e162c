"""Forgets what this room holds about a deleted fan (``bot/memberships/erase``); called before the link goes.

What is still to be taken away stays, under the account alone: it has to be known until it is gone.
"""

from bot.database import transaction
from bot.ids import FanId
from models import Audit, Due, Grant, Link, Stay
from models.access import StayState

_OUTSIDE = [StayState.ABSENT, StayState.BANNED]


async def forget_access(fan_id: FanId) -> None:
    """Erase the record, what was told, and what was seen of an account that is not there, in the caller's transaction."""
    async with transaction():
        await Due.filter(fan_id=fan_id).delete()
        await Audit.filter(fan_id=fan_id).delete()
        link = await Link.get_or_none(fan_id=fan_id)
        if link is None:
            return
        account_id = link.account_id
        await Audit.filter(account_id=account_id).delete()
        owed = await Grant.filter(account_id=account_id).values_list("guild_id", flat=True)
        seen = Stay.filter(account_id=account_id)
        await seen.filter(state__in=_OUTSIDE).exclude(guild_id__in=list(owed)).delete()
        await seen.update(told={})
