"""Whom an integration reaches now: the people who have something because of it, whether it is still due to them or not.

For previews that name a number before something ends, for the progress of an end, and for the list a creator sees.
"""

from dataclasses import dataclass

from bot.ids import AccountId, FanId, GuildId, IntegrationId
from models import Fan, Grant, Link, Stay
from models.access import StayState

_THERE = (StayState.IN, StayState.PENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """One person."""

    account_id: AccountId
    fan_id: FanId | None
    name: str
    """The fan's on the platform; where the account is linked to nobody (any more), a few words."""
    username: str | None


class Reached:
    async def accounts(self, integration_id: IntegrationId, guild_id: GuildId) -> list[AccountId]:
        """Everybody who holds a role, or is inside, because of the integration."""
        grants = await Grant.filter(guild_id=guild_id, kept_at__isnull=True)
        with_role = {
            grant.account_id
            for grant in grants
            if any(reason["integration_id"] == integration_id for reason in grant.because)
        }
        inside = await Stay.filter(
            guild_id=guild_id, last_integration_id=integration_id, state__in=_THERE, begun_by_us=True
        ).values_list("account_id", flat=True)
        return [AccountId(int(str(each))) for each in sorted(with_role | set(inside))]

    async def people(self, account_ids: list[AccountId]) -> list[Reach]:
        """Who they are, in the same order."""
        links = {row.account_id: row for row in await Link.filter(account_id__in=account_ids)}
        fans = {row.id: row for row in await Fan.filter(id__in=[row.fan_id for row in links.values()])}
        return [
            Reach(
                account_id=account_id,
                fan_id=FanId(link.fan_id) if link else None,
                name=fans[link.fan_id].display_name if link else "Nobody on Passes any more",
                username=link.username if link else None,
            )
            for account_id in account_ids
            for link in [links.get(account_id)]
        ]
