"""What the bot still answers for because of an integration: while there is something, a closing one stays closing.

Asked by ``bot/integrations/closing.py``, and of a deleted fan by ``bot/memberships/erase.py``. A fan-out or a member
that is due comes first: what they find is not known yet. Nor is it where a look failed, or where the bot is not: so
whom the integration brought in counts until they are seen out, or spared.
"""

from tortoise.expressions import Q

from bot.access.audience import members_of_fan
from bot.clock import Clock
from bot.discord.permissions import Permission, has
from bot.ids import FanId, GuildId, IntegrationId
from models import Departure, FanOut, Grant, Guild, Integration, Stay, Work
from models.access import StayState
from models.integrations import EndPolicy


class Remains:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def anything_left(self, integration_id: IntegrationId, guild_id: GuildId) -> bool:
        return (
            await FanOut.exists(kind="integration", subject=str(integration_id))
            or await Work.exists(guild_id=guild_id, due_at__lte=self._clock())
            or await Departure.exists(integration_id=integration_id, spared__isnull=True)
            or await _answers_for_a_role(integration_id, guild_id)
            or await _is_to_put_somebody_out(integration_id, guild_id)
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


async def _is_to_put_somebody_out(integration_id: IntegrationId, guild_id: GuildId) -> bool:
    """Whether somebody is in because of it whom its policy asks to put out, and the bot may."""
    integration, guild = await Integration.get(id=integration_id), await Guild.get_or_none(id=guild_id)
    if (integration.closing_policy or integration.policy) is not EndPolicy.ADDED or guild is None:
        return False
    if not has(guild.bot_permissions, Permission.KICK_MEMBERS):
        return False
    brought_in = Q(begun_by_us=True, state__in=[StayState.IN, StayState.PENDING])
    stays = Stay.filter(brought_in | Q(join_intended_at__isnull=False))
    through_it = stays.filter(guild_id=guild_id, last_integration_id=integration_id)
    spared = Departure.filter(guild_id=guild_id, spared__isnull=False)
    accounts = set(await through_it.values_list("account_id", flat=True))
    return bool(accounts.difference(await spared.values_list("account_id", flat=True)))
