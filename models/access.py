"""Work, grants, stays and the record of what was done; written by ``bot/access`` only.

Rows name guilds, accounts and fans by id without foreign keys: what the bot answers for in Discord outlives an
integration, a link, and a fan.
"""

from enum import IntEnum, StrEnum
from typing import Any

from tortoise import Model, fields

from models.fields import instant, snowflake


class GrantState(StrEnum):
    INTENDED = "intended"
    """Written before the call: after a crash, the role may be there or not."""
    GIVEN = "given"
    """Discord said yes; not yet seen."""
    SEEN = "seen"
    """Seen on the member."""


class StayState(StrEnum):
    ABSENT = "absent"
    IN = "in"
    PENDING = "pending"
    """In, but the server's rules are not accepted yet."""
    BANNED = "banned"


class Urgency(IntEnum):
    """Who waits for a member to be looked at, the most urgent first."""

    PERSON = 0
    """Somebody, for an answer."""
    EVENT = 1
    """Nobody looks on, but something happened to this one: their payment ended, a role was taken by hand."""
    LOOK = 2
    """One of a crowd for whom something was done: whether it is there is to be seen before the whole crowd is through."""
    BULK = 3
    """One of a crowd, or the daily look."""


class Work(Model):
    """A member whose Discord state may be out of date.

    Pending while ``due_at`` is set and reached. Marking raises ``generation``; a pass finishes only the generation it
    claimed, so that what changed meanwhile is seen by the next.
    """

    id = fields.BigIntField(primary_key=True)
    guild_id = snowflake()
    account_id = snowflake()
    generation = fields.BigIntField(default=1)
    due_at = instant(null=True)
    """When to look next: now for a change, later for a retry, a second look or the daily one; null when nothing is expected."""
    urgency = fields.IntEnumField(Urgency, default=Urgency.EVENT, db_default=int(Urgency.EVENT))
    """Of whoever waits most urgently; once nothing is expected but the daily look, it is bulk."""
    attempts = fields.IntField(default=0)
    """Failures in a row, for the backoff."""
    lease_until = instant(null=True)
    lease_owner = fields.CharField(max_length=36, null=True)

    class Meta:
        table = "work"
        unique_together = (("guild_id", "account_id"),)
        indexes = (
            ("due_at",),
            ("urgency", "due_at", "guild_id"),
            ("guild_id", "due_at"),
            ("lease_until",),
        )


class FanOut(Model):
    """A fact that reaches many members, unfolded into work in pages with the place remembered."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=16)
    """integration, guild, tier or creator."""
    subject = fields.CharField(max_length=64)
    cursor = fields.CharField(max_length=80, default="")
    """Holds what comes last in a page: an id of the platform's, too."""
    created_at = instant()

    class Meta:
        table = "fan_out"


class Due(Model):
    """When a fan's access in an integration ends by the clock: an index, recomputed by every pass."""

    id = fields.BigIntField(primary_key=True)
    fan_id = fields.CharField(max_length=64)
    integration_id = fields.BigIntField()
    at = instant()

    class Meta:
        table = "due"
        unique_together = (("fan_id", "integration_id"),)
        indexes = (("at",),)


class Grant(Model):
    """A role the bot gave to an account in a guild and still answers for."""

    id = fields.BigIntField(primary_key=True)
    guild_id = snowflake()
    account_id = snowflake()
    role_id = snowflake()
    state = fields.CharEnumField(GrantState, max_length=8)
    because: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()
    """The reasons when last desired: ``[{"membership_id", "integration_id", "tier_id"}]``."""
    kept_at = instant(null=True)
    """Its reasons ended under the policy ``keep``: it stays with the person."""
    written_at = instant()
    seen_at = instant(null=True)

    class Meta:
        table = "role_grant"
        unique_together = (("guild_id", "account_id", "role_id"),)
        indexes = (("role_id",),)


