"""The rooms between the heart and the doors: fans, creators, memberships, and who is at the door."""

from dataclasses import dataclass

from bot.access.adopt import Adopt
from bot.access.explain import Explain
from bot.access.held import HeldEnds
from bot.access.reached import Reached
from bot.access.views import Views
from bot.assembly.engine import Engine
from bot.clock import Clock
from bot.config import Config
from bot.discord.guild_reader import GuildReader
from bot.fans.connecting import Connecting
from bot.fans.links import Links
from bot.fans.seats import Seats
from bot.identity.codes import Codes
from bot.identity.launch import Launch
from bot.identity.oauth_states import OAuthStates
from bot.identity.requests import Requests
from bot.identity.sessions import Sessions
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
from bot.memberships.apply import Snapshots
from bot.memberships.asking import Asking, truth_of
from bot.memberships.catalogue import Catalogue
from bot.memberships.inbox import Inbox
from bot.memberships.offers import Offers


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who is at the door; all of it is worthless after a while."""

    sessions: Sessions
    codes: Codes
    states: OAuthStates
    requests: Requests
    launch: Launch

    async def forget_expired(self) -> None:
        for room in (self.sessions, self.codes, self.states, self.requests, self.launch):
            await room.forget_expired()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    accounts: CreatorAccounts
    adoption: Adoption
    announcements: Announcements
    asking: Asking
    attachments: Attachments
    catalogue: Catalogue
    choices: Choices
    closing: Closing
    connecting: Connecting
    deputies: Deputies
    explain: Explain
    guilds: Guilds
    health: Health
    held: HeldEnds
    identity: Identity
    inbox: Inbox
    integrations: Integrations
    links: Links
    offers: Offers
    proofs: Proofs
    reached: Reached
    refresh: Refresh
    tying: Tying
    views: Views


def build_rooms(config: Config, clock: Clock, engine: Engine, reader: GuildReader) -> Rooms:
    work = engine.work
    links, seats = Links(clock, config, work, engine.notices), Seats(clock, work)
    accounts, proofs = CreatorAccounts(), Proofs(clock, engine.notices)
    health, catalogue = Health(), Catalogue()
    authority = Authority(accounts)
    guilds = Guilds(clock=clock, work=work, health=health)
    integrations = Integrations(clock=clock, config=config, work=work, authority=authority, health=health)
    announcements = Announcements(clock=clock, outbox=engine.outbox, openings=Openings())
    attachments = Attachments(
        clock=clock,
        work=work,
        authority=authority,
        tiers=catalogue,
        health=health,
        announcements=announcements,
    )
    refresh = Refresh(
        reader=reader, guilds=guilds, integrations=integrations, try_again=engine.refusals.try_again
    )
    closing = Closing(work=work, remains=engine.remains, authority=authority, seats=seats)
    snapshots = Snapshots(
        clock=clock,
        work=work,
        closing=closing,
        announcements=announcements,
        slack=config.slack,
        asks_first=config.membership_api_url is not None,
    )
    adopt = Adopt(clock=clock, facts=engine.facts, audit=engine.audit, work=work)
    return Rooms(
        accounts=accounts,
        adoption=Adoption(authority=authority, adopt=adopt),
        announcements=announcements,
        asking=Asking.build(
            clock=clock,
            config=config,
            truth=truth_of(config),
            snapshots=snapshots,
            work=work,
            creators=Openings(),
        ),
        attachments=attachments,
        catalogue=catalogue,
        choices=Choices(authority=authority, tiers=catalogue, attachments=attachments),
        closing=closing,
        connecting=Connecting(links, engine.tokens, seats),
        deputies=Deputies(accounts=accounts, members=engine.members, refresh=refresh),
        explain=Explain(engine.facts, engine.audit),
        guilds=guilds,
        health=health,
        held=HeldEnds(engine.facts),
        identity=_build_identity(config, clock, snapshots),
        inbox=Inbox(clock=clock, signatures=engine.signatures, snapshots=snapshots),
        integrations=integrations,
        links=links,
        offers=Offers(attachments=attachments, catalogue=catalogue),
        proofs=proofs,
        reached=Reached(),
        refresh=refresh,
        tying=Tying(proofs=proofs, integrations=integrations),
        views=Views(engine.facts),
    )


def _build_identity(config: Config, clock: Clock, snapshots: Snapshots) -> Identity:
    return Identity(
        sessions=Sessions(clock, config),
        codes=Codes(clock, config),
        states=OAuthStates(clock),
        requests=Requests(clock),
        launch=Launch(clock, config, snapshots),
    )
