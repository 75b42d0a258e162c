"""How many members are in hand at once, and how many of one guild: never more than are left for the others.

Discord's limits are each guild's own: the members of one crowd stand in one line there, and if they held all slots,
every other guild would wait for that line. By this rule n busy guilds come to hold one part in n + 1 each, so a guild that
was quiet finds room at once, however long the lines of the others are; and one that is alone has half.
"""

from collections import Counter
from collections.abc import Sequence

from bot.access.work import Waiting
from bot.ids import GuildId


class Slots:
    def __init__(self, number: int) -> None:
        self._number = number
        self._held: Counter[GuildId] = Counter()

    @property
    def free(self) -> int:
        return self._number - self._held.total()

    def full(self) -> list[GuildId]:
        """The guilds of which nobody may be taken in hand now."""
        return [guild_id for guild_id, held in self._held.items() if held >= self.free]

    def choose(self, waiting: Sequence[Waiting]) -> list[Waiting]:
        """Those who may be taken in hand together, in their order."""
        held, free = self._held.copy(), self.free
        chosen = []
        for each in waiting:
            if held[each.guild_id] < free:
                held[each.guild_id] += 1
                free -= 1
                chosen.append(each)
        return chosen

    def hold(self, guild_id: GuildId) -> None:
        self._held[guild_id] += 1

    def give_back(self, guild_id: GuildId) -> None:
        self._held[guild_id] -= 1
        if not self._held[guild_id]:
            del self._held[guild_id]
