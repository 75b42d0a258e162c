"""The journal read back: every effect carried out again on nothing gives the guilds and accounts as they are.

So the journal can be trusted to explain the state: an effect that was forgotten, or told wrongly, makes the two differ. It reads what
the driver's `journal()` returns as well as the entries in memory. What was said in channels is left out: a journal names messages and
does not keep them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.sandbox.discord.model import Guild
    from bot.sandbox.discord.state import State

type Json = dict[str, Any]
type Picture = dict[int, Json]

_EVERYBODYS = "@everyone"


def fold(effects: Iterable[Json]) -> Picture:
    """Return the guilds that these effects leave behind, each as `picture` describes it."""
    guilds: Picture = {}
    for effect in effects:
        apply = _APPLY.get(effect["effect"])
        if apply:
            apply(guilds, effect)
    return guilds


def picture(guild: Guild) -> Json:
    """Describe a guild by what its owner could see in the settings: plain values, so that two can be compared."""
    return {
        "name": guild.name,
        "owner_id": guild.owner_id,
        "screening": guild.screening,
        "invites_disabled": guild.invites_disabled,
        "unavailable": guild.unavailable,
        "features": sorted(guild.features),
        "preferred_locale": guild.preferred_locale,
        "roles": {
            role.id: {
                "name": role.name,
                "position": role.position,
                "permissions": role.permissions,
                "managed": role.managed,
                "color": role.color,
                "hoist": role.hoist,
                "mentionable": role.mentionable,
            }
            for role in guild.roles.values()
        },
        "members": {
            member.user_id: {
                "roles": set(member.role_ids),
                "pending": member.pending,
                "nick": member.nick,
                "muted": member.muted,
                "deafened": member.deafened,
                "boosting": member.premium_since is not None,
            }
            for member in guild.members.values()
        },
        "channels": {
            channel.id: {
                "name": channel.name,
                "overwrites": {
                    int(each["id"]): (int(each["allow"]), int(each["deny"])) for each in channel.overwrites
                },
            }
            for channel in guild.channels.values()
        },
        "bans": {ban.user_id: ban.reason for ban in guild.bans.values()},
    }


def pictures(state: State) -> Picture:
    """Describe every guild."""
    return {guild.id: picture(guild) for guild in state.guilds.values()}


def _guild_created(guilds: Picture, effect: Json) -> None:
    guild_id = int(effect["guild_id"])
    everyone = _role(effect | {"name": _EVERYBODYS, "managed": False}, position=0)
    guilds[guild_id] = {
        "name": effect["name"],
        "owner_id": int(effect["owner_id"]),
        "screening": effect["screening"],
        "invites_disabled": False,
        "unavailable": False,
        "features": [],
        "preferred_locale": "en-US",
        "roles": {guild_id: everyone},
        "members": {},
        "channels": {},
        "bans": {},
    }


def _guild_changed(guilds: Picture, effect: Json) -> None:
    guild = _guild(guilds, effect)
    for name in guild.keys() & effect.keys():
        guild[name] = int(effect[name]) if name == "owner_id" else effect[name]


def _role(effect: Json, *, position: int) -> Json:
    return {
        "name": effect["name"],
        "position": position,
        "permissions": int(effect["permissions"]),
        "managed": effect["managed"],
        "color": effect.get("color", 0),
        "hoist": effect.get("hoist", False),
        "mentionable": effect.get("mentionable", False),
    }


def _role_created(guilds: Picture, effect: Json) -> None:
    roles = _guild(guilds, effect)["roles"]
    for other in roles.values():
        other["position"] += other["position"] > 0
    roles[int(effect["role_id"])] = _role(effect, position=1)


def _role_changed(guilds: Picture, effect: Json) -> None:
    role = _guild(guilds, effect)["roles"][int(effect["role_id"])]
    for name in role.keys() & effect.keys():
        role[name] = int(effect[name]) if name == "permissions" else effect[name]


def _role_deleted(guilds: Picture, effect: Json) -> None:
    guild = _guild(guilds, effect)
    gone = guild["roles"].pop(int(effect["role_id"]))
    for other in guild["roles"].values():
        other["position"] -= other["position"] > gone["position"]
    for member in guild["members"].values():
        member["roles"].discard(int(effect["role_id"]))


def _member_joined(guilds: Picture, effect: Json) -> None:
    _guild(guilds, effect)["members"][int(effect["user_id"])] = {
        "roles": {int(each) for each in effect["roles"]},
        "pending": effect["pending"],
        "nick": effect["nick"],
        "muted": False,
        "deafened": False,
        "boosting": False,
    }


def _member_changed(guilds: Picture, effect: Json) -> None:
    member = _member(guilds, effect)
    for name in member.keys() & effect.keys():
        member[name] = effect[name]
    if "premium_since" in effect:
        member["boosting"] = effect["premium_since"] is not None


def _member(guilds: Picture, effect: Json) -> Json:
    found: Json = _guild(guilds, effect)["members"][int(effect["user_id"])]
    return found


def _guild(guilds: Picture, effect: Json) -> Json:
    return guilds[int(effect["guild_id"])]


_APPLY: dict[str, Callable[[Picture, Json], object]] = {
    "guild created": _guild_created,
    "guild changed": _guild_changed,
    "guild deleted": lambda guilds, it: guilds.pop(int(it["guild_id"])),
    "guild available": lambda guilds, it: _guild(guilds, it).update(unavailable=False),
    "guild unavailable": lambda guilds, it: _guild(guilds, it).update(unavailable=True),
    "channel created": lambda guilds, it: _guild(guilds, it)["channels"].update(
        {int(it["channel_id"]): {"name": it["name"], "overwrites": {}}}
    ),
    "overwrite set": lambda guilds, it: _guild(guilds, it)["channels"][int(it["channel_id"])][
        "overwrites"
    ].update({int(it["target_id"]): (int(it["allow"]), int(it["deny"]))}),
    "role created": _role_created,
    "role changed": _role_changed,
    "role moved": _role_changed,
    "role deleted": _role_deleted,
    "role given": lambda guilds, it: _member(guilds, it)["roles"].add(int(it["role_id"])),
    "role taken": lambda guilds, it: _member(guilds, it)["roles"].discard(int(it["role_id"])),
    "member joined": _member_joined,
    "member changed": _member_changed,
    "member left": lambda guilds, it: _guild(guilds, it)["members"].pop(int(it["user_id"])),
    "member banned": lambda guilds, it: _guild(guilds, it)["bans"].update({int(it["user_id"]): it["reason"]}),
    "ban lifted": lambda guilds, it: _guild(guilds, it)["bans"].pop(int(it["user_id"])),
}
