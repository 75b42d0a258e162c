"""Holds what creators set up against a server as Discord shows it now: for an operator, and changing nothing."""

from dataclasses import dataclass

from bot.discord.guild_reader import GuildSnapshot
from bot.ids import GuildId, RoleId
from bot.integrations.guilds import role_row
from bot.integrations.health import JUDGED, Attention, confirmed_roles, judge
from bot.integrations.ladder import draw_ladder
from models import Guild, Integration


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that somebody's memberships lead to, by the name it had when last seen."""

    id: GuildId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One integration on the server."""

    integration: str
    attention: Attention | None
    ladder: tuple[str, ...] = ()
    """What to drag where, if a role is out of reach."""


class Checkup:
    async def servers(self) -> list[Server]:
        found = await Integration.filter(state__in=JUDGED, guild_id__isnull=False).order_by("guild_id")
        ids = sorted({row.guild_id for row in found if row.guild_id is not None})
        names = {row.id: row.name for row in await Guild.filter(id__in=ids)}
        return [Server(id=GuildId(each), name=names.get(each, "a server never seen")) for each in ids]

    async def against(self, snapshot: GuildSnapshot) -> list[Checked]:
        """How every integration on the server stands by this picture of it, whatever is stored."""
        guild = _guild(snapshot)
        rows = {role.id: role_row(snapshot.id, role) for role in snapshot.roles}
        checked = []
        for each in await Integration.filter(guild_id=snapshot.id, state__in=JUDGED).order_by("id"):
            attachments = await confirmed_roles(each)
            standing = judge(
                guild=guild,
                roles=rows,
                attachments=attachments,
                policy=each.policy,
                vouched=each.vouch_at is None,
            )
            wanted = frozenset(RoleId(role_id) for attachment in attachments for role_id in attachment)
            out_of_reach = standing.attention is Attention.ROLE_OUT_OF_REACH
            advice = draw_ladder(guild, list(rows.values()), wanted=wanted).advice() if out_of_reach else []
            checked.append(Checked(integration=each.name, attention=standing.attention, ladder=tuple(advice)))
        return checked


def _guild(snapshot: GuildSnapshot) -> Guild:
    """A row that is never stored."""
    top = snapshot.bot_top_role
    return Guild(
        id=snapshot.id,
        name=snapshot.name,
        owner_id=snapshot.owner_id,
        bot_present=True,
        bot_permissions=snapshot.bot_permissions,
        bot_top_position=snapshot.bot_top_position,
        bot_top_role_id=top.id if top else None,
        joins_paused=snapshot.joins_paused,
    )
