"""What Discord's documentation says of who may do what, written down once more without a look at the sandbox's own rules.

Sources: Permissions, *Permission Hierarchy*, *Permission Overwrites* and its pseudocode, *Implicit Permissions*; Guild, Channel and
Message, the page of each endpoint; Guild, *Guild Features* (`INVITES_DISABLED`) and *Membership Screening Object*. An answer of None
means that the documentation is silent.
"""

from __future__ import annotations

from dataclasses import dataclass, field

INVITE, KICK, BAN, ADMINISTRATOR, MANAGE_GUILD, MANAGE_ROLES = 1, 1 << 1, 1 << 2, 1 << 3, 1 << 5, 1 << 28
VIEW, SEND, MANAGE_MESSAGES, READ_HISTORY = 1 << 10, 1 << 11, 1 << 13, 1 << 16
EVERYTHING = (1 << 53) - 1
MOST_ROLES = 250

type Verdict = bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who does what to whom; what an act has no use for is left unread."""

    kind: str
    actor: int
    user: int
    role: int
    other: int
    mask: int
    deny: int
    message: int
    flag: bool


@dataclass(slots=True, kw_only=True)
class Oracle:
    """One guild as it has to be; `ladder` is its roles from @everyone up, `said` who wrote each message of its one channel."""

    guild: int
    channel: int
    owner: int
    bot: int
    ladder: list[int]
    permissions: dict[int, int]
    members: dict[int, set[int]]
    bot_role: int | None = None
    pending: set[int] = field(default_factory=set)
    bans: set[int] = field(default_factory=set)
    overwrites: dict[int, tuple[int, int]] = field(default_factory=dict)
    said: dict[int, int] = field(default_factory=dict)
    screening: bool = False
    paused: bool = False

    def verdict(self, act: Act) -> Verdict:
        """Tell whether the documentation lets it happen."""
        found: Verdict = getattr(self, f"_may_{act.kind}")(act)
        return found

    # Permissions and heights

    def _bits(self, user: int) -> int:
        if user not in self.members:
            return 0
        bits = self.permissions[self.guild]
        for role in self.members[user]:
            bits |= self.permissions[role]
        return EVERYTHING if user == self.owner or bits & ADMINISTRATOR else bits

    def bits_in_channel(self, user: int) -> int:
        """Return what somebody may in the channel, but for what is denied implicitly."""
        bits = self._bits(user)
        if not bits & ADMINISTRATOR:
            for overwritten in self._overwritten(user):
                allow = deny = 0
                for allowed, denied in overwritten:
                    allow, deny = allow | allowed, deny | denied
                bits = bits & ~deny | allow
        return bits

    def _uses(self, act: Act, permission: int) -> bool:
        bits = self.bits_in_channel(act.actor) if act.actor in self.members else 0
        return bool(bits & VIEW and bits & permission)

    def _overwritten(self, user: int) -> list[list[tuple[int, int]]]:
        """What is allowed and denied: to everyone, then to all of the roles together, then to the member."""
        told = ({self.guild}, self.members.get(user, set()), {user})
        return [[self.overwrites[each] for each in whom if each in self.overwrites] for whom in told]

    def _height(self, user: int) -> int:
        if user == self.owner:
            return len(self.ladder)
        return max((self.ladder.index(role) for role in self.members[user]), default=0)

    def _manages_roles(self, act: Act) -> bool:
        return bool(self._bits(act.actor) & MANAGE_ROLES)

    def _below(self, role: int, actor: int) -> bool:
        return self.ladder.index(role) < self._height(actor)

    def _assignable(self, role: int, actor: int) -> bool:
        return role not in {self.guild, self.bot_role} and self._below(role, actor)

    def _overpowers(self, act: Act) -> bool:
        return act.user != self.owner and self._height(act.user) < self._height(act.actor)

    # Roles

    def _may_create_role(self, act: Act) -> Verdict:
        grants_only_own = not act.mask & ~self._bits(act.actor)
        return self._manages_roles(act) and grants_only_own and len(self.ladder) < MOST_ROLES

    def _may_edit_role(self, act: Act) -> Verdict:
        if not self._manages_roles(act) or not self._below(act.role, act.actor):
            return False
        before, own = self.permissions[act.role], self._bits(act.actor)
        if act.mask & ~before & ~own:
            return False
        takes_anothers = before & ~act.mask & ~own
        return None if takes_anothers else True

    def _may_move_role(self, act: Act) -> Verdict:
        if not self._manages_roles(act) or act.role == self.guild:
            return False
        wanted = self.destination(act)
        if wanted == self.ladder.index(act.role):
            return None
        return self._below(act.role, act.actor) and wanted < self._height(act.actor)

    def destination(self, act: Act) -> int:
        """Return the position that a role is dragged to: right above another; the bot names the other's own."""
        if act.actor == self.bot:
            return max(self.ladder.index(act.other), 1)
        return [role for role in self.ladder if role != act.role].index(act.other) + 1

    def _may_delete_role(self, act: Act) -> Verdict:
        return self._manages_roles(act) and self._assignable(act.role, act.actor)

    def _may_give_role(self, act: Act) -> Verdict:
        there = act.user in self.members
        return there and self._manages_roles(act) and self._assignable(act.role, act.actor)

    _may_take_role = _may_give_role

    def _may_set_roles(self, act: Act) -> Verdict:
        if act.user not in self.members or not self._manages_roles(act):
            return False
        return all(
            self._assignable(role, act.actor) for role in self.members[act.user] ^ {act.role, act.other}
        )

    # Members

    def _may_bring_in(self, act: Act) -> Verdict:
        if not self._bits(act.actor) & INVITE:
            return False
        if act.user in self.members:
            return True
        if act.user in self.bans or self.paused:
            return False
        return not act.flag or (self._manages_roles(act) and self._assignable(act.role, act.actor))

    def _may_join(self, act: Act) -> Verdict:
        return act.user in self.members or (act.user not in self.bans and not self.paused)

    def _may_leave(self, act: Act) -> Verdict:
        return act.user in self.members and act.user != self.owner

    def _may_kick(self, act: Act) -> Verdict:
        there = act.user in self.members
        return bool(self._bits(act.actor) & KICK) and there and self._overpowers(act)

    def _may_ban(self, act: Act) -> Verdict:
        return bool(self._bits(act.actor) & BAN) and (act.user not in self.members or self._overpowers(act))

    def _may_unban(self, act: Act) -> Verdict:
        return bool(self._bits(act.actor) & BAN) and act.user in self.bans

    def _may_add_bot(self, act: Act) -> Verdict:
        if not self._bits(act.actor) & MANAGE_GUILD:
            return False
        return None if self.bot in self.bans else True

    # The server

    def _may_transfer(self, act: Act) -> Verdict:
        return act.actor == self.owner and act.user in self.members

    def _may_accept(self, act: Act) -> Verdict:
        return act.user in self.members

    def _may_screen(self, act: Act) -> Verdict:
        return bool(self._bits(act.actor) & MANAGE_GUILD)

    _may_pause = _may_screen

    # The channel

    def target(self, act: Act) -> int:
        """Return whom an overwrite is about: a member, or else a role."""
        return act.user if act.flag and act.user in self.members else act.role

    def _may_overwrite(self, act: Act) -> Verdict:
        if not self._uses(act, MANAGE_ROLES):
            return False
        own, asked = self._bits(act.actor), act.mask | act.deny
        if asked & MANAGE_ROLES:
            return bool(own & ADMINISTRATOR)
        may_any = any(allow & MANAGE_ROLES for each in self._overwritten(act.actor) for allow, _ in each)
        return may_any or not asked & ~own

    def _may_say(self, act: Act) -> Verdict:
        return self._uses(act, SEND)

    def _may_read(self, act: Act) -> Verdict:
        return self._uses(act, READ_HISTORY)

    def _may_withdraw(self, act: Act) -> Verdict:
        if act.message not in self.said:
            return False
        own = self.said[act.message] == act.actor
        return self._uses(act, VIEW if own else MANAGE_MESSAGES)
