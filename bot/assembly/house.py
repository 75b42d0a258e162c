"""Every part that lives as long as the process."""

from dataclasses import dataclass

from aiohttp import web

from bot.access.explain import Explain
from bot.access.forgetting import forget_access
from bot.access.seen import Seen
from bot.access.sweep import Sweep
from bot.access.work import Work
from bot.access.worker import Worker
from bot.assembly.doors import open_discord, open_web
from bot.assembly.engine import Engine, build_engine
from bot.assembly.rooms import Rooms, build_rooms
from bot.clock import Clock
from bot.cogs.listeners import Listeners
from bot.config import Config
from bot.discord.client import Client
from bot.discord.guild_reader import GuildReader
from bot.discord.oauth import OAuth
from bot.fans.forgetting import forget_fan
from bot.integrations.returns import Returns
from bot.memberships.erase import Erasure
from bot.schedule import Schedule
from bot.web.vitals import Vitals


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What is started, stopped, and called by the clock; the rest hangs on ``engine`` and ``rooms``."""

    config: Config
    clock: Clock
    client: Client
    engine: Engine
    rooms: Rooms
    worker: Worker
    sweep: Sweep
    returns: Returns
    erasure: Erasure
    web: web.Application
    schedule: Schedule
    vitals: Vitals

    @property
    def work(self) -> Work:
        return self.engine.work

    @property
    def explain(self) -> Explain:
        return self.rooms.explain


def build(config: Config, clock: Clock, oauth: OAuth, client: Client) -> House:
    schedule, reader = Schedule(), GuildReader(client)
    engine = build_engine(config, clock, client, oauth)
    rooms = build_rooms(config, clock, engine, reader)
    open_discord(config, client, engine, rooms)
    seen = Seen(clock, engine.work, engine.facts)
    Listeners(guilds=rooms.guilds, reader=reader, seen=seen).install(client)
    return House(
        config=config,
        clock=clock,
        client=client,
        engine=engine,
        rooms=rooms,
        worker=Worker(clock=clock, work=engine.work, fan_outs=engine.fan_outs, converge=engine.converge),
        sweep=Sweep(
            clock=clock,
            config=config,
            work=engine.work,
            dues=engine.dues,
            fan_outs=engine.fan_outs,
            refusals=engine.refusals,
            audit=engine.audit,
        ),
        returns=Returns(clock=clock, work=engine.work, health=rooms.health, deputies=rooms.deputies),
        erasure=Erasure(
            clock=clock,
            outbox=engine.outbox,
            remains=engine.remains,
            forgets=(forget_access, forget_fan, rooms.identity.sessions.forget_fan),
        ),
        web=open_web(config, clock, oauth, engine, rooms),
        schedule=schedule,
        vitals=Vitals(
            clock=clock,
            client=client,
            schedule=schedule,
            work=engine.work,
            inbox=rooms.inbox,
            outbox=engine.outbox,
            asking=rooms.asking,
            holds=engine.holds,
            refusals=engine.refusals,
            health=rooms.health,
            ledger=engine.ledger,
        ),
    )
