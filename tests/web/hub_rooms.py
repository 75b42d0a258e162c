"""The Hub's rooms without a bot behind them: Discord is never there to be asked, so everything can be seen, nothing changed."""

from datetime import timedelta

from bot.access.adopt import Adopt
from bot.access.audit import Audit
from bot.access.explain import Explain
from bot.access.facts import FactsReader
from bot.access.held import HeldEnds
from bot.access.holds import Holds
from bot.access.reached import Reached
from bot.access.refusals import Refusals
from bot.access.remains import Remains
from bot.access.work import Work
from bot.clock import Clock
from bot.config import Config
from bot.discord.outcomes import RetryAfter
from bot.fans.notices import Notices
from bot.fans.seats import Seats
from bot.ids import GuildId, Member
from bot.integrations.accounts import CreatorAccounts, Proofs
from bot.integrations.adoption import Adoption
from bot.integrations.attachments import Attachments
from bot.integrations.authority import Authority
from bot.integrations.choices import Choices
from bot.integrations.closing import Closing
from bot.integrations.deputies import Deputies
from bot.integrations.guilds import Guilds
from bot.integrations.health import Health
from bot.integrations.integrations import Integrations
from bot.integrations.openings import Openings
from bot.integrations.refresh import Refresh
from bot.integrations.tying import Tying
from bot.memberships.announce import Announcements
from bot.memberships.catalogue import Catalogue
from bot.memberships.offers import Offers
from bot.memberships.outbox import Outbox
from bot.web.hub import HubRooms

_AWAY = RetryAfter(after=timedelta(minutes=1), why="unreachable")


class Away:
    """Discord, out of reach."""

    async def observe(self, member: Member, *, urgent: bool = False) -> RetryAfter:  # noqa: ARG002 - the port's
        return _AWAY

    async def read(self, guild_id: GuildId) -> RetryAfter:  # noqa: ARG002 - the port's
        return _AWAY

    def seen(self, guild_id: GuildId) -> None:
        """Nothing was seen of any guild."""


def hub_rooms(config: Config, clock: Clock, notices: Notices) -> HubRooms:
    work, health, catalogue, audit = Work(clock), Health(), Catalogue(), Audit(clock)
    accounts, facts = CreatorAccounts(), FactsReader(clock, config)
    proofs = Proofs(clock, notices)
    authority, guilds = Authority(accounts), Guilds(clock=clock, work=work, health=health)
    integrations = Integrations(clock=clock, config=config, work=work, authority=authority, health=health)
    attachments = Attachments(
        clock=clock,
        work=work,
        authority=authority,
        tiers=catalogue,
        health=health,
        announcements=Announcements(
            clock=clock, outbox=Outbox(clock=clock, delivery=None), openings=Openings()
        ),
    )
    refresh = Refresh(
        reader=Away(), guilds=guilds, integrations=integrations, try_again=Refusals(clock, work).try_again
    )
    return HubRooms(
        accounts=accounts,
        adoption=Adoption(authority=authority, adopt=Adopt(clock=clock, facts=facts, audit=audit, work=work)),
        attachments=attachments,
        catalogue=catalogue,
        choices=Choices(authority=authority, tiers=catalogue, attachments=attachments),
        closing=Closing(work=work, remains=Remains(clock), authority=authority, seats=Seats(clock, work)),
        deputies=Deputies(accounts=accounts, members=Away(), refresh=refresh),
        explain=Explain(facts, audit),
        guilds=guilds,
        held=HeldEnds(facts),
        holds=Holds(clock, config, work, audit),
        integrations=integrations,
        offers=Offers(attachments=attachments, catalogue=catalogue),
        proofs=proofs,
        reached=Reached(),
        refresh=refresh,
        tying=Tying(proofs=proofs, integrations=integrations),
    )
