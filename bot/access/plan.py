"""The smallest safe way from what a member has to what they should have.

Pure, like ``desired``. What it guards:

* only roles that the bot **granted** are ever taken (a role given by hand has no grant);
* first add, then remove; a removal that belongs to a *change* waits while a replacement cannot be given, one because
  access *ended* does not wait;
* nothing is planned that Discord would refuse (reach, permissions, paused joins): it becomes a :class:`Trouble`;
* being put out takes two decisions, and spares people the bot has no business with;
* a converged member's plan is empty.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.access.changes import (
    Change,
    Depart,
    Give,
    Join,
    Keep,
    Plan,
    PutOut,
    Reprieve,
    Spare,
    Take,
    Trouble,
    TroubleKind,
)
from bot.access.desired import Because, Desired, EndCause, Facts, GrantFact, IntegrationFact, Reason
from bot.access.reach import can_take, role_trouble, spared
from bot.discord.observed import Observed
from bot.discord.permissions import Permission, has
from models.fans import SeatState
from models.integrations import EndPolicy

NEEDS_A_PERSON = timedelta(days=1)
"""How long a refused join rests unless the fan presses again."""

type Parts = list[Change | Trouble]


def plan(*, facts: Facts, desired: Desired, observed: Observed) -> Plan:
    """Compare what should be with what is; empty when they agree."""
    if not facts.guild.bot_present:
        return _as_plan([Trouble(kind=TroubleKind.BOT_ABSENT)])
    if not observed.present:
        return _as_plan([*_stuck(desired), *_bring_in(facts, desired)])
    adds = [*_stuck(desired), *_adds(facts, desired, observed)]
    can_replace = not any(isinstance(part, Trouble) for part in adds)
    takes = _takes(facts, desired, observed, can_replace=can_replace)
    return _as_plan([*adds, *takes, *_departure(facts, desired, observed)])


def _as_plan(parts: Parts) -> Plan:
    return Plan(
        changes=tuple(part for part in parts if not isinstance(part, Trouble)),
        troubles=tuple(part for part in parts if isinstance(part, Trouble)),
    )


def _stuck(desired: Desired) -> Parts:
    """What gives nothing until a person acts, and so replaces nothing.

    An attachment without any role left does not become server-only.
    """
    found: Parts = []
    if any(reason.broken for reason in desired.live):
        found.append(Trouble(kind=TroubleKind.ROLES_DELETED))
    if any(reason.waits for reason in desired.live):
        found.append(Trouble(kind=TroubleKind.UNVOUCHED))
    return found


# --- bringing in ---------------------------------------------------------------------------------


def _bring_in(facts: Facts, desired: Desired) -> Parts:
    forget: Parts = [Reprieve()] if facts.departure else []
    if not desired.joins:
        return forget
    trouble = _join_trouble(facts)
    if trouble:
        return [*forget, trouble]
    within_reach = [
        role_id for role_id in sorted(desired.roles) if role_trouble(facts, desired, role_id) is None
    ]
    return [*forget, Join(roles=tuple(within_reach))]


def _join_trouble(facts: Facts) -> Trouble | None:
    stay, guild = facts.stay, facts.guild
    if stay.left_at is not None and not _asked_since(facts, stay.left_at):
        return Trouble(kind=TroubleKind.LEFT)
    if not has(guild.bot_permissions, Permission.CREATE_INSTANT_INVITE):
        return Trouble(kind=TroubleKind.NO_CREATE_INVITE)
    if guild.joins_paused:
        return Trouble(kind=TroubleKind.JOINS_PAUSED)
    if _rests(facts):
        kind = TroubleKind.BANNED if stay.trouble == TroubleKind.BANNED else TroubleKind.JOIN_REFUSED
        return Trouble(kind=kind, detail=stay.trouble)
    return None


def _rests(facts: Facts) -> bool:
    """A join that needs a person was refused: wait for their press, or a day. A missing token costs no call."""
    stay = facts.stay
    if stay.trouble is None or stay.trouble_at is None or stay.trouble == TroubleKind.NO_TOKEN:
        return False
    return facts.now < stay.trouble_at + NEEDS_A_PERSON and not _asked_since(facts, stay.trouble_at)


def _asked_since(facts: Facts, instant: datetime) -> bool:
    return any(
        i.seat is SeatState.WANTED and i.seat_changed_at is not None and i.seat_changed_at > instant
        for i in facts.integrations
    )


# --- roles ---------------------------------------------------------------------------------------


def _adds(facts: Facts, desired: Desired, observed: Observed) -> Parts:
    adds: Parts = []
    for role_id in sorted(desired.roles - observed.roles):
        trouble = role_trouble(facts, desired, role_id)
        if trouble:
            adds.append(Trouble(kind=trouble, role_id=role_id))
        else:
            adds.append(Give(role_id=role_id, because=desired.because(role_id)))
    return adds


def _takes(facts: Facts, desired: Desired, observed: Observed, *, can_replace: bool) -> Parts:
    """Grants that are held but no longer due; those that belong to a change only if it ``can_replace`` them."""
    takes: Parts = []
    for grant in sorted(facts.grants, key=lambda grant: grant.role_id):
        if grant.role_id not in observed.roles or grant.role_id in desired.roles or grant.kept:
            continue
        cause = _cause_of(grant, facts, desired)
        if cause is not None and _policy_of(grant, facts, desired) is EndPolicy.KEEP:
            takes.append(Keep(role_id=grant.role_id))
        elif not can_take(facts, grant.role_id):
            takes.append(Trouble(kind=TroubleKind.STILL_HAS_ACCESS, role_id=grant.role_id))
        elif cause is not None or can_replace:
            takes.append(Take(role_id=grant.role_id, because=grant.because, cause=cause))
    return takes


def _cause_of(grant: GrantFact, facts: Facts, desired: Desired) -> EndCause | None:
    """Why the reasons of a grant ended; None when one of them goes on, and only what it gives has changed."""
    if any(_goes_on(because, facts, desired) for because in grant.because):
        return None
    last = _latest(reason for reason in desired.ended if reason.because in grant.because)
    return last.cause if last else _cause_without_trace([grant], facts)


def _goes_on(because: Because, facts: Facts, desired: Desired) -> bool:
    """Its membership still gives access through the same integration, or has become one of another tier.

    What another integration gives for the same tier was there beside it, and replaces nothing; nor does anything
    replace what an integration gave that is over, or that the fan declined.
    """
    open_here = any(
        i.id == because.integration_id and not i.is_over and i.seat is not SeatState.DECLINED
        for i in facts.integrations
    )
    return open_here and any(
        live.membership_id == because.membership_id
        and (live.integration_id == because.integration_id or live.tier_id != because.tier_id)
        for live in (reason.because for reason in desired.live if not reason.declined)
    )


def _cause_without_trace(grants: Iterable[GrantFact], facts: Facts) -> EndCause:
    """Why reasons are gone that did not end: the platform changed their tier, or somebody here detached or unlinked."""
    tiers = {membership.id: membership.tier_id for membership in facts.memberships}
    because = (because for grant in grants for because in grant.because)
    moved = any(tiers.get(b.membership_id, b.tier_id) != b.tier_id for b in because)
    return EndCause.STATED if moved else EndCause.OWN_ACT


def _policy_of(grant: GrantFact, facts: Facts, desired: Desired) -> EndPolicy:
    """What its integration asks for at the end; of a declined seat the roles go, because the fan was told so.

    ``keep`` is what a creator leaves with people whose access ended, not what somebody has to hold against their will.
    """
    last = _latest(reason for reason in desired.ended if reason.because in grant.because)
    named = {last.because.integration_id} if last else {b.integration_id for b in grant.because}
    asked = (i for i in facts.integrations if i.id in named and i.seat is not SeatState.DECLINED)
    known = sorted(asked, key=lambda i: i.id)
    return known[-1].policy if known else EndPolicy.ROLES


def _latest(reasons: Iterable[Reason]) -> Reason | None:
    return max(reasons, key=lambda reason: (reason.until, reason.because), default=None)


# --- putting out ---------------------------------------------------------------------------------


def _departure(facts: Facts, desired: Desired, observed: Observed) -> Parts:
    integration = _puts_out(facts, desired)
    if integration is None:
        return [Reprieve()] if facts.departure else []
    why = spared(facts, observed)
    if why:
        already = facts.departure is not None and facts.departure.spared == why
        return [] if already else [Spare(integration_id=integration.id, why=why)]
    if not has(facts.guild.bot_permissions, Permission.KICK_MEMBERS):
        return [Trouble(kind=TroubleKind.NO_KICK)]
    last = _latest(r for r in desired.ended if r.because.integration_id == integration.id)
    cause = last.cause if last else _cause_without_trace(facts.grants, facts)
    if facts.departure is None or facts.departure.spared:
        return [Depart(integration_id=integration.id, cause=cause)]
    if facts.now < facts.departure.decide_at:
        return []
    return [PutOut(integration_id=integration.id, cause=cause)]


def _puts_out(facts: Facts, desired: Desired) -> IntegrationFact | None:
    """The integration whose policy asks to put the member out, if one does: the one whose reason ended last.

    What the stay remembers goes before what can be computed: a reason that was detached or unlinked has left no trace.
    """
    if desired.inside or not facts.stay.begun_by_us:
        return None
    last = _latest(desired.ended)
    integration_id = facts.stay.last_integration_id or (last.because.integration_id if last else None)
    return next(
        (i for i in facts.integrations if i.id == integration_id and i.policy is EndPolicy.ADDED), None
    )
