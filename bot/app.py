"""The one place that builds every part by hand, gives the schedule its callables, and starts and stops in order.

Nothing is found by name and nothing is global: to know what a part depends on, read its constructor call here. It
starts from the ground up (database, rooms, doors), and stops the other way round: the clock, then the web, so that no
new fact comes in, then the worker, then Discord, then the database.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from aiohttp import web

from bot.access.adopt import Adopt
from bot.access.audit import Audit
from bot.access.converge import Converge
from bot.access.due import Dues
from bot.access.explain import Explain
from bot.access.facts import FactsReader
from bot.access.fanout import FanOuts
from bot.access.forgetting import forget_access
from bot.access.hands import Hands
from bot.access.holds import Holds
from bot.access.ledger import Ledger
from bot.access.presence import Presence
from bot.access.reached import Reached
from bot.access.refusals import Refusals
from bot.access.remains import Remains
from bot.access.seen import Seen
from bot.access.sweep import Sweep
from bot.access.told import Told
from bot.access.views import Views
from bot.access.work import Work
from bot.access.worker import Worker
from bot.clock import Clock, system_clock
from bot.cogs.disconnecting import Disconnecting
from bot.cogs.doorstep import Doorstep
from bot.cogs.link import LinkCommands
from bot.cogs.listeners import Listeners
from bot.cogs.memberships import MembershipsCommands
from bot.cogs.passes import Passes
from bot.cogs.presses import Presses
from bot.cogs.roles import RolesCommands
from bot.cogs.setup import Acts, Screens, SetupCommands
from bot.config import Config
from bot.database import open_database
from bot.discord.client import Client, build_client
from bot.discord.guild_reader import GuildReader
from bot.discord.members import Members
from bot.discord.messages import Messages
from bot.discord.oauth import OAuth
from bot.discord.supervision import run_client
from bot.fans.connecting import Connecting
from bot.fans.forgetting import forget_fan
from bot.fans.links import Links
from bot.fans.notices import Notices
from bot.fans.seats import Seats
from bot.fans.tokens import Tokens
from bot.fans.vault import fingerprint
from bot.identity.codes import Codes
from bot.identity.launch import Launch
from bot.identity.oauth_states import OAuthStates
from bot.identity.requests import Requests
from bot.identity.sessions import Sessions
from bot.integrations.accounts import CreatorAccounts
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
from bot.integrations.returns import Returns
from bot.memberships.announce import Announcements
from bot.memberships.apply import ASK_AFTER, Snapshots
from bot.memberships.asking import Asking, truth_of
from bot.memberships.catalogue import Catalogue
from bot.memberships.delivery import Delivery
from bot.memberships.erase import Erasure
from bot.memberships.inbox import Inbox
from bot.memberships.offers import Offers
from bot.memberships.outbox import Outbox
from bot.memberships.purchases import Purchases
from bot.memberships.signature import Signatures
from bot.schedule import Schedule
from bot.web import webhooks
from bot.web.hub import HubRooms
from bot.web.ops import Ops
from bot.web.server import Rooms, build_app, serve
from bot.web.vitals import Vitals

log = structlog.get_logger()

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Every part that lives as long as the process; what only serves another part is not named here."""

    config: Config
    clock: Clock
    client: Client
    worker: Worker
    work: Work
    sweep: Sweep
    explain: Explain
    inbox: Inbox
    outbox: Outbox
    notices: Notices
    closing: Closing
    returns: Returns
    erasure: Erasure
    announcements: Announcements
    asking: Asking
    web: web.Application
    schedule: Schedule
    vitals: Vitals
    forgetful: tuple[Sessions | Codes | Requests | OAuthStates | Launch, ...]
    """Rooms that hold what is worthless after a while."""


