"""Everything that asks the platform, put together around one session: they share what they hear of its silence."""

from dataclasses import dataclass
from typing import Self

from bot.clock import Clock
from bot.config import Config
from bot.memberships.apply import Snapshots
from bot.memberships.catch_up import CatchUps
from bot.memberships.ports import Creators, Work
from bot.memberships.questions import Questions
from bot.memberships.silence import Silence
from bot.memberships.tiers import Tiers
from bot.memberships.truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    truth: Truth | None
    """None: the platform cannot be asked, and none of these does anything."""
    silence: Silence
    tiers: Tiers
    questions: Questions
    catch_ups: CatchUps

    @classmethod
    def build(  # noqa: PLR0913 - the rooms around it
        cls,
        *,
        clock: Clock,
        config: Config,
        truth: Truth | None,
        snapshots: Snapshots,
        work: Work,
        creators: Creators,
    ) -> Self:
        silence = Silence(clock)
        tiers = Tiers(truth=truth, snapshots=snapshots, silence=silence)
        return cls(
            truth=truth,
            silence=silence,
            tiers=tiers,
            questions=Questions(
                clock=clock, config=config, truth=truth, snapshots=snapshots, silence=silence, work=work
            ),
            catch_ups=CatchUps(
                clock=clock,
                truth=truth,
                snapshots=snapshots,
                silence=silence,
                tiers=tiers,
                creators=creators,
            ),
        )

    async def close(self) -> None:
        """Let go of the questions under way, so that nobody waits for their time-outs."""
        if self.truth:
            await self.truth.close()


def truth_of(config: Config) -> Truth | None:
    """The platform, where the settings say that it can be asked."""
    url, token = config.membership_api_url, config.membership_api_token
    return Truth(url=url, token=token) if url and token else None
