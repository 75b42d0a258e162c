"""Links, tokens, seats and what people are told; written by ``bot/fans`` only."""

from enum import StrEnum
from typing import Any

from tortoise import Model, fields

from models.fields import instant, snowflake
from models.integrations import Integration
from models.memberships import Fan


class SeatState(StrEnum):
    NOT_YET = "not_yet"
    """Never asked for; where the account already is, roles come by themselves."""
    WANTED = "wanted"
    DECLINED = "declined"


class Link(Model):
    """One fan, one Discord account."""

    id = fields.BigIntField(primary_key=True)
    fan: fields.OneToOneRelation[Fan] = fields.OneToOneField(
        "models.Fan", related_name="link", on_delete=fields.RESTRICT
    )
    fan_id: str
    account_id = snowflake(unique=True)
    username = fields.CharField(max_length=64)
    linked_at = instant()

    class Meta:
        table = "link"


class LinkChange(Model):
    """Each time a link was made: where it differs from the one before, of the fan or of the account, it is a change."""

    id = fields.BigIntField(primary_key=True)
    fan_id = fields.CharField(max_length=64)
    account_id = snowflake()
    at = instant()

    class Meta:
        table = "link_change"
        indexes = (
            ("fan_id", "at"),
            ("account_id", "at"),
        )


class AccountToken(Model):
    """A Discord account's OAuth pair, encrypted; saved before it is used, gone when Discord refuses it."""

    account_id = snowflake(primary_key=True)
    access_token = fields.TextField()
    refresh_token = fields.TextField()
    scopes = fields.CharField(max_length=255)
    expires_at = instant()
    version = fields.IntField(default=1)
    """Counts rotations: compare-and-set, so that two refreshes never undo each other."""

    class Meta:
        table = "account_token"


class Seat(Model):
    """A fan's wish in one integration."""

    id = fields.BigIntField(primary_key=True)
    fan: fields.ForeignKeyRelation[Fan] = fields.ForeignKeyField(
        "models.Fan", related_name="seats", on_delete=fields.RESTRICT
    )
    fan_id: str
    integration: fields.ForeignKeyRelation[Integration] = fields.ForeignKeyField(
        "models.Integration", related_name="seats", on_delete=fields.RESTRICT
    )
    integration_id: int
    state = fields.CharEnumField(SeatState, max_length=8)
    changed_at = instant()

    class Meta:
        table = "seat"
        unique_together = (("fan_id", "integration_id"),)
        indexes = (("integration_id", "fan_id"),)


class Notice(Model):
    """Something a person is to be told: by direct message where that works, on the Memberships page in any case."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=128, unique=True)
    """What makes it one telling: the same key is told once."""
    account_id = snowflake()
    fan_id = fields.CharField(max_length=64, null=True)
    kind = fields.CharField(max_length=32)
    """welcome, farewell, link_moved, …"""
    data: fields.JSONField[dict[str, Any]] = fields.JSONField()
    created_at = instant()
    send_at = instant(null=True)
    """When to try the direct message (again); null when done."""
    sent_at = instant(null=True)
    refused = fields.CharField(max_length=64, null=True)
    """Why no direct message could be sent, e.g. ``dms_closed``."""
    attempts = fields.IntField(default=0)

    class Meta:
        table = "notice"
        indexes = (
            ("send_at",),
            ("fan_id", "id"),
        )
