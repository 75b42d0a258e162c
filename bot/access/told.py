"""What the platform and the fan are told, once each time it becomes true.

The stay remembers, for each integration, what was last told; a pass compares that with what it saw and tells the
difference, in one transaction with the memory of it. Nothing is called granted that was not seen, and nothing revoked
while it is still there.
"""

from dataclasses import dataclass
from typing import Any

from bot.access.changes import Trouble, TroubleKind
from bot.access.desired import IntegrationFact
from bot.access.ports import EventType, Notices, Tell
from bot.access.view import View
from bot.clock import Clock
from bot.database import transaction
from bot.ids import FanId, IntegrationId, RoleId
from models import Stay

GRANTED = "granted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Tells; built once."""

    clock: Clock
    platform: Tell
    notices: Notices

    async def tell(self, seen: View, trouble: str | None = None) -> None:
        """Tell what has changed for this member; ``trouble``: why Discord refused something in this pass."""
        key = {"guild_id": int(seen.member.guild_id), "account_id": int(seen.member.account_id)}
        stay = await Stay.filter(**key).first()
        before: dict[str, Any] = stay.told if stay else {}
        after = _news(seen, before, trouble)
        if stay is None or after == before:
            return
        async with transaction():
            for integration in seen.facts.integrations:
                was, now = before.get(str(integration.id)), after.get(str(integration.id))
                if was != now:
                    await self._tell_one(seen, integration, was, now)
            await Stay.filter(**key).update(told=after)

    async def _tell_one(
        self, seen: View, integration: IntegrationFact, was: dict[str, Any] | None, now: dict[str, Any] | None
    ) -> None:
        if now is None:
            if was and was["granted"]:
                await self._event("access.revoked", seen, integration, was, "ended")
            return
        if now["state"] == GRANTED and (was is None or not was["granted"] or was["roles"] != now["roles"]):
            await self._event("access.granted", seen, integration, now, "membership")
            if was is None or not was["granted"]:
                await self._welcome(seen, integration, now)
        elif now["state"] != GRANTED and (was is None or was["state"] != now["state"]):
            await self._event("access.failed", seen, integration, now, now["state"])

    async def _event(
        self, event: EventType, seen: View, integration: IntegrationFact, entry: dict[str, Any], reason: str
    ) -> None:
        guild, at = seen.facts.guild, self.clock().isoformat()
        data = {
            "fan_id": entry["fan_id"],
            "creator_id": integration.creator_id,
            "integration": {"id": str(integration.id), "name": integration.name},
            "membership_ids": entry["membership_ids"],
            "server": {"id": str(guild.id), "name": guild.name},
            "roles": _names(seen, entry["roles"]),
            "at": at,
            "reason": reason,
        }
        key = f"{event}:{integration.id}:{seen.member.account_id}:{at}"
        await self.platform.tell(event, key, FanId(entry["fan_id"]), data)

    async def _welcome(self, seen: View, integration: IntegrationFact, entry: dict[str, Any]) -> None:
        await self.notices.welcome(
            seen.member,
            key=f"welcome:{integration.id}:{seen.member.account_id}:{self.clock().isoformat()}",
            fan_id=FanId(entry["fan_id"]),
            guild_name=seen.facts.guild.name,
            roles=_names(seen, entry["roles"]),
        )


def _news(seen: View, before: dict[str, Any], trouble: str | None) -> dict[str, Any]:
    """What is to be remembered as told after this pass."""
    after = {}
    for integration in seen.facts.integrations:
        was = before.get(str(integration.id))
        entry = _of_live(seen, integration.id, was, trouble) or _of_ended(seen, was, trouble)
        if entry:
            after[str(integration.id)] = entry
    return after


def _of_live(
    seen: View, integration_id: IntegrationId, was: dict[str, Any] | None, trouble: str | None
) -> dict[str, Any] | None:
    reasons = [reason for reason in seen.desired.live if reason.because.integration_id == integration_id]
    if not reasons or seen.facts.fan_id is None:
        return None
    due = {role_id for reason in reasons for role_id in reason.role_ids} & seen.desired.roles
    entry = {
        "state": GRANTED,
        "granted": True,
        "fan_id": str(seen.facts.fan_id),
        "membership_ids": sorted(str(reason.because.membership_id) for reason in reasons),
        "roles": sorted(int(role_id) for role_id in due),
    }
    broken = any(reason.broken for reason in reasons)
    if seen.observed.present and due <= seen.observed.roles and not broken:
        return entry
    why = _why_not(seen.plan.troubles, due) or trouble
    if why is None:
        return was
    return {**entry, "state": why, "granted": bool(was and was["granted"])}


def _why_not(troubles: tuple[Trouble, ...], due: set[RoleId]) -> str | None:
    """The trouble that concerns these roles, or the way in; who left by themselves is no failure."""
    ours = [t for t in troubles if t.role_id is None or t.role_id in due]
    worth_telling = [t for t in ours if t.kind is not TroubleKind.LEFT]
    return next((t.detail or str(t.kind) for t in worth_telling), None)


def _of_ended(seen: View, was: dict[str, Any] | None, trouble: str | None) -> dict[str, Any] | None:
    """None: nothing is left of it. Otherwise it was told of, and is still there."""
    if was is None or not was["granted"] or not seen.observed.present:
        return None
    ours = {grant.role_id for grant in seen.facts.grants if not grant.kept}
    still = ours & seen.observed.roles & {RoleId(role_id) for role_id in was["roles"]} - seen.desired.roles
    stuck = [t for t in seen.plan.troubles if t.kind is TroubleKind.STILL_HAS_ACCESS and t.role_id in still]
    if still and (stuck or trouble):
        return {**was, "state": str(TroubleKind.STILL_HAS_ACCESS)}
    leaving = seen.facts.departure is not None and not seen.facts.departure.spared
    return was if still or (not was["roles"] and leaving) else None


def _names(seen: View, role_ids: list[int]) -> list[str]:
    roles = seen.facts.guild.roles
    return [roles[RoleId(role_id)].name for role_id in role_ids if RoleId(role_id) in roles]
