"""Whether what a creator set up can work, judged anew whenever the picture of the server or an attachment changes.

``connected`` ⇄ ``needs attention``, with one word for what a person has to mend. It is shown, and decides nothing: what
is given or taken is decided for each member by ``bot/access``, from the same picture.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.discord.permissions import Permission, has, powers
from bot.ids import GuildId, RoleId
from models import Attachment, AttachmentRole, Guild, GuildRole, Integration
from models.integrations import EndPolicy, IntegrationState


class Attention(StrEnum):
    """What needs a person; the first that applies is said."""

    BOT_ABSENT = "bot_absent"
    UNVOUCHED = "unvouched"
    """The bot is back after it was gone, and no account of the creator's is known to manage the server still."""
    NO_MANAGE_ROLES = "no_manage_roles"
    NO_CREATE_INVITE = "no_create_invite"
    ROLES_DELETED = "roles_deleted"
    """All the roles of an attachment are gone; it does not become server-only."""
    ROLE_OUT_OF_REACH = "role_out_of_reach"
    ROLE_GAINED_POWER = "role_gained_power"
    """A role can do more to others than its creator said yes to: it is not given."""
    NO_KICK = "no_kick"
    """Nobody can be put out: the integration works as the policy ``roles``, and stays connected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    state: IntegrationState
    attention: Attention | None = None


type Confirmed = Mapping[RoleId, int]
"""The roles of one attachment, each with the powers its creator said yes to."""


def judge(
    *,
    guild: Guild,
    roles: Mapping[RoleId, GuildRole],
    attachments: Iterable[Confirmed],
    policy: EndPolicy,
    vouched: bool = True,
) -> Standing:
    """How an integration with these attachments stands in this server; pure."""
    gives = [attachment for attachment in attachments if attachment]
    unvouched = None if vouched or not guild.bot_present else Attention.UNVOUCHED
    word = unvouched or _blocked(guild, gives=bool(gives)) or _broken(guild, roles, gives)
    if word:
        return Standing(state=IntegrationState.NEEDS_ATTENTION, attention=word)
    cannot_kick = policy is EndPolicy.ADDED and not has(guild.bot_permissions, Permission.KICK_MEMBERS)
    return Standing(state=IntegrationState.CONNECTED, attention=Attention.NO_KICK if cannot_kick else None)


def _blocked(guild: Guild, *, gives: bool) -> Attention | None:
    if not guild.bot_present:
        return Attention.BOT_ABSENT
    if gives and not has(guild.bot_permissions, Permission.MANAGE_ROLES):
        return Attention.NO_MANAGE_ROLES
    can_invite = has(guild.bot_permissions, Permission.CREATE_INSTANT_INVITE)
    return None if can_invite else Attention.NO_CREATE_INVITE


def _broken(guild: Guild, roles: Mapping[RoleId, GuildRole], gives: list[Confirmed]) -> Attention | None:
    if any(not attachment.keys() & roles.keys() for attachment in gives):
        return Attention.ROLES_DELETED
    given = [(roles[role_id], said) for each in gives for role_id, said in each.items() if role_id in roles]
    if any(role.managed or role.position >= guild.bot_top_position for role, _ in given):
        return Attention.ROLE_OUT_OF_REACH
    gained = any(powers(role.permissions) & ~said for role, said in given)
    return Attention.ROLE_GAINED_POWER if gained else None


class Health:
    async def troubled(self) -> int:
        """How many integrations need a person."""
        return await Integration.filter(state=IntegrationState.NEEDS_ATTENTION).count()

    async def review(self, guild_id: GuildId) -> None:
        """Judge every integration on the server by the picture as it is stored now."""
        guild = await Guild.get_or_none(id=guild_id)
        if guild is None:
            return
        roles = {RoleId(role.id): role for role in await GuildRole.filter(guild_id=guild_id)}
        for row in await Integration.filter(guild_id=guild_id, state__in=JUDGED):
            standing = judge(
                guild=guild,
                roles=roles,
                attachments=await confirmed_roles(row),
                policy=row.policy,
                vouched=row.vouch_at is None,
            )
            await _stands(row, standing)


JUDGED = (IntegrationState.CONNECTED, IntegrationState.NEEDS_ATTENTION)


async def confirmed_roles(row: Integration) -> list[Confirmed]:
    # Not by prefetching: it reads in tasks of its own, which would wait for the caller's transaction for ever.
    found: dict[int, dict[RoleId, int]] = {
        each.id: {} for each in await Attachment.filter(integration_id=row.id)
    }
    for role in await AttachmentRole.filter(attachment_id__in=list(found)):
        found[role.attachment_id][RoleId(role.role_id)] = role.confirmed_powers
    return list(found.values())


async def _stands(row: Integration, standing: Standing) -> None:
    """Compare-and-set: whatever closed it meanwhile, or judged a newer picture, is not undone."""
    if (row.state, row.attention) == (standing.state, standing.attention):
        return
    await Integration.filter(id=row.id, state=row.state, attention=row.attention).update(
        state=standing.state, attention=standing.attention
    )
