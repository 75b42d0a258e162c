"""Forgets a fan: everything this room holds about them, once their access is gone (``bot/memberships/erase``)."""

from bot.database import transaction
from bot.ids import FanId
from models.fans import AccountToken, Link, LinkChange, Notice, Seat


async def forget_fan(fan_id: FanId) -> None:
    """Erase link, token, seats, notices and the count of changes, in the caller's transaction."""
    async with transaction():
        link = await Link.get_or_none(fan_id=fan_id)
        if link:
            await AccountToken.filter(account_id=link.account_id).delete()
        await Link.filter(fan_id=fan_id).delete()
        await Seat.filter(fan_id=fan_id).delete()
        await Notice.filter(fan_id=fan_id).delete()
        await LinkChange.filter(fan_id=fan_id).delete()
