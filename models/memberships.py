"""What the platform told us; written by ``bot/memberships`` only.

Snapshots keep the platform's ``version``: a snapshot is applied only if its version is higher than the stored one,
and a tombstone outlives what it names, so that a late event brings nothing back. A row with version -1 is known by
name only, from a membership or a hand-over that mentioned it (the platform's own versions begin at 0).
"""

from enum import StrEnum
from typing import Any

from tortoise import Model, fields

from models.fields import instant


class MembershipStatus(StrEnum):
    ACTIVE = "active"
    """Paid, renews; access until ``paid_until`` and the slack."""
    CANCELED = "canceled"
    """Paid, will not renew; access until ``paid_until``."""
    PAST_DUE = "past_due"
    """A payment failed and is being retried; access until ``paid_until`` and the integration's grace."""
    PAUSED = "paused"
    EXPIRED = "expired"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    DELETED = "deleted"
    """Ours, not the platform's: its fan or creator was deleted."""


class InboxState(StrEnum):
    RECEIVED = "received"
    """Durable, not yet applied."""
    APPLIED = "applied"
    STALE = "stale"
    """Its version was not higher than the stored one, or its object is deleted: nothing changed."""
    IGNORED = "ignored"
    """Of a type that we do not know."""
    PARKED = "parked"
    """Verified but not applicable; ``reason`` says why. Access stays as it was; an operator can replay it."""


class Creator(Model):
    id = fields.CharField(max_length=64, primary_key=True)
    display_name = fields.CharField(max_length=255)
    locale = fields.CharField(max_length=35, null=True)
    version = fields.BigIntField(default=-1)
    deleted_at = instant(null=True)

    class Meta:
        table = "creator"


class Tier(Model):
    id = fields.CharField(max_length=64, primary_key=True)
    creator_id = fields.CharField(max_length=64)
    name = fields.CharField(max_length=255)
    price: fields.JSONField[dict[str, Any] | None] = fields.JSONField(null=True)
    """``{"amount": smallest unit, "currency": ISO 4217, "interval": month|year|once}``."""
    active = fields.BooleanField(default=True)
    version = fields.BigIntField(default=-1)

    class Meta:
        table = "tier"
        indexes = (("creator_id",),)


class Fan(Model):
    id = fields.CharField(max_length=64, primary_key=True)
    display_name = fields.CharField(max_length=255)
    locale = fields.CharField(max_length=35, null=True)
    version = fields.BigIntField(default=-1)
    deleted_at = instant(null=True)
    """Set while a deleted fan's access is being taken away; the row goes when that is done, after 30 days at the latest."""

    class Meta:
        table = "fan"


class Membership(Model):
    id = fields.CharField(max_length=64, primary_key=True)
    fan_id = fields.CharField(max_length=64)
    creator_id = fields.CharField(max_length=64)
    tier_id = fields.CharField(max_length=64)
    status = fields.CharEnumField(MembershipStatus, max_length=16)
    paid_until = instant(null=True)
    updated_at = instant()
    """The platform's word for when the snapshot was made."""
    version = fields.BigIntField()
    ask_at = instant(null=True)
    """When to ask the platform, where it can be asked, whether an ``active`` one was renewed; null: no question is open."""
    unpaid_at = instant(null=True)
    """When the platform was last asked and answered that this very snapshot still stands, ``active`` and not renewed."""
    listed_at = instant(null=True)
    """The start of the last full list of the platform's that named it."""
    missing_since = instant(null=True)
    """The platform does not know it when asked: reported, no proof of an end."""

    class Meta:
        table = "membership"
        indexes = (
            ("fan_id",),
            ("tier_id", "id"),
            ("creator_id", "id"),
            ("ask_at",),
            ("missing_since",),
        )


class Tombstone(Model):
    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=16)
    """creator, tier, fan or membership."""
    object_id = fields.CharField(max_length=64)
    version = fields.BigIntField()
    at = instant()

    class Meta:
        table = "tombstone"
        unique_together = (("kind", "object_id"),)


class InboxEvent(Model):
    webhook_id = fields.CharField(max_length=255, primary_key=True)
    type = fields.CharField(max_length=64)
    body = fields.TextField()
    """The verified bytes, as UTF-8 JSON; emptied when the fan it is about is erased."""
    fan_id = fields.CharField(max_length=64, null=True)
    """Whom it is about, so that erasing them reaches it."""
    received_at = instant()
    state = fields.CharEnumField(InboxState, max_length=16)
    reason = fields.TextField(null=True)
    settled_at = instant(null=True)

    class Meta:
        table = "inbox_event"
        indexes = (
            ("state", "received_at"),
            ("received_at",),
            ("fan_id",),
        )


class OutboxEvent(Model):
    id = fields.BigIntField(primary_key=True)
    """Also the order of telling, per fan."""
    webhook_id = fields.CharField(max_length=64, unique=True)
    fan_id = fields.CharField(max_length=64)
    type = fields.CharField(max_length=64)
    body = fields.TextField()
    created_at = instant()
    attempts = fields.IntField(default=0)
    next_at = instant(null=True)
    """When to try (again); null once sent or given up."""
    sent_at = instant(null=True)
    failed_at = instant(null=True)
    """Given up after three days."""
    lease_until = instant(null=True)

    class Meta:
        table = "outbox_event"
        indexes = (
            ("next_at",),
            ("fan_id", "id"),
        )


class CatchUp(Model):
    """One reading of what changed at the platform: unfinished, it goes on at its cursor."""

    id = fields.BigIntField(primary_key=True)
    started_at = instant()
    since = instant(null=True)
    """``updated_since``; null: the full list."""
    cursor = fields.TextField(null=True)
    """Where the next page begins; null: at the beginning."""
    finished_at = instant(null=True)

    class Meta:
        table = "catch_up"
        indexes = (("finished_at",),)


class Silence(Model):
    """The platform does not answer when it is asked; the row goes with the first answer."""

    id = fields.IntField(primary_key=True)
    """Always 1."""
    since = instant()
    why = fields.CharField(max_length=64)
    told_at = instant(null=True)
    """When the operator was last told."""

    class Meta:
        table = "silence"


class Announcing(Model):
    """A tier was attached, or its roles changed: its holders' platform is told in pages, with the place remembered."""

    id = fields.BigIntField(primary_key=True)
    integration_id = fields.BigIntField()
    tier_id = fields.CharField(max_length=64)
    cursor = fields.CharField(max_length=64, default="")
    """The id of the last membership told of."""

    class Meta:
        table = "announcing"
        unique_together = (("integration_id", "tier_id"),)
