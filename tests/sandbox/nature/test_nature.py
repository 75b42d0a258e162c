"""Rules of nature: whatever people and the bot try, in whatever order, what is let through is what the documentation lets through.

After every sequence three pictures of the guild have to be one: the sandbox's state, the oracle's, and the fold of the journal. At the
end each kind of act has to have been allowed and refused, by people and by the bot: a rule that no sequence comes to is not held.
"""

from collections import Counter
from collections.abc import Callable
from itertools import batched
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.discord import fold, permissions
from bot.sandbox.discord.limits import Limits
from bot.sandbox.discord.model import Guild, Message
from bot.sandbox.discord.server import Discord
from tests.sandbox.nature import course
from tests.sandbox.nature.hands import Hands
from tests.sandbox.nature.oracle import (
    ADMINISTRATOR,
    BAN,
    INVITE,
    KICK,
    MANAGE_GUILD,
    MANAGE_MESSAGES,
    MANAGE_ROLES,
    READ_HISTORY,
    SEND,
    VIEW,
    Act,
    Oracle,
    Verdict,
)

PERSONS, PARTS, SEQUENCES = 5, 4, 750
FEWEST, MOST, BYTES = 12, 25, 8
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
    "say",
)
BY_BOT = (*BY_ANYBODY, "set_roles", "bring_in", "read", "withdraw")
BY_PERSON = (*BY_ANYBODY, "join", "leave", "transfer", "add_bot", "accept", "screen", "pause", "overwrite")
OFTEN = ("give_role", "move_role", "ban", "unban")
OFTEN_BY_PERSON = (*OFTEN, "overwrite", "overwrite", "overwrite", "overwrite")
OF_ONESELF = ("join", "leave", "transfer", "accept", "bring_in")
OF_THE_BANNED = ("unban", "join", "bring_in", "add_bot")
IN_CHANNEL = VIEW | SEND | READ_HISTORY
MASKS = (
    0,
    VIEW,
    MANAGE_ROLES | IN_CHANNEL,
    MANAGE_ROLES | KICK | BAN,
    MANAGE_ROLES | INVITE | IN_CHANNEL,
    KICK | MANAGE_GUILD | MANAGE_MESSAGES,
    MANAGE_ROLES | KICK | BAN | INVITE | MANAGE_GUILD | IN_CHANNEL,
    ADMINISTRATOR,
)
IN_OVERWRITES = (0, VIEW, SEND, IN_CHANNEL, IN_CHANNEL, MANAGE_MESSAGES, MANAGE_ROLES)

sequences = st.binary(min_size=FEWEST * BYTES, max_size=MOST * BYTES)
"""Eight bytes make an act: drawn one by one, they would cost more than all that is done with them."""


