"""The platform's webhooks that wait for an operator: what is parked, and trying one again."""

from bot.access.remains import Remains
from bot.access.work import Work
from bot.clock import system_clock
from bot.config import Config
from bot.database import open_database
from bot.fans.seats import Seats
from bot.integrations.accounts import CreatorAccounts
from bot.integrations.authority import Authority
from bot.integrations.closing import Closing
from bot.integrations.openings import Openings
from bot.memberships.announce import Announcements
from bot.memberships.apply import Snapshots
from bot.memberships.delivery import Delivery
from bot.memberships.inbox import Entry, Inbox
from bot.memberships.outbox import Outbox
from bot.memberships.signature import Signatures
from models.memberships import InboxState


async def listed(config: Config, state: InboxState, newest: int) -> list[Entry]:
    async with open_database(config.database_url):
        return await inbox(config).listed(state, newest=newest)


async def replay(config: Config, webhook_id: str, *, confirmed: bool) -> Entry | None:
    """Try a parked or ignored event once more; what became of it, None: there is none of this id."""
    async with open_database(config.database_url):
        return await inbox(config).replay(webhook_id, confirmed=confirmed)


def inbox(config: Config) -> Inbox:
    """The room as the bot itself has it; what it is told to tell, the bot delivers."""
    clock, work = system_clock, Work(system_clock)
    signatures = Signatures(config.webhook_secrets, clock)
    url = config.membership_events_url
    outbox = Outbox(clock=clock, delivery=Delivery(url=url, signatures=signatures) if url else None)
    snapshots = Snapshots(
        clock=clock,
        work=work,
        closing=Closing(
            work=work,
            remains=Remains(clock),
            authority=Authority(CreatorAccounts()),
            seats=Seats(clock, work),
        ),
        announcements=Announcements(clock=clock, outbox=outbox, openings=Openings()),
        slack=config.slack,
        asks_first=config.membership_api_url is not None,
    )
    return Inbox(clock=clock, signatures=signatures, snapshots=snapshots)
