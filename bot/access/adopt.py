"""Makes roles that people hold already the bot's to answer for, where they are due: what was given by hand before.

Without this a role given by hand is never taken, whoever's membership ends (DESIGN §6.2). It is a creator's deliberate
act, shown first: the value that names the people is made by the code that adopts, and the number said yes to must
still be theirs. Only roles that the bot may give, and that a linked fan is due through this very integration.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from bot.access.audit import Audit, stored
from bot.access.desired import Because, Facts, decide
from bot.access.facts import FactsReader
from bot.access.reach import role_trouble
from bot.access.work import Work
from bot.clock import Clock
from bot.database import transaction
from bot.ids import AccountId, FanId, GuildId, IntegrationId, Member, RoleId
from models import Grant, Integration, Link, Stay
from models.access import GrantState, StayState, Urgency

PAGE = 100
_IN = (StayState.IN, StayState.PENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoptable:
    """One person, and the roles they hold that nobody answers for."""

    member: Member
    fan_id: FanId
    username: str
    roles: tuple[RoleId, ...]
    role_names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Whom an adoption would reach, as last seen."""

    integration_id: IntegrationId
    people: tuple[Adoptable, ...]

    @property
    def number(self) -> int:
        """Of people: what is said yes to."""
        return len(self.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    people: int
    roles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberChanged:
    """Others than previewed would be reached by now; nothing was done."""

    preview: Preview


@dataclass(frozen=True, slots=True)
class _Found:
    shown: Adoptable
    because: dict[RoleId, frozenset[Because]]


class Adopt:
    def __init__(self, *, clock: Clock, facts: FactsReader, audit: Audit, work: Work) -> None:
        self._clock = clock
        self._facts = facts
        self._audit = audit
        self._work = work

    async def preview(self, integration_id: IntegrationId) -> Preview:
        people: list[Adoptable] = []
        async for guild_id, page in _pages(integration_id):
            people += [found.shown for found in await self._found(integration_id, guild_id, page)]
        return Preview(integration_id=integration_id, people=tuple(people))

    async def adopt(self, integration_id: IntegrationId, *, number: int) -> Adopted | NumberChanged:
        """Adopt what was previewed, if it still is for this number of people; each is looked at again soon."""
        preview = await self.preview(integration_id)
        if preview.number != number:
            return NumberChanged(preview=preview)
        people, roles = 0, 0
        async for guild_id, page in _pages(integration_id):
            async with transaction():  # what is written follows from facts of the same moment
                found = await self._found(integration_id, guild_id, page)
                for each in found:
                    await self._write(each)
                await self._work.mark((each.shown.member for each in found), urgency=Urgency.BULK)
            people += len(found)
            roles += sum(len(each.shown.roles) for each in found)
        return Adopted(people=people, roles=roles)

    async def _found(
        self, integration_id: IntegrationId, guild_id: GuildId, usernames: dict[AccountId, str]
    ) -> list[_Found]:
        every = await self._facts.about_many(guild_id, list(usernames))
        found = (_found_in(facts, integration_id, usernames[facts.member.account_id]) for facts in every)
        return [each for each in found if each]

    async def _write(self, found: _Found) -> None:
        member, now = found.shown.member, self._clock()
        for role_id, because in found.because.items():
            # GIVEN: the next sighting confirms that it is there, or closes it.
            grant = Grant(
                guild_id=member.guild_id,
                account_id=member.account_id,
                role_id=role_id,
                state=GrantState.GIVEN,
                because=stored(because),
                written_at=now,
            )
            await Grant.bulk_create([grant], ignore_conflicts=True)
            await self._audit.write(
                member, "role_adopted", role_id=role_id, because=because, fan_id=found.shown.fan_id
            )


async def _pages(
    integration_id: IntegrationId,
) -> AsyncIterator[tuple[GuildId, dict[AccountId, str]]]:
    """The linked accounts last seen inside the integration's guild, with their names, a page at a time."""
    integration = await Integration.get_or_none(id=integration_id)
    if integration is None or integration.guild_id is None:
        return
    inside, after = Stay.filter(guild_id=integration.guild_id, state__in=_IN), 0
    while True:
        stays = inside.filter(account_id__gt=after).order_by("account_id").limit(PAGE)
        accounts = [int(str(found)) for found in await stays.values_list("account_id", flat=True)]
        links = await Link.filter(account_id__in=accounts).order_by("account_id")
        yield GuildId(integration.guild_id), {AccountId(link.account_id): link.username for link in links}
        if len(accounts) < PAGE:
            return
        after = accounts[-1]


def _found_in(facts: Facts, integration_id: IntegrationId, username: str) -> _Found | None:
    """What this person holds that is due through the integration and has no grant; None: nothing."""
    desired = decide(facts)
    ours = {
        role_id
        for reason in desired.live
        if reason.because.integration_id == integration_id
        for role_id in reason.role_ids & desired.roles
    }
    granted = {grant.role_id for grant in facts.grants}
    held = sorted(
        role_id
        for role_id in ours & facts.stay.roles - granted
        if role_trouble(facts, desired, role_id) is None
    )
    if not held or facts.fan_id is None:
        return None
    shown = Adoptable(
        member=facts.member,
        fan_id=facts.fan_id,
        username=username,
        roles=tuple(held),
        role_names=_names(facts, held),
    )
    return _Found(shown, {role_id: desired.because(role_id) for role_id in held})


def _names(facts: Facts, role_ids: Iterable[RoleId]) -> tuple[str, ...]:
    return tuple(facts.guild.roles[role_id].name for role_id in role_ids)
