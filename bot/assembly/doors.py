"""The two doors to the same rooms: the commands in Discord, and the pages."""

from aiohttp import web

from bot.assembly.engine import Engine
from bot.assembly.rooms import Rooms
from bot.clock import Clock
from bot.cogs.accounts import AccountPresses
from bot.cogs.connected import ConnectedHere
from bot.cogs.disconnecting import Disconnecting
from bot.cogs.doorstep import Doorstep
from bot.cogs.link import LinkCommands
from bot.cogs.memberships import MembershipsCommands
from bot.cogs.passes import Passes
from bot.cogs.presses import Presses
from bot.cogs.roles import RolesCommands
from bot.cogs.setup import Acts, Screens, SetupCommands
from bot.config import Config
from bot.discord.client import Client
from bot.discord.oauth import OAuth
from bot.memberships.purchases import Purchases
from bot.web import webhooks
from bot.web.hub import HubRooms
from bot.web.server import Rooms as PageRooms
from bot.web.server import build_app


def open_discord(config: Config, client: Client, engine: Engine, rooms: Rooms) -> None:
    """Attach every command, and what is pressed, to the client."""
    passes, presses = Passes(support=config.support_url), Presses(support=config.support_url)
    here = ConnectedHere(integrations=rooms.integrations, catalogue=rooms.catalogue)
    for cog in (*_creators_cogs(config, rooms, here), _fans_cog(config, engine, rooms)):
        cog.attach(passes, presses)
    Disconnecting(
        doorstep=_doorstep(config, rooms),
        integrations=rooms.integrations,
        closing=rooms.closing,
        reached=rooms.reached,
        here=here,
    ).attach(presses)
    passes.install(client)
    presses.install(client)


def _doorstep(config: Config, rooms: Rooms) -> Doorstep:
    return Doorstep(config=config, requests=rooms.identity.requests, refresh=rooms.refresh)


def _creators_cogs(
    config: Config, rooms: Rooms, here: ConnectedHere
) -> tuple[SetupCommands, RolesCommands, MembershipsCommands]:
    doorstep = _doorstep(config, rooms)
    screens = Screens(
        attachments=rooms.attachments,
        choices=rooms.choices,
        catalogue=rooms.catalogue,
        guilds=rooms.guilds,
        offers=rooms.offers,
    )
    acts = Acts(
        integrations=rooms.integrations, choices=rooms.choices, refresh=rooms.refresh, screens=screens
    )
    return (
        SetupCommands(doorstep=doorstep, accounts=rooms.accounts, acts=acts),
        RolesCommands(doorstep=doorstep, refresh=rooms.refresh, guilds=rooms.guilds, here=here),
        MembershipsCommands(
            doorstep=doorstep,
            accounts=rooms.accounts,
            integrations=rooms.integrations,
            attachments=rooms.attachments,
            catalogue=rooms.catalogue,
            screens=screens,
            offers=rooms.offers,
            adoption=rooms.adoption,
            here=here,
        ),
    )


def _fans_cog(config: Config, engine: Engine, rooms: Rooms) -> LinkCommands:
    return LinkCommands(
        config,
        links=rooms.links,
        connecting=rooms.connecting,
        requests=rooms.identity.requests,
        codes=rooms.identity.codes,
        views=rooms.views,
        work=engine.work,
        accounts=AccountPresses(
            codes=rooms.identity.codes,
            accounts=rooms.accounts,
            proofs=rooms.proofs,
            catalogue=rooms.catalogue,
        ),
    )


def open_web(config: Config, clock: Clock, oauth: OAuth, engine: Engine, rooms: Rooms) -> web.Application:
    """Every page, and the platform's webhooks."""
    identity = rooms.identity
    pages = PageRooms(
        clock=clock,
        config=config,
        launch=identity.launch,
        sessions=identity.sessions,
        codes=identity.codes,
        states=identity.states,
        requests=identity.requests,
        oauth=oauth,
        links=rooms.links,
        tokens=engine.tokens,
        notices=engine.notices,
        connecting=rooms.connecting,
        purchases=Purchases(),
        views=rooms.views,
        proofs=rooms.proofs,
        hub=_hub(engine, rooms),
        tiers=rooms.asking.tiers,
    )
    return build_app(pages, more=webhooks.routes(rooms.inbox))


def _hub(engine: Engine, rooms: Rooms) -> HubRooms:
    return HubRooms(
        accounts=rooms.accounts,
        adoption=rooms.adoption,
        attachments=rooms.attachments,
        catalogue=rooms.catalogue,
        choices=rooms.choices,
        closing=rooms.closing,
        deputies=rooms.deputies,
        explain=rooms.explain,
        guilds=rooms.guilds,
        held=rooms.held,
        holds=engine.holds,
        integrations=rooms.integrations,
        offers=rooms.offers,
        proofs=rooms.proofs,
        reached=rooms.reached,
        refresh=rooms.refresh,
        tying=rooms.tying,
    )
