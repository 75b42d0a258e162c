"""The heart, and what it needs from above and below: the tokens, the notices, the platform's ear, and Discord."""

from dataclasses import dataclass

from bot.access.audit import Audit
from bot.access.converge import Converge
from bot.access.due import Dues
from bot.access.facts import FactsReader
from bot.access.fanout import FanOuts
from bot.access.hands import Hands
from bot.access.holds import Holds
from bot.access.ledger import Ledger
from bot.access.presence import Presence
from bot.access.refusals import Refusals
from bot.access.remains import Remains
from bot.access.told import Told
from bot.access.work import Work
from bot.clock import Clock
from bot.config import Config
from bot.discord.client import Client
from bot.discord.members import Members
from bot.discord.messages import Messages
from bot.discord.oauth import OAuth
from bot.fans.notices import Notices
from bot.fans.tokens import Tokens
from bot.memberships.delivery import Delivery
from bot.memberships.outbox import Outbox
from bot.memberships.signature import Signatures


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    work: Work
    audit: Audit
    facts: FactsReader
    remains: Remains
    refusals: Refusals
    fan_outs: FanOuts
    dues: Dues
    ledger: Ledger
    holds: Holds
    members: Members
    tokens: Tokens
    notices: Notices
    signatures: Signatures
    outbox: Outbox
    converge: Converge


def build_engine(config: Config, clock: Clock, client: Client, oauth: OAuth) -> Engine:
    work, audit, facts = Work(clock), Audit(clock), FactsReader(clock, config)
    refusals, dues, ledger = Refusals(clock, work), Dues(clock, work), Ledger(clock, config, audit)
    holds, members = Holds(clock, config, work, audit), Members(client)
    tokens = Tokens(clock, config, oauth)
    notices = Notices(clock, config, Messages(client), Presence())
    signatures = Signatures(config.webhook_secrets, clock)
    outbox = Outbox(clock=clock, delivery=_delivery(config, signatures))
    converge = Converge(
        clock=clock,
        config=config,
        facts=facts,
        discord=members,
        ledger=ledger,
        hands=Hands(facts=facts, discord=members, ledger=ledger, tokens=tokens, notices=notices),
        holds=holds,
        refusals=refusals,
        dues=dues,
        told=Told(clock=clock, platform=outbox, notices=notices),
    )
    return Engine(
        work=work,
        audit=audit,
        facts=facts,
        remains=Remains(clock),
        refusals=refusals,
        fan_outs=FanOuts(work),
        dues=dues,
        ledger=ledger,
        holds=holds,
        members=members,
        tokens=tokens,
        notices=notices,
        signatures=signatures,
        outbox=outbox,
        converge=converge,
    )


def _delivery(config: Config, signatures: Signatures) -> Delivery | None:
    """The platform's ear, where it wants to be told."""
    url = config.membership_events_url
    return Delivery(url=url, signatures=signatures) if url else None
