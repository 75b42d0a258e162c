"""What can be done to a member, and what stands in the way: the values that a plan is made of.

A plan is shown to people and carried out; both read these values, so that what was shown is what is done.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.access.desired import Because, EndCause
from bot.ids import IntegrationId, RoleId


class TroubleKind(StrEnum):
    """What stands between the member and what they should have; each is mended by a person."""

    BOT_ABSENT = "bot_absent"
    UNVOUCHED = "unvouched"
    """The bot was gone, and the creator is not known to manage the server still: nothing new is given."""
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
    JOIN_REFUSED = "join_refused"
    """Discord refused the join for the reason in ``detail``; it rests until the fan presses again, or a day."""
    NO_TOKEN = "no_token"  # noqa: S105 - a word for its absence
    """The fan has to press Connect."""
    ROLES_DELETED = "roles_deleted"
    """Every role of an attachment was deleted."""
    STILL_HAS_ACCESS = "still_has_access"
    """A role that should go cannot be taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    kind: TroubleKind
    role_id: RoleId | None = None
    detail: str | None = None


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

    def end_causes(self) -> frozenset[EndCause]:
        """The causes for which this plan ends somebody's access."""
        return frozenset(cause for change in self.changes if (cause := end_cause(change)) is not None)

    def without_ends(self, held: frozenset[EndCause]) -> "Plan":
        """The same plan, with nothing in it that ends access for a cause in ``held``, nor puts out whom that concerns."""
        kept = tuple(
            change
            for change in self.changes
            if end_cause(change) not in held and not (held and isinstance(change, Depart | PutOut))
        )
        return Plan(changes=kept, troubles=self.troubles)


def end_cause(change: Change) -> EndCause | None:
    """Why ``change`` ends access; None when it does not."""
    return change.cause if isinstance(change, Take | Depart | PutOut) else None