class Stay(Model):
    """What was seen of an account in a guild, and who began it."""

    id = fields.BigIntField(primary_key=True)
    guild_id = snowflake()
    account_id = snowflake()
    state = fields.CharEnumField(StayState, max_length=8)
    seen_at = instant(null=True)
    seen_roles: fields.JSONField[list[int]] = fields.JSONField(default=list)
    """The roles they had when last seen, by the bot's doing or not; without ``@everyone``."""
    boosting = fields.BooleanField(default=False)
    begun_by_us = fields.BooleanField(default=False)
    join_intended_at = instant(null=True)
    """A join was sent and its answer not recorded yet: a 204 that answers it is ours."""
    left_at = instant(null=True)
    """Gone without us: when they were last seen in. A seat pressed later than that brings them back."""
    put_out_at = instant(null=True)
    """We put them out: they are fetched back when they pay again."""
    last_integration_id = snowflake(null=True)
    """The integration whose reason held last: its policy decides at the end."""
    trouble = fields.CharField(max_length=32, null=True)
    """What stands in the way, as an outcome's word (``too_many_servers``, ``banned``, ``no_token``, ``role_out_of_reach``, …)."""
    trouble_at = instant(null=True)
    told: fields.JSONField[dict[str, Any]] = fields.JSONField(default=dict)
    """What the platform was last told, by integration: ``{"12": {"state", "fan_id", "membership_ids", "roles"}}``."""

    class Meta:
        table = "stay"
        unique_together = (("guild_id", "account_id"),)
        indexes = (("account_id",),)


class Departure(Model):
    """A first decision to put somebody out; the second, on fresh facts, is due at ``decide_at``."""

    id = fields.BigIntField(primary_key=True)
    guild_id = snowflake()
    account_id = snowflake()
    integration_id = fields.BigIntField()
    decide_at = instant()
    farewell_at = instant(null=True)
    intended_at = instant(null=True)
    """Written before the call: an absence seen after it is ours."""
    spared = fields.CharField(max_length=32, null=True)
    """Why they are not put out (``owner``, ``higher_role``, ``moderator``, ``booster``, ``other_roles``); the creator is shown it."""

    class Meta:
        table = "departure"
        unique_together = (("guild_id", "account_id"),)
        indexes = (("decide_at",),)


class Hold(Model):
    """An end that the brake keeps from happening: the member and the cause, never a plan."""

    id = fields.BigIntField(primary_key=True)
    guild_id = snowflake()
    account_id = snowflake()
    cause = fields.CharField(max_length=16)
    """inferred or stated."""
    created_at = instant()
    released_at = instant(null=True)

    class Meta:
        table = "hold"
        unique_together = (("guild_id", "account_id"),)


class Ending(Model):
    """An end that was let through, counted by the brake."""

    id = fields.BigIntField(primary_key=True)
    guild_id = snowflake()
    account_id = snowflake()
    cause = fields.CharField(max_length=16)
    """inferred, stated, or released: a person let it through, so it counts against no budget."""
    at = instant()

    class Meta:
        table = "ending"
        indexes = (
            ("cause", "at"),
            ("guild_id", "cause", "at"),
        )


class Refusal(Model):
    """A guild that refuses us, set aside until something there changes, its creator presses Try again, or a day has passed."""

    guild_id = snowflake(primary_key=True)
    code = fields.IntField()
    since = instant()
    until = instant()

    class Meta:
        table = "refusal"


class Audit(Model):
    """Every grant and removal: who, which role, because of what, when, what Discord said."""

    id = fields.BigIntField(primary_key=True)
    at = instant()
    guild_id = snowflake()
    account_id = snowflake()
    fan_id = fields.CharField(max_length=64, null=True)
    action = fields.CharField(max_length=32)
    """joined, role_given, role_taken, put_out, seen_gone, held, spared, …"""
    role_id = snowflake(null=True)
    because: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()
    outcome = fields.CharField(max_length=32)
    """applied, already_so, absent, retry_after, needs_a_person."""
    code = fields.IntField(null=True)
    """Discord's error code, where it gave one."""
    detail = fields.TextField(null=True)

    class Meta:
        table = "audit"
        indexes = (
            ("guild_id", "account_id", "id"),
            ("fan_id", "id"),
            ("at",),
        )
