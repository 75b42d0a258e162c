"""What the bot answers for: written before the call, settled after it, believed only when it is seen.

A grant begins as an intent, and an intent is only written after a read of the same pass showed the role absent; so
whatever is there later was ours, also when the process died in between, and a role given by hand never becomes one.
A grant is closed by seeing the role gone, never by Discord's 204; the bot's own absence closes nothing.
"""

from datetime import datetime
from typing import Any

from bot.access.audit import Audit, stored
from bot.access.changes import Depart, Give, Join, Keep, PutOut, Reprieve, Spare, Take
from bot.access.desired import Desired, Facts
from bot.access.facts import reasons_of
from bot.clock import Clock
from bot.config import Config
from bot.database import transaction
from bot.discord.observed import Observed
from bot.discord.outcomes import AlreadySo, Applied, NeedsPerson, Outcome, RetryAfter
from bot.ids import Member, RoleId
from models import Departure, Grant, Stay
from models.access import GrantState, StayState

type Call = Join | Give | Take | PutOut
type Decision = Keep | Depart | Spare | Reprieve

_IN = {StayState.IN, StayState.PENDING}
BANNED = "banned"


class Ledger:
    def __init__(self, clock: Clock, config: Config, audit: Audit) -> None:
        self._clock = clock
        self._kick_delay = config.kick_delay
        self._audit = audit

    # --- what was seen ---------------------------------------------------------------------------

    async def note(self, member: Member, observed: Observed) -> None:
        """Record a sighting: the stay, the grants that are there, the grants that are gone."""
        async with transaction():
            await self._note_stay(member, observed)
            await self._note_grants(member, observed)

    async def _note_stay(self, member: Member, observed: Observed) -> None:
        stay = await _stay(member)
        was_in = stay.state in _IN
        if observed.present:
            await self._note_present(stay, observed, was_in=was_in)
        elif was_in:
            await self._note_gone(member, stay)
        else:
            stay.state = StayState.BANNED if stay.trouble == BANNED else StayState.ABSENT
        stay.join_intended_at = None
        stay.seen_roles, stay.boosting = sorted(int(role_id) for role_id in observed.roles), observed.boosting
        await stay.save()

    async def _note_present(self, stay: Stay, observed: Observed, *, was_in: bool) -> None:
        if not was_in:
            # An unsettled join of ours is what brought them in; otherwise they came by themselves.
            stay.begun_by_us = stay.join_intended_at is not None
            stay.trouble = stay.trouble_at = None
        stay.state, stay.seen_at = observed.state, self._clock()
        stay.left_at = stay.put_out_at = None

    async def _note_gone(self, member: Member, stay: Stay) -> None:
        put_out = await Departure.exists(**_key(member), intended_at__isnull=False)
        if put_out:
            stay.put_out_at = self._clock()
        else:
            # When they were last seen in: a press between then and now already asks to come back.
            stay.left_at = stay.seen_at or self._clock()
        stay.state, stay.begun_by_us = StayState.ABSENT, False
        stay.trouble = stay.trouble_at = None
        await self._audit.write(member, "put_out_seen" if put_out else "left_seen")

    async def _note_grants(self, member: Member, observed: Observed) -> None:
        grants = await Grant.filter(**_key(member))
        here = [grant for grant in grants if observed.present and grant.role_id in observed.roles]
        for grant in here:
            if grant.state is GrantState.INTENDED:  # a join's, or one whose answer was lost
                why, role_id = reasons_of(grant.because), RoleId(grant.role_id)
                await self._audit.write(member, "role_given", role_id=role_id, because=why)
        if here:
            ids = [grant.id for grant in here]
            await Grant.filter(id__in=ids).update(state=GrantState.SEEN, seen_at=self._clock())
        for grant in grants:
            if grant not in here:
                await self._close(member, grant)

    async def _close(self, member: Member, grant: Grant) -> None:
        await grant.delete()
        if grant.state is not GrantState.INTENDED:
            reasons = reasons_of(grant.because)
            await self._audit.write(member, "role_gone", role_id=RoleId(grant.role_id), because=reasons)

    async def remember(self, facts: Facts, desired: Desired) -> bool:
        """While a role is due, keep its grant's reasons as they are now; while any is live, whose policy ends it.

        Answers whether anything was written.
        """
        key, wrote = _key(facts.member), False
        for grant in facts.grants:
            because = desired.because(grant.role_id)
            if because and (grant.kept or grant.because != because):
                row = Grant.filter(**key, role_id=grant.role_id)
                await row.update(because=stored(because), kept_at=None)
                wrote = True
        last = max(desired.live, key=lambda reason: (reason.until, reason.because), default=None)
        if last and last.because.integration_id != facts.stay.last_integration_id:
            await Stay.filter(**key).update(last_integration_id=last.because.integration_id)
            wrote = True
        return wrote

    # --- what is done ----------------------------------------------------------------------------

    async def intend(self, facts: Facts, desired: Desired, change: Call) -> None:
        """Write what is about to be done, so that a crash leaves a question and not a blank."""
        member = facts.member
        async with transaction():
            match change:
                case Join(roles=roles):
                    await _stay(member)
                    await Stay.filter(**_key(member)).update(join_intended_at=self._clock())
                    for role_id in roles:
                        await self._intend_grant(member, desired, role_id)
                case Give(role_id=role_id):
                    await self._intend_grant(member, desired, role_id)
                case PutOut():
                    await Departure.filter(**_key(member)).update(intended_at=self._clock())
                case Take():
                    pass  # its grant is the intent, and stays until the role is seen gone

    async def _intend_grant(self, member: Member, desired: Desired, role_id: RoleId) -> None:
        because = stored(desired.because(role_id))
        await Grant.update_or_create(
            defaults={"state": GrantState.INTENDED, "because": because, "written_at": self._clock()},
            **_key(member),
            role_id=role_id,
        )

    async def settle(self, facts: Facts, desired: Desired, change: Call, outcome: Outcome) -> None:
        """Record what Discord said; after a ``RetryAfter`` nobody knows, and the intent stays."""
        if isinstance(outcome, RetryAfter):
            return
        said_yes = isinstance(outcome, Applied | AlreadySo)
        async with transaction():
            match change:
                case Join(roles=roles):
                    await self._settle_join(facts.member, roles, said_yes=said_yes)
                case Give(role_id=role_id):
                    await self._settle_grants(facts.member, (role_id,), said_yes=said_yes)
                case PutOut() if isinstance(outcome, NeedsPerson):
                    await Departure.filter(**_key(facts.member)).update(intended_at=None)
            await self._record(facts, desired, change, outcome)

    async def _settle_join(self, member: Member, roles: tuple[RoleId, ...], *, said_yes: bool) -> None:
        """A yes leaves the roles' intents open: Discord may have let them in without; the next read says."""
        stay = await _stay(member)
        stay.join_intended_at = None
        if said_yes:
            stay.state, stay.seen_at, stay.begun_by_us = StayState.IN, self._clock(), True
            stay.left_at = stay.put_out_at = stay.trouble = stay.trouble_at = None
        else:
            await self._settle_grants(member, roles, said_yes=False)
        await stay.save()

    async def _settle_grants(self, member: Member, roles: tuple[RoleId, ...], *, said_yes: bool) -> None:
        intents = Grant.filter(**_key(member), role_id__in=list(roles), state=GrantState.INTENDED)
        await (intents.update(state=GrantState.GIVEN) if said_yes else intents.delete())

    async def _record(self, facts: Facts, desired: Desired, change: Call, outcome: Outcome) -> None:
        about, fan_id = facts.member, facts.fan_id
        match change:
            case Join():
                reasons = [reason.because for reason in desired.live]
                await self._audit.write(about, "joined", outcome=outcome, because=reasons, fan_id=fan_id)
            case PutOut():
                await self._audit.write(about, "put_out", outcome=outcome, fan_id=fan_id)
            case Give() | Take():
                action = "role_given" if isinstance(change, Give) else "role_taken"
                why, role_id = change.because, change.role_id
                await self._audit.write(
                    about, action, outcome=outcome, role_id=role_id, because=why, fan_id=fan_id
                )

    async def unseen(self) -> tuple[int, datetime | None]:
        """How many grants nobody has seen on their member yet, and since when the oldest of them waits."""
        unseen = Grant.exclude(state=GrantState.SEEN)
        oldest = await unseen.order_by("written_at").first()
        return await unseen.count(), oldest.written_at if oldest else None

    # --- what is decided without a call ----------------------------------------------------------

    async def decide(self, facts: Facts, change: Decision) -> None:
        """Record a decision that needs no call."""
        member, now = facts.member, self._clock()
        async with transaction():
            match change:
                case Keep(role_id=role_id):
                    await Grant.filter(**_key(member), role_id=role_id).update(kept_at=now)
                    await self._audit.write(member, "role_kept", role_id=role_id, fan_id=facts.fan_id)
                case Depart(integration_id=integration_id):
                    values: dict[str, Any] = {"decide_at": now + self._kick_delay, "spared": None}
                    values |= {"integration_id": integration_id, "intended_at": None, "farewell_at": None}
                    await Departure.update_or_create(defaults=values, **_key(member))
                    await self._audit.write(member, "departure_decided", fan_id=facts.fan_id)
                case Spare(integration_id=integration_id, why=why):
                    values = {"decide_at": now, "spared": why, "integration_id": integration_id}
                    await Departure.update_or_create(defaults=values, **_key(member))
                    await self._audit.write(member, "spared", fan_id=facts.fan_id, detail=why)
                case Reprieve():
                    await Departure.filter(**_key(member)).delete()

    async def departure(self, member: Member) -> Departure | None:
        return await Departure.filter(**_key(member)).first()

    async def said_farewell(self, member: Member) -> None:
        await Departure.filter(**_key(member)).update(farewell_at=self._clock())

    async def trouble(self, member: Member, why: str | None) -> None:
        """Keep what stands in the way, or that nothing does any more."""
        stay = await _stay(member)
        if stay.trouble == why and why is None:
            return
        stay.trouble, stay.trouble_at = why, self._clock() if why else None
        await stay.save(update_fields=["trouble", "trouble_at"])


async def _stay(member: Member) -> Stay:
    stay, _ = await Stay.get_or_create(defaults={"state": StayState.ABSENT}, **_key(member))
    return stay


def _key(member: Member) -> dict[str, Any]:
    return {"guild_id": int(member.guild_id), "account_id": int(member.account_id)}
