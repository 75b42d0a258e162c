"""Who is at the door; written by ``bot/identity`` only. Secrets are stored hashed, never as they are."""

from enum import StrEnum
from typing import Any

from tortoise import Model, fields

from models.fields import instant, snowflake


class PersonKind(StrEnum):
    CREATOR = "creator"
    FAN = "fan"


class Session(Model):
    id_hash = fields.CharField(max_length=64, primary_key=True)
    """SHA-256, in hex, of the cookie's value."""
    kind = fields.CharEnumField(PersonKind, max_length=8)
    person_id = fields.CharField(max_length=64)
    name = fields.CharField(max_length=255)
    created_at = instant()
    expires_at = instant()

    class Meta:
        table = "session"
        indexes = (
            ("expires_at",),
            ("kind", "person_id"),
        )


class SpentToken(Model):
    """A hand-over token's ``jti``: used once, remembered until it would have expired anyway."""

    jti_hash = fields.CharField(max_length=64, primary_key=True)
    expires_at = instant()

    class Meta:
        table = "spent_token"
        indexes = (("expires_at",),)


class OAuthState(Model):
    """One round trip to Discord's consent page: belongs to one session, used once."""

    state_hash = fields.CharField(max_length=64, primary_key=True)
    session_hash = fields.CharField(max_length=64)
    purpose = fields.CharField(max_length=32)
    data: fields.JSONField[dict[str, Any]] = fields.JSONField()
    """What the round trip is for (e.g. the integration); after the callback also who was seen at Discord."""
    expires_at = instant()
    used_at = instant(null=True)

    class Meta:
        table = "oauth_state"
        indexes = (("expires_at",),)


class Request(Model):
    """A link that left Discord: it carries nothing but an opaque id, works once and for ten minutes."""

    id_hash = fields.CharField(max_length=64, primary_key=True)
    purpose = fields.CharField(max_length=32)
    account_id = snowflake()
    username = fields.CharField(max_length=64)
    guild_id = snowflake(null=True)
    data: fields.JSONField[dict[str, Any]] = fields.JSONField()
    created_at = instant()
    expires_at = instant()
    used_at = instant(null=True)
    session_hash = fields.CharField(max_length=64, null=True)
    """The session that opened it; only that one may press the button on the page it showed."""

    class Meta:
        table = "request"
        indexes = (("expires_at",),)


class Code(Model):
    """A one-time code: one alive per person and purpose, shown on a page, typed in Discord (or the other way round)."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharEnumField(PersonKind, max_length=8)
    person_id = fields.CharField(max_length=64)
    name = fields.CharField(max_length=255)
    purpose = fields.CharField(max_length=32)
    code_hash = fields.CharField(max_length=64, unique=True)
    data: fields.JSONField[dict[str, Any]] = fields.JSONField()
    account_id = snowflake(null=True)
    """Who typed it in Discord; the page that showed it then asks for the press."""
    username = fields.CharField(max_length=64, null=True)
    expires_at = instant()

    class Meta:
        table = "code"
        unique_together = (("kind", "person_id", "purpose"),)
        indexes = (("expires_at",),)


class CodeTry(Model):
    """A wrong code, by account: five an hour."""

    id = fields.BigIntField(primary_key=True)
    account_id = snowflake()
    at = instant()

    class Meta:
        table = "code_try"
        indexes = (("account_id", "at"),)
