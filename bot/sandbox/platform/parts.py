"""The parts of one platform, put together by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from aiohttp import ClientSession

from .catalogue import Catalogue
from .events import Events
from .forgery import Forgery
from .handover import Handover
from .holds import Holds
from .sales import Sales
from .settings import Settings
from .state import State
from .truth import Truth
from .webhooks import Webhooks


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    settings: Settings
    state: State
    catalogue: Catalogue
    sales: Sales
    webhooks: Webhooks
    forgery: Forgery
    truth: Truth
    events: Events
    handover: Handover
    holds: Holds

    @classmethod
    def build(cls, settings: Settings, session: ClientSession, now: Callable[[], datetime]) -> Self:
        webhooks = Webhooks(settings=settings, now=now, session=session)
        state = State(now=now, announce=webhooks.publish)
        return cls(
            settings=settings,
            state=state,
            catalogue=Catalogue(state),
            sales=Sales(state),
            webhooks=webhooks,
            forgery=Forgery(webhooks),
            truth=Truth(state, settings),
            events=Events(settings, now),
            handover=Handover(state, settings, now),
            holds=Holds(),
        )