class Nature:
    """One sandbox; every sequence has a guild of its own in it."""

    def __init__(self) -> None:
        self._discord = Discord(limits=Limits(enabled=False))
        self._bot = self._discord.state.app.bot_id
        self._persons = [self._discord.state.create_user(f"person{n}").id for n in range(PERSONS)]
        self._hands = Hands(self._discord, self._persons)
        self.judged: Counter[tuple[str, str, Verdict]] = Counter()

    def run(self, sequence: bytes) -> None:
        """Let a sequence happen, and compare."""
        self._discord.journal.entries.clear()
        seen, acts = self._begin(), list[Act]()
        for drawn in batched(sequence[: len(sequence) // BYTES * BYTES], BYTES):
            act = self._act(drawn, seen)
            if act.kind == "move_role" and act.role == act.other:
                continue
            acts.append(act)
            verdict = seen.verdict(act)
            self.judged["the bot" if act.actor == self._bot else "somebody", act.kind, verdict] += 1
            let_through, made = self._hands.carry_out(act, seen)
            assert verdict in {None, let_through}, told(acts, "let through" if let_through else "refused")
            if let_through:
                course.happens(seen, act, made)
        guild = self._discord.state.guilds[seen.guild]
        said = self._discord.state.messages.get(seen.channel, {})
        assert shape(guild, said) == course.picture(seen), told(acts, "another picture")
        assert self._folded() == {guild.id: fold.picture(guild)}, told(acts, "another picture")
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
        low, lowest = people.create_role(guild, "low"), people.create_role(guild, "lowest")
        for each in (moderator, *others[:-1]):
            people.join(guild, each)
        people.give_role(guild, moderator, role)
        found = self._discord.state.guilds[guild]
        return Oracle(
            guild=guild,
            channel=next(iter(found.channels)),
            owner=owner,
            bot=self._bot,
            ladder=[guild, lowest, low, bot_role, role],
            permissions={each.id: each.permissions for each in found.roles.values()},
            members={owner: set(), self._bot: {bot_role}, moderator: {role}}
            | {each: set() for each in others[:-1]},
            bot_role=bot_role,
        )

    def _act(self, drawn: tuple[int, ...], seen: Oracle) -> Act:
        what, who, whom, which, other, mask, deny, flags = drawn
        by_bot = flags % 5 < 2
        kinds = (*BY_BOT, *OFTEN) if by_bot else (*BY_PERSON, *OFTEN_BY_PERSON)
        kind = kinds[what % len(kinds)]
        ladder, messages = seen.ladder, list(seen.said)
        masks = IN_OVERWRITES if kind == "overwrite" else MASKS
        return Act(
            kind=kind,
            actor=self._bot if by_bot else [*self._persons, seen.owner, seen.owner][who % (PERSONS + 2)],
            user=self._user(kind, whom, seen),
            role=seen.guild if kind == "overwrite" and deny & 1 else ladder[which % len(ladder)],
            other=ladder[other % len(ladder)],
            mask=masks[mask % len(masks)],
            deny=masks[deny % len(masks)],
            message=messages[other % len(messages)] if messages else 0,
            flag=flags >= 1 << 7,
        )

    def _user(self, kind: str, whom: int, seen: Oracle) -> int:
        """Anybody; but every other time that it is about the banned, one of them, if there is one."""
        banned = sorted(seen.bans - {self._bot}) if kind in OF_ONESELF else sorted(seen.bans)
        if kind in OF_THE_BANNED and banned and whom >= 1 << 7:
            return banned[whom % len(banned)]
        anybody = self._persons if kind in OF_ONESELF else [*self._persons, self._bot]
        return anybody[whom % len(anybody)]


def told(acts: list[Act], end: str) -> str:
    return "\n".join((*map(str, acts), end))


def shape(guild: Guild, said: dict[int, Message]) -> dict[str, Any]:
    """Describe the sandbox's guild in the oracle's words."""
    (channel,) = guild.channels.values()
    return {
        "owner": guild.owner_id,
        "ladder": [role.id for role in guild.ladder()],
        "permissions": {role.id: role.permissions for role in guild.roles.values()},
        "members": {member.user_id: member.role_ids for member in guild.members.values()},
        "pending": {member.user_id for member in guild.members.values() if member.pending},
        "bans": set(guild.bans),
        "screening": guild.screening,
        "paused": guild.invites_disabled,
        "overwrites": {
            int(each["id"]): (int(each["allow"]), int(each["deny"])) for each in channel.overwrites
        },
        "may": {
            member.user_id: permissions.in_channel(guild, member, channel)
            for member in guild.members.values()
        },
        "said": {message.id: message.author_id for message in said.values()},
    }


@pytest.mark.timeout(240)
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_forbidden_is_let_through_and_nothing_allowed_refused(
    part: int, record_property: Callable[[str, object], None]
) -> None:
    nature, ran = Nature(), list[int]()

    @settings(max_examples=SEQUENCES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(sequences)
    def holds(sequence: bytes) -> None:
        nature.run(sequence)
        ran.append(len(sequence) // BYTES)

    holds()
    record_property("sequences of acts", len(ran))
    record_property("acts", sum(ran))
    assert len(ran) >= SEQUENCES, f"part {part} ran {len(ran)} sequences"
    every = {("the bot", kind) for kind in BY_BOT} | {("somebody", kind) for kind in BY_PERSON}
    wanted = {(who, kind, verdict) for who, kind in every for verdict in (True, False)}
    assert wanted <= nature.judged.keys(), f"never judged: {wanted - nature.judged.keys()}"