def build(config: Config, clock: Clock, oauth: OAuth) -> House:  # noqa: PLR0915 - one statement for each part, in order
    """Every part, connected, none of them started."""
    client, schedule = build_client(config), Schedule()
    reader = GuildReader(client)

    # The heart, and what it needs from above.
    work = Work(clock)
    audit = Audit(clock)
    facts = FactsReader(clock, config)
    remains = Remains(clock)
    refusals = Refusals(clock, work)
    fan_outs = FanOuts(work)
    dues = Dues(clock, work)
    ledger = Ledger(clock, config, audit)
    tokens = Tokens(clock, config, oauth)
    notices = Notices(clock, config, Messages(client), Presence())
    signatures = Signatures(config.webhook_secrets, clock)
    events_url = config.membership_events_url
    outbox = Outbox(
        clock=clock, delivery=Delivery(url=events_url, signatures=signatures) if events_url else None
    )
    members = Members(client)
    holds = Holds(clock, config, work, audit)
    converge = Converge(
        clock=clock,
        config=config,
        facts=facts,
        discord=members,
        ledger=ledger,
        hands=Hands(discord=members, ledger=ledger, tokens=tokens, notices=notices),
        holds=holds,
        refusals=refusals,
        dues=dues,
        told=Told(clock=clock, platform=outbox, notices=notices),
    )

    # Fans, creators, memberships.
    links, seats = Links(clock, config, work, notices), Seats(clock, work)
    connecting = Connecting(links, tokens, seats)
    accounts = CreatorAccounts(clock)
    authority = Authority(accounts)
    health = Health()
    catalogue = Catalogue()
    guilds = Guilds(clock=clock, work=work, health=health)
    integrations = Integrations(clock=clock, config=config, work=work, authority=authority, health=health)
    announcements = Announcements(clock=clock, outbox=outbox, openings=Openings())
    attachments = Attachments(
        clock=clock,
        work=work,
        authority=authority,
        tiers=catalogue,
        health=health,
        announcements=announcements,
    )
    choices = Choices(authority=authority, tiers=catalogue, attachments=attachments)
    refresh = Refresh(reader=reader, guilds=guilds, integrations=integrations, try_again=refusals.try_again)
    closing = Closing(work=work, remains=remains, authority=authority, seats=seats)
    deputies = Deputies(accounts=accounts, members=members, refresh=refresh)
    returns = Returns(clock=clock, work=work, health=health, deputies=deputies)
    snapshots = Snapshots(
        clock=clock,
        work=work,
        closing=closing,
        announcements=announcements,
        ask_after=min(ASK_AFTER, config.slack),
    )
    inbox = Inbox(clock=clock, signatures=signatures, snapshots=snapshots)
    asking = Asking.build(
        clock=clock,
        config=config,
        truth=truth_of(config),
        snapshots=snapshots,
        work=work,
        creators=Openings(),
    )

    # Who is at the door.
    sessions = Sessions(clock, config)
    codes = Codes(clock, config)
    states = OAuthStates(clock)
    requests = Requests(clock)
    launch = Launch(clock, config, snapshots)
    views = Views(facts)

    # The door in Discord.
    passes, presses = Passes(support=config.support_url), Presses(support=config.support_url)
    doorstep = Doorstep(config=config, requests=requests, refresh=refresh)
    explain = Explain(facts, audit)
    adoption = Adoption(authority=authority, adopt=Adopt(clock=clock, facts=facts, audit=audit, work=work))
    offers = Offers(attachments=attachments, catalogue=catalogue)
    screens = Screens(
        attachments=attachments, choices=choices, catalogue=catalogue, guilds=guilds, offers=offers
    )
    acts = Acts(integrations=integrations, choices=choices, refresh=refresh, screens=screens)
    for cog in (
        SetupCommands(doorstep=doorstep, accounts=accounts, acts=acts),
        RolesCommands(doorstep=doorstep, refresh=refresh, guilds=guilds),
        MembershipsCommands(
            doorstep=doorstep,
            accounts=accounts,
            integrations=integrations,
            attachments=attachments,
            catalogue=catalogue,
            screens=screens,
            offers=offers,
            adoption=adoption,
        ),
        LinkCommands(
            config, links=links, connecting=connecting, requests=requests, codes=codes, views=views, work=work
        ),
    ):
        cog.attach(passes, presses)
    Disconnecting(doorstep=doorstep, integrations=integrations, closing=closing, reached=Reached()).attach(
        presses
    )
    passes.install(client)
    presses.install(client)
    Listeners(guilds=guilds, reader=reader, seen=Seen(clock, work, facts)).install(client)

    # The door in a browser.
    rooms = Rooms(
        clock=clock,
        config=config,
        launch=launch,
        sessions=sessions,
        codes=codes,
        states=states,
        requests=requests,
        oauth=oauth,
        links=links,
        tokens=tokens,
        notices=notices,
        connecting=connecting,
        purchases=Purchases(),
        views=views,
        proofs=accounts,
        hub=HubRooms(
            accounts=accounts,
            adoption=adoption,
            attachments=attachments,
            catalogue=catalogue,
            choices=choices,
            closing=closing,
            deputies=deputies,
            explain=explain,
            guilds=guilds,
            holds=holds,
            integrations=integrations,
            offers=offers,
            reached=Reached(),
            refresh=refresh,
        ),
        tiers=asking.tiers,
    )
    return House(
        config=config,
        clock=clock,
        client=client,
        worker=Worker(clock=clock, work=work, fan_outs=fan_outs, converge=converge),
        work=work,
        sweep=Sweep(
            clock=clock,
            config=config,
            work=work,
            dues=dues,
            fan_outs=fan_outs,
            refusals=refusals,
            audit=audit,
        ),
        explain=explain,
        inbox=inbox,
        outbox=outbox,
        notices=notices,
        closing=closing,
        returns=returns,
        erasure=Erasure(
            clock=clock,
            outbox=outbox,
            remains=remains,
            forgets=(forget_access, forget_fan, sessions.forget_fan),
        ),
        announcements=announcements,
        asking=asking,
        web=build_app(rooms, more=webhooks.routes(inbox)),
        schedule=schedule,
        vitals=Vitals(
            clock=clock,
            client=client,
            schedule=schedule,
            work=work,
            inbox=inbox,
            outbox=outbox,
            asking=asking,
            holds=holds,
            refusals=refusals,
            health=health,
            ledger=ledger,
        ),
        forgetful=(sessions, codes, states, requests, launch),
    )


