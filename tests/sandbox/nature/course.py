"""What happens when an act is let through, carried out on the oracle's own picture of the guild."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.sandbox.nature.oracle import Act, Oracle


def happens(it: Oracle, act: Act, made: int | None) -> None:  # noqa: C901, PLR0912  one case for each kind of act
    """Carry out an act; `made` is the id of a role or a message that it brought."""
    match act.kind:
        case "create_role" | "add_bot" if made is not None:
            it.ladder.insert(1, made)
            it.permissions[made] = act.mask
            if act.kind == "add_bot":
                it.bot_role = made
                it.members[it.bot] = {made}
        case "add_bot" if it.bot_role is not None:
            it.permissions[it.bot_role] = act.mask
        case "edit_role":
            it.permissions[act.role] = act.mask
        case "move_role":
            wanted = it.destination(act)
            it.ladder.remove(act.role)
            it.ladder.insert(wanted, act.role)
        case "delete_role":
            _delete(it, act.role)
        case "give_role":
            it.members[act.user].add(act.role)
        case "take_role":
            it.members[act.user].discard(act.role)
        case "set_roles":
            it.members[act.user] = {act.role, act.other}
        case "join" | "bring_in" if act.user not in it.members:
            it.members[act.user] = {act.role} if act.kind == "bring_in" and act.flag else set()
            it.pending |= {act.user} if it.screening else set()
        case "ban":
            it.bans.add(act.user)
            _goes(it, act.user)
        case "leave" | "kick":
            _goes(it, act.user)
        case "unban":
            it.bans.discard(act.user)
        case "transfer":
            it.owner = act.user
        case "accept":
            it.pending.discard(act.user)
        case "screen":
            it.screening = act.flag
        case "pause":
            it.paused = act.flag
        case "overwrite":
            it.overwrites[it.target(act)] = (act.mask, act.deny)
        case "say" if made is not None:
            it.said[made] = act.actor
        case "withdraw":
            del it.said[act.message]


def picture(it: Oracle) -> dict[str, Any]:
    """Describe the guild as far as the oracle knows it."""
    return {
        "owner": it.owner,
        "ladder": it.ladder,
        "permissions": it.permissions,
        "members": it.members,
        "pending": it.pending,
        "bans": it.bans,
        "screening": it.screening,
        "paused": it.paused,
        "overwrites": it.overwrites,
        "may": {user: it.bits_in_channel(user) for user in it.members},
        "said": it.said,
    }


def _delete(it: Oracle, role: int) -> None:
    it.ladder.remove(role)
    del it.permissions[role]
    for roles in it.members.values():
        roles.discard(role)


def _goes(it: Oracle, user: int) -> None:
    if it.members.pop(user, None) is not None and user == it.bot and it.bot_role is not None:
        _delete(it, it.bot_role)
        it.bot_role = None
    it.pending.discard(user)
