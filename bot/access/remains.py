"""What the bot still answers for because of an integration: while there is something, a closing one stays closing.

Asked by ``bot/integrations/closing.py``, and of a deleted fan by ``bot/memberships/erase.py``. A fan-out or a member
that is due comes first: what they find is not known yet.
"""

from bot.access.audience import members_of_fan
from bot.clock import Clock
from bot.ids import FanId, GuildId, IntegrationId
from models import Departure, FanOut, Grant, Work


class Remains:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def anything_left(self, integration_id: IntegrationId, guild_id: GuildId) -> bool:
        return (
            await FanOut.exists(kind="integration", subject=str(integration_id))
            or await Work.exists(guild_id=guild_id, due_at__lte=self._clock())
            or await Departure.exists(integration_id=integration_id, spared__isnull=True)
            or await _answers_for_a_role(integration_id, guild_id)
        )

    async def let_go(self, integration_id: IntegrationId, guild_id: GuildId) -> None:
        """Leave what was given because of the integration alone with whoever has it, as its ``keep`` says.

        For where the bot is not: no pass looks at anybody there, so nobody else would.
        """
        for grant in await Grant.filter(guild_id=guild_id, kept_at__isnull=True):
            if {reason["integration_id"] for reason in grant.because} == {integration_id}:
                await Grant.filter(id=grant.id).update(kept_at=self._clock())
        await Departure.filter(guild_id=guild_id, integration_id=integration_id).delete()

    async def anything_left_of(self, fan_id: FanId) -> bool:
        """Whether something given to the fan's account is still to be taken away, or being looked at."""
        accounts = {member.account_id for member in await members_of_fan(fan_id)}
        return (
            await Work.exists(account_id__in=accounts, due_at__lte=self._clock())
            or await Departure.exists(account_id__in=accounts, spared__isnull=True)
            or await Grant.exists(account_id__in=accounts, kept_at__isnull=True)
        )


async def _answers_for_a_role(integration_id: IntegrationId, guild_id: GuildId) -> bool:
    grants = await Grant.filter(guild_id=guild_id, kept_at__isnull=True)
    return any(reason["integration_id"] == integration_id for grant in grants for reason in grant.because)
