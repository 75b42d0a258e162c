"""A server's roles as a ladder, drawn in text: where the bot stands, what it can give, and what to do about the rest.

By far the most repeated help text of bots like this one is "drag the bot's role up"; so it is said before anybody
attaches a role, by name, and not after a fan has complained.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.discord.permissions import Permission, has
from bot.fans.texts import plain
from bot.ids import RoleId
from models import Guild, GuildRole

_RUNGS_SHOWN = 16
_NAME_SHOWN = 24
_MEND_SHOWN = 5


class Reach(StrEnum):
    """Whether the bot can give a role, and if not, why."""

    OK = "ok"
    EVERYONE = "everyone"
    """Everybody has it anyway."""
    MANAGED = "managed"
    """Discord gives it by itself: to a bot, an app, or those who boost."""
    ADMINISTRATOR = "administrator"
    """It can do everything: it is never sold."""
    TOO_HIGH = "too_high"
    """It stands above the bot's role, or beside it."""
    NOT_ALLOWED = "not_allowed"
    """The bot lacks Manage Roles in the whole server."""


_MARKS = {
    Reach.OK: "✓",
    Reach.EVERYONE: "·",
    Reach.MANAGED: "·",
    Reach.ADMINISTRATOR: "✗",
    Reach.TOO_HIGH: "✗",
    Reach.NOT_ALLOWED: "✗",
}
_NOTES = {
    Reach.OK: "",
    Reach.EVERYONE: "everybody has it",
    Reach.MANAGED: "Discord gives it by itself",
    Reach.ADMINISTRATOR: "Administrator, never given",
    Reach.TOO_HIGH: "out of reach",
    Reach.NOT_ALLOWED: "Manage Roles is missing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    role_id: RoleId
    name: str
    reach: Reach
    is_bot_role: bool = False
    """The highest role the bot holds; its reach ends here."""
    wanted: bool = False
    """One of the roles it is about."""

    @property
    def note(self) -> str:
        """What there is to say of it; nothing where it is in reach."""
        return "the bot: it gives what stands below" if self.is_bot_role else _NOTES[self.reach]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    guild_name: str
    rungs: tuple[Rung, ...]
    """Top to bottom."""

    @property
    def bot_rung(self) -> Rung | None:
        return next((rung for rung in self.rungs if rung.is_bot_role), None)

    @property
    def out_of_reach(self) -> tuple[Rung, ...]:
        """What a person could bring within reach: of the wanted roles, or of all if none is named."""
        about = [rung for rung in self.rungs if rung.wanted] or self.rungs
        mendable = {Reach.TOO_HIGH, Reach.NOT_ALLOWED}
        return tuple(rung for rung in about if rung.reach in mendable and not rung.is_bot_role)

    def as_text(self) -> str:
        """Draw it for a Discord message: a block of rungs, and below it what to do; under 1600 characters."""
        return "\n".join(["```", *self._drawing(), "```", *self.advice()])

    def advice(self) -> list[str]:
        """What to do about each role that is out of reach, one sentence each."""
        bot = self.bot_rung
        if bot is None:
            return ["The bot has no role here. Add it to the server again, so that Discord makes one for it."]
        missing = self.out_of_reach
        if any(rung.reach is Reach.NOT_ALLOWED for rung in missing):
            return [
                f"Give **{plain(_short(bot.name))}** the permission **Manage Roles** in Server Settings → Roles."
            ]
        sentences = [
            f"Drag **{plain(_short(bot.name))}** above **{plain(_short(rung.name))}** in Server Settings → Roles."
            for rung in missing[:_MEND_SHOWN]
        ]
        more = len(missing) - _MEND_SHOWN
        return [*sentences, f"… and above {more} more."] if more > 0 else sentences

    def _drawing(self) -> list[str]:
        shown = self._shown()
        lines = [_line(rung) for rung in shown]
        hidden = len(self.rungs) - len(shown)
        return [*lines, f"  … and {hidden} more"] if hidden else lines

    def _shown(self) -> Sequence[Rung]:
        """All, or of a long ladder what it is about and what stands around the bot."""
        if len(self.rungs) <= _RUNGS_SHOWN:
            return self.rungs
        middle = next((i for i, rung in enumerate(self.rungs) if rung.is_bot_role), 0)
        by_interest = sorted(
            range(len(self.rungs)), key=lambda i: (not self.rungs[i].wanted, abs(i - middle))
        )
        return [self.rungs[i] for i in sorted(by_interest[:_RUNGS_SHOWN])]


def draw_ladder(guild: Guild, roles: Sequence[GuildRole], *, wanted: frozenset[RoleId]) -> Ladder:
    """Judge each of ``roles`` (top to bottom) by the guild as stored; pure."""
    rungs = tuple(
        Rung(
            role_id=RoleId(role.id),
            name=role.name,
            reach=_reach(guild, role),
            is_bot_role=role.id == guild.bot_top_role_id,
            wanted=RoleId(role.id) in wanted,
        )
        for role in roles
    )
    return Ladder(guild_name=guild.name, rungs=rungs)


def _reach(guild: Guild, role: GuildRole) -> Reach:
    if role.id == guild.id:
        return Reach.EVERYONE
    if role.managed:
        return Reach.MANAGED
    if role.permissions & Permission.ADMINISTRATOR:
        return Reach.ADMINISTRATOR
    if not has(guild.bot_permissions, Permission.MANAGE_ROLES):
        return Reach.NOT_ALLOWED
    return Reach.OK if role.position < guild.bot_top_position else Reach.TOO_HIGH


def _line(rung: Rung) -> str:
    if rung.is_bot_role:
        return f"▶ {_in_block(rung.name)}  ← the bot: it gives what stands below"
    note = _NOTES[rung.reach]
    name = f"{_MARKS[rung.reach]} {_in_block(rung.name)}"
    return f"{name}  ({note})" if note else name


def _in_block(name: str) -> str:
    """A name that does not break out of the block, where Discord reads nothing else."""
    return _short(name.replace("`", "'"))


def _short(name: str) -> str:
    name = name.replace("\n", " ")
    return name if len(name) <= _NAME_SHOWN else name[: _NAME_SHOWN - 1] + "…"
