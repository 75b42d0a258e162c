"""The heart put together as ``app`` does it, without the rest of the house."""

from dataclasses import dataclass

from bot.access.audit import Audit
from bot.access.converge import Converge
from bot.access.due import Dues
from bot.access.explain import Explain
from bot.access.facts import FactsReader
from bot.access.fanout import FanOuts
from bot.access.hands import Hands
from bot.access.holds import Holds
from bot.access.ledger import Ledger
from bot.access.ports import Members, Notices, Tell, Tokens
from bot.access.refusals import Refusals
from bot.access.seen import Seen
from bot.access.sweep import Sweep
from bot.access.told import Told
from bot.access.views import Views
from bot.access.work import Work
from bot.access.worker import Worker
from bot.clock import Clock
from bot.config import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What tests use of it."""

    converge: Converge
    worker: Worker
    sweep: Sweep
    seen: Seen
    holds: Holds
    refusals: Refusals
    explain: Explain
    views: Views


def assemble(
    *,
    clock: Clock,
    config: Config,
    work: Work,
    discord: Members,
    tokens: Tokens,
    notices: Notices,
    tell: Tell,
) -> Access:
    audit, facts = Audit(clock), FactsReader(clock, config)
    ledger = Ledger(clock, config, audit)
    refusals, dues, fan_outs = Refusals(clock, work), Dues(clock, work), FanOuts(work)
    holds = Holds(clock, config, work, audit)
    converge = Converge(
        clock=clock,
        config=config,
        facts=facts,
        discord=discord,
        ledger=ledger,
        hands=Hands(facts=facts, discord=discord, ledger=ledger, tokens=tokens, notices=notices),
        holds=holds,
        refusals=refusals,
        dues=dues,
        told=Told(clock=clock, platform=tell, notices=notices),
    )
    return Access(
        converge=converge,
        worker=Worker(clock=clock, work=work, fan_outs=fan_outs, converge=converge),
        sweep=Sweep(
            clock=clock,
            config=config,
            work=work,
            dues=dues,
            fan_outs=fan_outs,
            refusals=refusals,
            audit=audit,
        ),
        seen=Seen(clock, work, facts),
        holds=holds,
        refusals=refusals,
        explain=Explain(facts, audit),
        views=Views(facts),
    )
