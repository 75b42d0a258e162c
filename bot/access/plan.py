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
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.access.desired import (
    Because,
    Desired,
    EndCause,
    Facts,
    GrantFact,
    GuildFact,
    IntegrationFact,
    Reason,
)
from bot.discord.observed import Observed
from bot.discord.permissions import Permission, has, powers
from bot.ids import IntegrationId, RoleId
from models.access import StayState
from models.integrations import EndPolicy

NEEDS_A_PERSON = timedelta(days=1)
"""How long a refused join rests unless the fan presses again."""


class TroubleKind(StrEnum):
    """What stands between the member and what they should have; each is mended by a person."""

    BOT_ABSENT = "bot_absent"
    NO_MANAGE_ROLES = "no_manage_roles"
    NO_CREATE_INVITE = "no_create_invite"
    NO_KICK = "no_kick"
    JOINS_PAUSED = "joins_paused"
    ROLE_OUT_OF_REACH = "role_out_of_reach"
    ROLE_MANAGED = "role_managed"
    ROLE_IS_ADMIN = "role_is_admin"
    ROLE_GAINED_POWER = "role_gained_power"
    BANNED = "banned"
    LEFT = "left"
    """They left by themselves: Rejoin is offered."""
    STILL_HAS_ACCESS = "still_has_access"
    """A role that should go cannot be taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    kind: TroubleKind
    role_id: RoleId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Add the account to the guild with the roles in reach."""

    roles: tuple[RoleId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Give:
    role_id: RoleId
    because: frozenset[Because]


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    role_id: RoleId
    because: frozenset[Because]
    """The reasons it was granted for."""
    cause: EndCause | None
    """Why access ended; None: it did not, the role is being replaced."""

    @property
    def is_replacement(self) -> bool:
        """It belongs to a change: it waits while a replacement is refused or unfinished."""
        return self.cause is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Leave a role that is no longer due where it is: its end policy is ``keep``."""

    role_id: RoleId


@dataclass(frozen=True, slots=True, kw_only=True)
class Depart:
    """Decide for the first time that the member is to be put out; ask again after the kick delay."""

    integration_id: IntegrationId
    cause: EndCause


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOut:
    """The second decision agrees."""

    integration_id: IntegrationId
    cause: EndCause


@dataclass(frozen=True, slots=True, kw_only=True)
class Spare:
    """The policy asks to put them out, but it is not for a bot to do; their creator is shown it."""

    integration_id: IntegrationId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprieve:
    """Forget a departure: a reason is back, or they are gone already."""


type Change = Join | Give | Take | Keep | Depart | PutOut | Spare | Reprieve


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Changes in the order in which they are carried out, and what no change of ours can mend."""

    changes: tuple[Change, ...] = ()
    troubles: tuple[Trouble, ...] = ()

    @property
    def waits(self) -> bool:
        """A role that should be there cannot be given: replacements are not taken away."""
        return any(trouble.kind in _BLOCKS_A_ROLE for trouble in self.troubles)


_BLOCKS_A_ROLE = frozenset(
    {
        TroubleKind.NO_MANAGE_ROLES,
        TroubleKind.ROLE_OUT_OF_REACH,
        TroubleKind.ROLE_MANAGED,
        TroubleKind.ROLE_IS_ADMIN,
        TroubleKind.ROLE_GAINED_POWER,
    }
)


def plan(*, facts: Facts, desired: Desired, observed: Observed) -> Plan:
    """Compare what should be with what is; empty when they agree."""
    if not facts.guild.bot_present:
        return Plan(troubles=(Trouble(kind=TroubleKind.BOT_ABSENT),))
    if not observed.present:
        return _bring_in(facts, desired, observed)
    adds = _adds(facts, desired, observed)
    takes = _takes(facts, desired, observed, replaced=not _blocks(adds))
    departure = _departure(facts, desired, observed)
    parts = (*adds, *takes, *departure)
    return Plan(
        changes=tuple(part for part in parts if not isinstance(part, Trouble)),
        troubles=tuple(part for part in parts if isinstance(part, Trouble)),
    )


def _blocks(parts: Iterable[Change | Trouble]) -> bool:
    return any(isinstance(part, Trouble) and part.kind in _BLOCKS_A_ROLE for part in parts)


# --- bringing in ---------------------------------------------------------------------------------


def _bring_in(facts: Facts, desired: Desired, observed: Observed) -> Plan:
    forget = (Reprieve(),) if facts.departure else ()
    if not desired.joins:
        return Plan(changes=forget)
    trouble = _join_trouble(facts, observed)
    if trouble:
        return Plan(changes=forget, troubles=(Trouble(kind=trouble),))
    if _rests(facts):
        return Plan(changes=forget)
    reachable = [role_id for role_id in sorted(desired.roles) if role_trouble(facts, role_id) is None]
    return Plan(changes=(*forget, Join(roles=tuple(reachable))))


def _join_trouble(facts: Facts, observed: Observed) -> TroubleKind | None:
    if observed.state is StayState.BANNED:
        return TroubleKind.BANNED
    if _left_by_themselves(facts):
        return TroubleKind.LEFT
    if not has(facts.guild.bot_permissions, Permission.CREATE_INSTANT_INVITE):
        return TroubleKind.NO_CREATE_INVITE
    return TroubleKind.JOINS_PAUSED if facts.guild.joins_paused else None


def _left_by_themselves(facts: Facts) -> bool:
    left_at = facts.stay.left_at
    return left_at is not None and not _asked_since(facts, left_at)


def _rests(facts: Facts) -> bool:
    """A join that needs a person was refused: wait for their press, or a day."""
    stay = facts.stay
    if stay.trouble is None or stay.trouble_at is None or _asked_since(facts, stay.trouble_at):
        return False
    return facts.now < stay.trouble_at + NEEDS_A_PERSON


def _asked_since(facts: Facts, instant: datetime) -> bool:
    return any(i.seat_changed_at is not None and i.seat_changed_at > instant for i in facts.integrations)


# --- roles ---------------------------------------------------------------------------------------


def role_trouble(facts: Facts, role_id: RoleId) -> TroubleKind | None:
    """Why the bot may not, or must not, give this existing role; None: it may."""
    role = facts.guild.roles[role_id]
    if not has(facts.guild.bot_permissions, Permission.MANAGE_ROLES):
        return TroubleKind.NO_MANAGE_ROLES
    if role.managed or int(role_id) == int(facts.guild.id):
        return TroubleKind.ROLE_MANAGED
    if role.position >= facts.guild.bot_top_position:
        return TroubleKind.ROLE_OUT_OF_REACH
    if role.permissions & Permission.ADMINISTRATOR:
        return TroubleKind.ROLE_IS_ADMIN
    if powers(role.permissions) & ~_confirmed_powers(facts, role_id):
        return TroubleKind.ROLE_GAINED_POWER
    return None


def _confirmed_powers(facts: Facts, role_id: RoleId) -> int:
    confirmed = 0
    for integration in facts.integrations:
        for attachment in integration.attachments:
            confirmed |= sum(r.confirmed_powers for r in attachment.roles if r.role_id == role_id)
    return confirmed


def _adds(facts: Facts, desired: Desired, observed: Observed) -> list[Give | Trouble]:
    adds: list[Give | Trouble] = []
    for role_id in sorted(desired.roles - observed.roles):
        trouble = role_trouble(facts, role_id)
        if trouble:
            adds.append(Trouble(kind=trouble, role_id=role_id))
        else:
            adds.append(Give(role_id=role_id, because=desired.because(role_id)))
    return adds


def _takes(
    facts: Facts, desired: Desired, observed: Observed, *, replaced: bool
) -> list[Take | Keep | Trouble]:
    """Grants that are held but no longer due. ``replaced``: every role that should be there can be."""
    takes: list[Take | Keep | Trouble] = []
    for grant in sorted(facts.grants, key=lambda grant: grant.role_id):
        if grant.role_id not in observed.roles or grant.role_id in desired.roles or grant.kept:
            continue
        cause = _cause_of(grant, desired)
        if cause is not None and _policy_of(grant, facts, desired) is EndPolicy.KEEP:
            takes.append(Keep(role_id=grant.role_id))
        elif not _can_take(facts.guild, grant.role_id):
            takes.append(Trouble(kind=TroubleKind.STILL_HAS_ACCESS, role_id=grant.role_id))
        elif cause is not None or replaced:
            takes.append(Take(role_id=grant.role_id, because=grant.because, cause=cause))
    return takes


def _can_take(guild: GuildFact, role_id: RoleId) -> bool:
    role = guild.roles.get(role_id)
    if role is None or not has(guild.bot_permissions, Permission.MANAGE_ROLES):
        return False
    return not role.managed and role.position < guild.bot_top_position


def _cause_of(grant: GrantFact, desired: Desired) -> EndCause | None:
    """Why the reasons of a grant ended; None when one of its memberships still gives access here (a change)."""
    memberships = {because.membership_id for because in grant.because}
    if any(reason.because.membership_id in memberships for reason in desired.live):
        return None
    last = _last_ended(desired, grant)
    return last.cause if last else EndCause.OWN_ACT


def _last_ended(desired: Desired, grant: GrantFact | None = None) -> Reason | None:
    ended = [r for r in desired.ended if grant is None or r.because in grant.because]
    return max(ended, key=lambda reason: (reason.until, reason.because), default=None)


def _policy_of(grant: GrantFact, facts: Facts, desired: Desired) -> EndPolicy:
    last = _last_ended(desired, grant)
    if last:
        return _integration(facts, last.because.integration_id).policy
    named = sorted(because.integration_id for because in grant.because)
    known = [i.policy for i in facts.integrations if i.id in named]
    return known[-1] if known else EndPolicy.ROLES


def _integration(facts: Facts, integration_id: IntegrationId) -> IntegrationFact:
    return next(i for i in facts.integrations if i.id == integration_id)


# --- putting out ---------------------------------------------------------------------------------


def _departure(
    facts: Facts, desired: Desired, observed: Observed
) -> list[Depart | PutOut | Spare | Reprieve | Trouble]:
    integration = _puts_out(facts, desired)
    if integration is None:
        return [Reprieve()] if facts.departure else []
    why = spared(facts, observed)
    if why:
        already = facts.departure is not None and facts.departure.spared == why
        return [] if already else [Spare(integration_id=integration.id, why=why)]
    if not has(facts.guild.bot_permissions, Permission.KICK_MEMBERS):
        return [Trouble(kind=TroubleKind.NO_KICK)]
    return _decision(facts, desired, integration.id)


def _decision(
    facts: Facts, desired: Desired, integration_id: IntegrationId
) -> list[Depart | PutOut | Spare | Reprieve | Trouble]:
    last = _last_ended(desired)
    cause = last.cause if last else EndCause.OWN_ACT
    if facts.departure is None or facts.departure.spared:
        return [Depart(integration_id=integration_id, cause=cause)]
    if facts.now < facts.departure.decide_at:
        return []
    return [PutOut(integration_id=integration_id, cause=cause)]


def _puts_out(facts: Facts, desired: Desired) -> IntegrationFact | None:
    """The integration whose policy asks to put the member out, if one does: the one whose reason ended last."""
    if desired.inside or not facts.stay.begun_by_us:
        return None
    last = _last_ended(desired)
    integration_id = last.because.integration_id if last else facts.stay.last_integration_id
    candidates = [i for i in facts.integrations if i.id == integration_id]
    return next((i for i in candidates if i.policy is EndPolicy.ADDED), None)


def spared(facts: Facts, observed: Observed) -> str | None:
    """Why this person is not put out by a bot, as one word; None: nothing speaks for them (DESIGN §6.6)."""
    guild = facts.guild
    if facts.member.account_id == guild.owner_id:
        return "owner"
    held = [guild.roles[role_id] for role_id in observed.roles if role_id in guild.roles]
    if any(role.position >= guild.bot_top_position for role in held):
        return "higher_role"
    if any(powers(role.permissions) for role in held):
        return "moderator"
    if observed.boosting:
        return "booster"
    granted = {grant.role_id for grant in facts.grants}
    return "other_roles" if any(role.id not in granted for role in held) else None