def timetable(house: House) -> Schedule:
    """What the clock brings, and how often."""
    schedule, often = house.schedule, house.config.sweep_every
    schedule.every(often, house.sweep.often, name="sweep")
    schedule.every(often, house.inbox.apply_pending, name="inbox")
    schedule.every(often, house.outbox.deliver_due, name="outbox")
    schedule.every(often, house.notices.deliver_due, name="notices")
    schedule.every(often, house.closing.finish, name="closing")
    schedule.every(often, house.returns.look_due, name="returns")
    schedule.every(often, house.erasure.erase_due, name="erasure")
    schedule.every(often, house.announcements.unfold, name="announcements")
    schedule.every(often, house.asking.questions.ask_due, name="questions")
    schedule.every(often, house.asking.catch_ups.run_due, name="catch-up")
    schedule.every(often, house.vitals.watch, name="watch")
    schedule.every(DAY, lambda: _purge(house), name="purge")
    return schedule


async def _purge(house: House) -> None:
    """Forget what is old enough: once a day, and at each start."""
    before = house.clock() - house.config.inbox_kept
    await house.inbox.purge(before)
    await house.outbox.purge(before)
    await house.sweep.purge()
    for room in house.forgetful:
        await room.forget_expired()


@asynccontextmanager
async def running(config: Config, clock: Clock = system_clock) -> AsyncIterator[House]:
    """The bot, at work until the context is left; raises what makes going on impossible.

    Raises DatabaseError before anything started, CannotConnectError as soon as Discord refuses for good.
    """
    async with AsyncExitStack() as ground:
        await ground.enter_async_context(open_database(config.database_url, exclusive=True))
        oauth = await ground.enter_async_context(OAuth(config, clock))
        house = build(config, clock, oauth)
        await house.inbox.apply_pending()
        await _purge(house)
        async with asyncio.TaskGroup() as owner, AsyncExitStack() as doors:
            # Pushed in the order of starting, left in the opposite one.
            discord = owner.create_task(run_client(house.client, config), name="discord")
            doors.push_async_callback(_end, discord)
            worker = owner.create_task(house.worker.run(), name="worker")
            doors.push_async_callback(_finish, house.worker, worker)
            ops = Ops(house.vitals, keys=[fingerprint(key) for key in config.secret_keys])
            await doors.enter_async_context(serve(ops.app(), config.ops_bind))
            await doors.enter_async_context(serve(house.web, config.bind))
            schedule = timetable(house)
            doors.push_async_callback(schedule.stop)
            doors.push_async_callback(house.asking.close)
            schedule.start()
            log.info("started", address=config.public_url)
            yield house
        log.info("stopped")


async def _end(discord: asyncio.Task[None]) -> None:
    discord.cancel()
    with suppress(asyncio.CancelledError):
        await discord


async def _finish(worker: Worker, task: asyncio.Task[None]) -> None:
    worker.stop()
    await asyncio.wait([task])


async def run(config: Config) -> None:
    """Run until SIGINT or SIGTERM; see :func:`running` for what it raises."""
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with running(config):
        await stopped.wait()
