"""A fan's wish in one integration: not yet, wanted, declined.

Nobody is brought into a server that they did not ask for; where the account already is, roles come without a wish.
"""

from collections.abc import Iterable

from bot.clock import Clock
from bot.database import transaction
from bot.fans.ports import Marks
from bot.ids import FanId, IntegrationId
from models.fans import Seat, SeatState


class Seats:
    def __init__(self, clock: Clock, work: Marks) -> None:
        self._clock = clock
        self._work = work

    async def want(self, fan_id: FanId, integrations: Iterable[IntegrationId]) -> None:
        """The fan asks to be brought in; a person waits."""
        await self._set(fan_id, integrations, SeatState.WANTED)

    async def decline(self, fan_id: FanId, integrations: Iterable[IntegrationId]) -> None:
        """The fan gives up what these give them, and stays linked."""
        await self._set(fan_id, integrations, SeatState.DECLINED)

    async def forget(self, integration_id: IntegrationId) -> None:
        """In the caller's transaction: the integration is gone, and every wish about it."""
        await Seat.filter(integration_id=integration_id).delete()

    async def _set(self, fan_id: FanId, integrations: Iterable[IntegrationId], state: SeatState) -> None:
        async with transaction():
            for integration_id in sorted(set(integrations)):
                # changed_at moves also for a wish repeated: it is a new press, after leaving for example.
                await Seat.update_or_create(
                    defaults={"state": state, "changed_at": self._clock()},
                    fan_id=fan_id,
                    integration_id=integration_id,
                )
            await self._work.mark_fan(fan_id, urgent=True)
