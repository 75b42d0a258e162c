"""Records turned into what Discord puts on the wire.

Every field that Discord's OpenAPI requires is here, so that each answer can be validated against it; ids and permissions become
strings, times ISO 8601 with an offset.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.sandbox.discord import parts
from bot.sandbox.discord.model import DM_CHANNEL, Channel, Guild, Json, Member, Message, Role, User

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.discord.model import Application, AuditEntry, Ban


def timestamp(at: datetime | None) -> str | None:
    """Return the instant as Discord writes it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else None


def user(record: User) -> Json:
    """Return a UserResponse."""
    body: Json = {
        "id": str(record.id),
        "username": record.username,
        "avatar": None,
        "discriminator": "0000" if record.bot else "0",
        "public_flags": 0,
        "flags": 0,
        "banner": None,
        "accent_color": None,
        "global_name": record.global_name,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
    }
    if record.bot:
        body["bot"] = True
    return body


def private_user(record: User, *, email: bool = True) -> Json:
    """Return a UserPIIResponse; the address only with the scope `email`."""
    body = {**user(record), "mfa_enabled": False, "locale": record.locale, "premium_type": 0}
    if email:
        body |= {"email": record.email, "verified": record.verified}
    return body


def role(record: Role) -> Json:
    """Return a GuildRoleResponse."""
    body: Json = {
        "id": str(record.id),
        "name": record.name,
        "permissions": str(record.permissions),
        "position": record.position,
        "color": record.color,
        "colors": {"primary_color": record.color, "secondary_color": None, "tertiary_color": None},
        "hoist": record.hoist,
        "managed": record.managed,
        "mentionable": record.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    if record.tags:
        body["tags"] = dict(record.tags)
    return body


def member(record: Member, who: User) -> Json:
    """Return a GuildMemberResponse."""
    return {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": timestamp(record.timed_out_until),
        "flags": 0,
        "joined_at": timestamp(record.joined_at),
        "nick": record.nick,
        "pending": record.pending,
        "premium_since": timestamp(record.premium_since),
        "roles": [str(role_id) for role_id in sorted(record.role_ids)],
        "user": user(who),
        "mute": record.muted,
        "deaf": record.deafened,
    }


def channel(record: Channel, find_user: Callable[[int], User], *, seen_by: int | None = None) -> Json:
    """Return a channel; a DM names everybody in it but the one who looks."""
    body: Json = {
        "id": str(record.id),
        "type": record.type,
        "flags": 0,
        "last_message_id": str(record.last_message_id) if record.last_message_id else None,
    }
    if record.type == DM_CHANNEL:
        others = [uid for uid in record.recipient_ids if uid != seen_by]
        return body | {"recipients": [user(find_user(uid)) for uid in others]}
    return body | {
        "guild_id": str(record.guild_id),
        "name": record.name,
        "position": record.position,
        "permission_overwrites": list(record.overwrites),
        "nsfw": False,
        "parent_id": None,
        "topic": None,
        "rate_limit_per_user": 0,
    }


def message(record: Message, find_user: Callable[[int], User]) -> Json:
    """Return a MessageResponse."""
    return {
        "id": str(record.id),
        "channel_id": str(record.channel_id),
        "type": record.type,
        "content": record.content,
        "author": user(find_user(record.author_id)),
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "attachments": [],
        "embeds": [parts.embed(each) for each in record.embeds],
        "components": [parts.component(each) for each in record.components],
        "timestamp": timestamp(record.sent_at),
        "edited_timestamp": timestamp(record.edited_at),
        "flags": record.flags,
        "pinned": False,
        "tts": False,
        **record.extra,
    }


def features(record: Guild) -> list[str]:
    """Return a guild's features, those among them that its settings switch on."""
    settings = {
        "INVITES_DISABLED": record.invites_disabled,
        "MEMBER_VERIFICATION_GATE_ENABLED": record.screening,
    }
    return sorted(record.features.union(name for name, is_on in settings.items() if is_on))


def guild(record: Guild) -> Json:
    """Return a GuildResponse."""
    return {
        "id": str(record.id),
        "name": record.name,
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": features(record),
        "banner": None,
        "owner_id": str(record.owner_id),
        "application_id": None,
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "roles": [role(each) for each in record.ladder()],
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": record.preferred_locale,
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
    }


def guild_create(record: Guild, find_user: Callable[[int], User], *, seen_by: int) -> Json:
    """Return what GUILD_CREATE carries to a bot that has just joined; of the members only the bot itself, as without presences.

    A guild that a session finds again also says `unavailable: false`: by the absence of that field clients tell a join.
    """
    mine = record.members.get(seen_by)
    return guild(record) | {
        "joined_at": timestamp(mine.joined_at) if mine else None,
        "large": len(record.members) > 250,
        "member_count": len(record.members),
        "voice_states": [],
        "members": [member(mine, find_user(seen_by))] if mine else [],
        "channels": [channel(each, find_user) for each in record.channels.values()],
        "threads": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def my_guild(record: Guild, *, owner: bool, permissions: int) -> Json:
    """Return a MyGuildResponse, as `/users/@me/guilds` lists them."""
    return {
        "id": str(record.id),
        "name": record.name,
        "icon": None,
        "banner": None,
        "owner": owner,
        "permissions": str(permissions),
        "features": features(record),
    }


def ban(record: Ban, who: User) -> Json:
    """Return a GuildBanResponse."""
    return {"user": user(who), "reason": record.reason}


def audit_entry(record: AuditEntry) -> Json:
    """Return an AuditLogEntryResponse."""
    body: Json = {
        "id": str(record.id),
        "action_type": record.action,
        "user_id": str(record.user_id) if record.user_id else None,
        "target_id": str(record.target_id) if record.target_id else None,
    }
    if record.changes:
        body["changes"] = list(record.changes)
    if record.options:
        body["options"] = dict(record.options)
    if record.reason:
        body["reason"] = record.reason
    return body


def application(record: Application, find_user: Callable[[int], User], *, guild_count: int) -> Json:
    """Return a PrivateApplicationResponse."""
    return {
        "id": str(record.id),
        "name": record.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user(find_user(record.bot_id)),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": record.verify_key,
        "flags": application_flags(record),
        "flags_new": str(application_flags(record)),
        "redirect_uris": list(record.redirect_uris),
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(find_user(record.owner_id)),
        "approximate_guild_count": guild_count,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "integration_types_config": {"0": {}},
        "eligible_oauth2_scopes": [],
    }


def application_flags(record: Application) -> int:
    """Return the flags that say which privileged intents are switched on (limited form: fewer than 100 guilds)."""
    return (1 << 15) | (1 << 19) if record.privileged_intents else 0
