"""Why somebody does, or does not, have access: the engine's own view of a member, printed.

Nothing is computed here that a pass does not compute: the same facts, the same decision, the same plan, against what
was seen last.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.access.audit import Audit
from bot.access.changes import (
    Change,
    Depart,
    Give,
    Join,
    Keep,
    PutOut,
    Reprieve,
    Spare,
    Take,
)
from bot.access.desired import FOREVER, Because, Facts, Reason
from bot.access.facts import FactsReader, reasons_of
from bot.access.view import View, last_seen, view
from bot.ids import IntegrationId, Member, RoleId
from models import Audit as AuditRow
from models import Membership, Stay, Tier
from models import Work as WorkRow

UNKNOWN = "unknown"
"""The name of a server in which the bot never was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonLine:
    """One membership through one integration."""

    membership_id: str
    status: str
    tier: str
    integration: str
    integration_id: IntegrationId
    until: datetime | None
    """None: without an end."""
    live: bool
    roles: tuple[str, ...]
    cause: str
    awaits_word: bool = False
    """It ran out by the clock, and goes on until the platform, asked, says that it was not renewed."""
    broken: bool = False
    """All the roles it gave were deleted."""
    waits: bool = False
    """It gives nothing new until its creator is known to manage the server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLine:
    id: RoleId
    name: str
    due: bool
    seen: bool
    granted: bool
    """The bot gave it and answers for it."""
    due_through: frozenset[IntegrationId]
    """The integrations through which it is due."""
    through: frozenset[IntegrationId]
    """These, and those through which it was, or is remembered to have been given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing in the way."""

    words: tuple[str, ...]
    """As words, the most exact first."""
    role: str | None = None
    role_id: RoleId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    at: datetime
    action: str
    role: str | None
    outcome: str
    code: int | None
    detail: str | None
    role_id: RoleId | None = None
    through: frozenset[IntegrationId] = frozenset()
    """The integrations because of which it was done; none where that is not recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that bears on one member, as people ask for it; ``str()`` is for a terminal."""

    member: Member
    guild: str
    fan_id: str | None
    should_be_in: bool
    stay: str
    begun_by_us: bool
    seen_at: datetime | None
    look_next_at: datetime | None
    reasons: tuple[ReasonLine, ...]
    roles: tuple[RoleLine, ...]
    obstacles: tuple[Obstacle, ...]
    troubles: tuple[str, ...]
    """The obstacles, for a terminal."""
    planned: tuple[str, ...]
    departure: str | None
    """Their departure, for a terminal."""
    spared: str | None
    """Why they are not put out, as one word."""
    leaves_at: datetime | None
    """When it is decided for the second time that they are put out."""
    held_since: datetime | None
    set_aside_until: datetime | None
    history: tuple[AuditLine, ...]

    def __str__(self) -> str:
        return "\n".join(_lines(self))


class Explain:
    def __init__(self, facts: FactsReader, audit: Audit) -> None:
        self._facts = facts
        self._audit = audit

    async def member(self, member: Member) -> Explanation:
        facts = await self._facts.about(member)
        seen = view(facts, last_seen(facts))
        key = {"guild_id": int(member.guild_id), "account_id": int(member.account_id)}
        stay = await Stay.filter(**key).first()
        work = await WorkRow.filter(**key).first()
        history = await self._audit.last(member)
        return Explanation(
            member=member,
            guild=facts.guild.name or UNKNOWN,
            fan_id=facts.fan_id,
            should_be_in=seen.desired.inside,
            stay=str(stay.state) if stay else "never looked",
            begun_by_us=facts.stay.begun_by_us,
            seen_at=stay.seen_at if stay else None,
            look_next_at=work.due_at if work else None,
            reasons=await _reasons(seen),
            roles=tuple(_roles(seen)),
            obstacles=tuple(_obstacles(seen)),
            troubles=tuple(_troubles(seen)),
            planned=tuple(_said(facts, change) for change in seen.plan.changes),
            departure=_departure(facts),
            spared=facts.departure.spared if facts.departure else None,
            leaves_at=facts.departure.decide_at if facts.departure and not facts.departure.spared else None,
            held_since=facts.hold.since if facts.hold and not facts.hold.released else None,
            set_aside_until=facts.set_aside_until,
            history=tuple(_audit_line(facts, row) for row in history),
        )


async def _reasons(seen: View) -> tuple[ReasonLine, ...]:
    reasons = [*seen.desired.live, *seen.desired.ended]
    tiers = {tier.id: tier.name for tier in await Tier.filter(id__in=[str(r.tier_id) for r in reasons])}
    ids = [str(reason.because.membership_id) for reason in reasons]
    statuses = {row.id: str(row.status) for row in await Membership.filter(id__in=ids)}
    names = {integration.id: integration.name for integration in seen.facts.integrations}
    return tuple(
        ReasonLine(
            membership_id=reason.because.membership_id,
            status=statuses.get(reason.because.membership_id, "gone"),
            tier=tiers.get(reason.tier_id, reason.tier_id),
            integration=names[reason.because.integration_id],
            integration_id=reason.because.integration_id,
            until=None if reason.until == FOREVER else reason.until,
            live=reason in seen.desired.live,
            roles=_role_names(seen.facts, reason),
            cause=reason.cause,
            awaits_word=reason.awaits_word,
            broken=reason.broken,
            waits=reason.waits,
        )
        for reason in reasons
    )


def _role_names(facts: Facts, reason: Reason) -> tuple[str, ...]:
    return tuple(_role(facts, role_id) for role_id in sorted(reason.role_ids))


def _roles(seen: View) -> Iterator[RoleLine]:
    granted = {grant.role_id: _through(grant.because) for grant in seen.facts.grants}
    for role_id in sorted(seen.desired.roles | granted.keys() | seen.observed.roles):
        due = _through(seen.desired.because(role_id))
        reasons = (*seen.desired.live, *seen.desired.ended)
        was = _through(reason.because for reason in reasons if role_id in reason.role_ids)
        yield RoleLine(
            id=role_id,
            name=_role(seen.facts, role_id),
            due=role_id in seen.desired.roles,
            seen=role_id in seen.observed.roles,
            granted=role_id in granted,
            due_through=due,
            through=due | was | granted.get(role_id, frozenset()),
        )


def _through(because: Iterable[Because]) -> frozenset[IntegrationId]:
    return frozenset(each.integration_id for each in because)


def _obstacles(seen: View) -> Iterator[Obstacle]:
    for trouble in seen.plan.troubles:
        words = (str(trouble.detail), str(trouble.kind)) if trouble.detail else (str(trouble.kind),)
        role = _role(seen.facts, trouble.role_id) if trouble.role_id is not None else None
        yield Obstacle(words=words, role=role, role_id=trouble.role_id)
    if seen.facts.stay.trouble and not seen.plan.troubles:
        yield Obstacle(words=(seen.facts.stay.trouble,))


def _troubles(seen: View) -> Iterator[str]:
    for trouble in seen.plan.troubles:
        what = [str(trouble.kind)]
        if trouble.role_id is not None:
            what.append(_role(seen.facts, trouble.role_id))
        if trouble.detail:
            what.append(trouble.detail)
        yield ": ".join(what)
    if seen.facts.stay.trouble and not seen.plan.troubles:
        yield seen.facts.stay.trouble


def _said(facts: Facts, change: Change) -> str:  # noqa: PLR0911 - one sentence for each kind
    match change:
        case Join(roles=roles):
            names = ", ".join(_role(facts, role_id) for role_id in roles)
            return f"bring in with {names}" if names else "bring in"
        case Give(role_id=role_id):
            return f"give {_role(facts, role_id)}"
        case Take(role_id=role_id, cause=cause):
            return f"take {_role(facts, role_id)} ({cause or 'replaced'})"
        case Keep(role_id=role_id):
            return f"leave {_role(facts, role_id)} with them (policy keep)"
        case Depart():
            return "decide to put out, and decide again later"
        case PutOut():
            return "put out"
        case Spare(why=why):
            return f"spare ({why})"
        case Reprieve():
            return "forget the departure"


def _departure(facts: Facts) -> str | None:
    if facts.departure is None:
        return None
    if facts.departure.spared:
        return f"spared: {facts.departure.spared}"
    return f"second decision at {_instant(facts.departure.decide_at)}"


def _role(facts: Facts, role_id: RoleId) -> str:
    role = facts.guild.roles.get(role_id)
    return role.name if role else f"deleted role {role_id}"


def _audit_line(facts: Facts, row: AuditRow) -> AuditLine:
    return AuditLine(
        at=row.at,
        action=row.action,
        role=_role(facts, RoleId(row.role_id)) if row.role_id is not None else None,
        outcome=row.outcome,
        code=row.code,
        detail=row.detail,
        role_id=RoleId(row.role_id) if row.role_id is not None else None,
        through=_through(reasons_of(row.because)),
    )


def _lines(explanation: Explanation) -> Iterator[str]:
    it = explanation
    yield f"account {it.member.account_id} in {it.guild} ({it.member.guild_id})"
    yield f"  linked to      {'fan ' + it.fan_id if it.fan_id else 'nobody'}"
    yield f"  should be in   {_yes(it.should_be_in)}"
    brought = ", brought in by the bot" if it.begun_by_us else ""
    yield f"  was seen       {it.stay}{brought}{', ' + _instant(it.seen_at) if it.seen_at else ''}"
    yield f"  look again     {_instant(it.look_next_at) if it.look_next_at else 'when something changes'}"
    for name, what in (
        ("departure", it.departure),
        ("held since", it.held_since),
        ("server set aside until", it.set_aside_until),
    ):
        if what:
            yield f"  {name}: {what if isinstance(what, str) else _instant(what)}"
    yield "reasons" if it.reasons else "no reasons"
    for reason in it.reasons:
        until = f"until {_instant(reason.until)}" if reason.until else _open_end(reason)
        roles = ", ".join(reason.roles) or "no roles"
        state = (
            until
            if reason.live
            else f"ended {_instant(reason.until) if reason.until else ''} ({reason.cause})"
        )
        yield f"  {reason.tier} ({reason.status}) through {reason.integration}: {roles}; {state}  [{reason.membership_id}]"
    yield "roles" if it.roles else "no roles"
    for role in it.roles:
        yield f"  {role.name}: due {_yes(role.due)}, seen {_yes(role.seen)}, granted by the bot {_yes(role.granted)}"
    for title, lines in (("in the way", it.troubles), ("to do", it.planned)):
        if lines:
            yield title
            yield from (f"  {line}" for line in lines)
    if it.history:
        yield "what happened, newest first"
    for line in it.history:
        extra = [str(x) for x in (line.role, line.outcome, line.code, line.detail) if x is not None]
        yield f"  {_instant(line.at)}  {line.action}: {', '.join(extra)}"


def _open_end(reason: ReasonLine) -> str:
    return "until the platform says whether it was renewed" if reason.awaits_word else "without an end"


def _yes(claim: object) -> str:
    return "yes" if claim else "no"


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")
