"""What a creator set up, and the guilds as last seen; written by ``bot/integrations`` only."""

from enum import StrEnum
from typing import cast

from tortoise import Model, fields

from models.fields import instant, snowflake
from models.memberships import Creator


class IntegrationState(StrEnum):
    NOT_CONNECTED = "not_connected"
    """Named, no server yet."""
    CONNECTED = "connected"
    NEEDS_ATTENTION = "needs_attention"
    """Connected, but something only a person can mend is in the way; ``attention`` says what."""
    CLOSING = "closing"
    """Being disconnected or removed: the end policy is at work."""
    CLOSED = "closed"


class EndPolicy(StrEnum):
    KEEP = "keep"
    """Nothing is taken: roles and seat stay with the person."""
    ROLES = "roles"
    """The granted roles go; the person stays in the server."""
    ADDED = "added"
    """The granted roles go, and whom the bot brought in is put out after a second look."""


class Guild(Model):
    id = snowflake(primary_key=True)
    name = fields.CharField(max_length=100)
    owner_id = snowflake()
    bot_present = fields.BooleanField()
    bot_permissions = fields.BigIntField(default=0)
    """Of the bot's member, guild-wide, computed from its roles."""
    bot_top_position = fields.IntField(default=0)
    bot_top_role_id = snowflake(null=True)
    joins_paused = fields.BooleanField(default=False)
    seen_at = instant()

    class Meta:
        table = "guild"


class GuildRole(Model):
    id = snowflake(primary_key=True)
    guild_id = snowflake()
    name = fields.CharField(max_length=100)
    position = fields.IntField()
    permissions = fields.BigIntField()
    managed = fields.BooleanField()
    """Made by an integration, a bot or boosting: nobody can give it by hand."""

    class Meta:
        table = "guild_role"
        indexes = (("guild_id", "position"),)


class Integration(Model):
    id = fields.BigIntField(primary_key=True)
    creator: fields.ForeignKeyRelation[Creator] = fields.ForeignKeyField(
        "models.Creator", related_name="integrations", on_delete=fields.RESTRICT
    )
    creator_id: str
    name = fields.CharField(max_length=80)
    state = fields.CharEnumField(IntegrationState, max_length=16)
    attention = fields.CharField(max_length=64, null=True)
    """A word for what needs a person, a word of ``bot/integrations/health.py``."""
    guild_id = snowflake(null=True)
    connected_by = snowflake(null=True)
    """The proven Discord account that tied the guild to the creator."""
    policy = fields.CharEnumField(EndPolicy, max_length=8, default=EndPolicy.ADDED)
    closing_policy: fields.Field[EndPolicy | None] = cast(
        "fields.Field[EndPolicy | None]", fields.CharEnumField(EndPolicy, max_length=8, null=True)
    )
    """While closing: what happens to those who have access (``keep`` may be asked for)."""
    remove_when_closed = fields.BooleanField(default=False)
    grace_days = fields.IntField(default=3)
    roles_refreshed_at = instant(null=True)
    """When its creator last pressed Refresh Roles: the step of setup after connecting."""
    vouch_at = instant(null=True)
    """The bot was gone from the server: when to look next whether the creator's account manages it still.

    While this is set nothing new is given; what ends is taken away all the same.
    """
    created_at = instant()

    class Meta:
        table = "integration"
        indexes = (
            ("creator_id", "id"),
            ("guild_id",),
            ("vouch_at",),
        )


class Attachment(Model):
    id = fields.BigIntField(primary_key=True)
    integration: fields.ForeignKeyRelation[Integration] = fields.ForeignKeyField(
        "models.Integration", related_name="attachments", on_delete=fields.RESTRICT
    )
    integration_id: int
    roles: "fields.ReverseRelation[AttachmentRole]"
    tier_id = fields.CharField(max_length=64)
    created_at = instant()

    class Meta:
        table = "attachment"
        unique_together = (("integration_id", "tier_id"),)
        indexes = (("tier_id",),)


class AttachmentRole(Model):
    id = fields.BigIntField(primary_key=True)
    attachment: fields.ForeignKeyRelation[Attachment] = fields.ForeignKeyField(
        "models.Attachment", related_name="roles", on_delete=fields.RESTRICT
    )
    attachment_id: int
    role_id = snowflake()
    confirmed_powers = fields.BigIntField(default=0)
    """The moderation permissions the role had when its creator last said yes to them: more than these, and it is not given."""

    class Meta:
        table = "attachment_role"
        unique_together = (("attachment_id", "role_id"),)
        indexes = (("role_id",),)


class ChosenTier(Model):
    """A tier that a creator chose in setup and whose roles are still to be said; gone when it is attached.

    It gives nobody anything. It is why a setup that was left in the middle goes on where it was.
    """

    id = fields.BigIntField(primary_key=True)
    integration: fields.ForeignKeyRelation[Integration] = fields.ForeignKeyField(
        "models.Integration", related_name="chosen_tiers", on_delete=fields.RESTRICT
    )
    integration_id: int
    tier_id = fields.CharField(max_length=64)
    asked: fields.JSONField[dict[str, int] | None] = fields.JSONField(null=True)
    """The roles that wait for a second yes (as strings), each with the moderation powers that were named."""

    class Meta:
        table = "chosen_tier"
        unique_together = (("integration_id", "tier_id"),)


class CreatorAccount(Model):
    """A Discord account that proved, together with the platform's word, that it is this creator's."""

    id = fields.BigIntField(primary_key=True)
    creator: fields.ForeignKeyRelation[Creator] = fields.ForeignKeyField(
        "models.Creator", related_name="accounts", on_delete=fields.RESTRICT
    )
    creator_id: str
    account_id = snowflake()
    username = fields.CharField(max_length=64)
    proven_at = instant()

    class Meta:
        table = "creator_account"
        unique_together = (("creator_id", "account_id"),)
        indexes = (("account_id",),)
