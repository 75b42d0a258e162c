"""Rules of nature: whatever people and the bot try, in whatever order, what is let through is what the documentation lets through.

After every sequence three pictures of the guild have to be one: the sandbox's state, the oracle's, and the fold of the journal.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.discord import fold
from bot.sandbox.discord.limits import Limits
from bot.sandbox.discord.model import Guild
from bot.sandbox.discord.server import Discord
from tests.sandbox.nature import course
from tests.sandbox.nature.hands import Hands
from tests.sandbox.nature.oracle import (
    ADMINISTRATOR,
    BAN,
    INVITE,
    KICK,
    MANAGE_GUILD,
    MANAGE_ROLES,
    Act,
    Oracle,
)

PERSONS, PARTS, SEQUENCES = 5, 4, 750
BY_ANYBODY = (
    "create_role",
    "edit_role",
    "move_role",
    "delete_role",
    "give_role",
    "take_role",
    "kick",
    "ban",
    "unban",
)
BY_BOT = (*BY_ANYBODY, "set_roles", "bring_in")
BY_PERSON = (*BY_ANYBODY, "give_role", "join", "leave", "transfer", "add_bot", "accept", "screen", "pause")
OF_ONESELF = ("join", "leave", "transfer", "accept", "bring_in")
MASKS = (
    0,
    MANAGE_ROLES,
    MANAGE_ROLES | KICK | BAN,
    MANAGE_ROLES | INVITE,
    KICK | MANAGE_GUILD,
    MANAGE_ROLES | KICK | BAN | INVITE | MANAGE_GUILD,
    ADMINISTRATOR,
)

Draw = tuple[bool, int, int, int, int, int]
draws = st.lists(
    st.tuples(
        st.booleans(),
        st.integers(0, 1 << 8),
        st.integers(0, PERSONS),
        st.integers(0, PERSONS),
        st.integers(0, 1 << 8),
        st.integers(0, len(MASKS) - 1),
    ),
    min_size=1,
    max_size=25,
)


class Nature:
    """One sandbox; every sequence has a guild of its own in it."""

    def __init__(self) -> None:
        self._discord = Discord(limits=Limits(enabled=False))
        self._bot = self._discord.state.app.bot_id
        self._persons = [self._discord.state.create_user(f"person{n}").id for n in range(PERSONS)]
        self._hands = Hands(self._discord, self._persons)

    def run(self, sequence: list[Draw]) -> None:
        """Let a sequence happen, and compare."""
        self._discord.journal.entries.clear()
        seen = self._begin()
        for drawn in sequence:
            act = self._act(drawn, seen)
            if act.kind == "move_role" and act.role == act.other:
                continue
            verdict = seen.verdict(act)
            let_through, made = self._hands.carry_out(act, seen)
            assert verdict in {None, let_through}, f"{act} was {'let through' if let_through else 'refused'}"
            if let_through:
                course.happens(seen, act, made)
        guild = self._discord.state.guilds[seen.guild]
        assert shape(guild) == course.picture(seen)
        assert self._folded() == {guild.id: fold.picture(guild)}
        self._hands.people.delete_guild(guild.id)
        assert self._folded() == {}

    def _folded(self) -> fold.Picture:
        return fold.fold(effect for entry in self._discord.journal.entries for effect in entry.effects)

    def _begin(self) -> Oracle:
        """The owner, the bot below a moderator's role, a moderator, two members, one who is not there."""
        people, (owner, moderator, *others) = self._hands.people, self._persons
        guild = people.create_guild(owner, "nature")
        people.add_bot(guild, owner, MANAGE_ROLES | KICK | BAN | INVITE)
        bot_role = self._discord.state.bot_role(self._discord.state.guilds[guild]).id
        role = people.create_role(guild, "moderator", permissions=MANAGE_ROLES | KICK | MANAGE_GUILD)
        people.move_role(guild, role, above=bot_role)
        low = people.create_role(guild, "low")
        for each in (moderator, *others[:-1]):
            people.join(guild, each)
        people.give_role(guild, moderator, role)
        roles = self._discord.state.guilds[guild].roles
        return Oracle(
            guild=guild,
            owner=owner,
            bot=self._bot,
            ladder=[guild, low, bot_role, role],
            permissions={each.id: each.permissions for each in roles.values()},
            members={owner: set(), self._bot: {bot_role}, moderator: {role}}
            | {each: set() for each in others[:-1]},
            bot_role=bot_role,
        )

    def _act(self, drawn: Draw, seen: Oracle) -> Act:
        by_bot, what, who, whom, which, mask = drawn
        kinds = BY_BOT if by_bot else BY_PERSON
        kind = kinds[what % len(kinds)]
        anybody = [*self._persons, self._bot]
        user = self._persons[whom % PERSONS] if kind in OF_ONESELF else anybody[whom]
        return Act(
            kind=kind,
            actor=self._bot if by_bot else self._persons[who % PERSONS],
            user=user,
            role=seen.ladder[which % len(seen.ladder)],
            other=seen.ladder[which // 7 % len(seen.ladder)],
            mask=MASKS[mask],
            flag=bool(what & 64),
        )


def shape(guild: Guild) -> dict[str, Any]:
    """Describe the sandbox's guild in the oracle's words."""
    return {
        "owner": guild.owner_id,
        "ladder": [role.id for role in guild.ladder()],
        "permissions": {role.id: role.permissions for role in guild.roles.values()},
        "members": {member.user_id: member.role_ids for member in guild.members.values()},
        "pending": {member.user_id for member in guild.members.values() if member.pending},
        "bans": set(guild.bans),
        "screening": guild.screening,
        "paused": guild.invites_disabled,
    }


@pytest.mark.timeout(240)
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_forbidden_is_let_through_and_nothing_allowed_refused(
    part: int, record_property: Callable[[str, object], None]
) -> None:
    nature, ran = Nature(), list[int]()

    @settings(max_examples=SEQUENCES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(draws)
    def holds(sequence: list[Draw]) -> None:
        nature.run(sequence)
        ran.append(len(sequence))

    holds()
    record_property("sequences of acts", len(ran))
    record_property("acts", sum(ran))
    assert len(ran) >= SEQUENCES, f"part {part} ran {len(ran)} sequences"
