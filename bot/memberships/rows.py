"""The few writes that versions, tombstones and mentioned names need, said once for every kind of object.

Each is one compare-and-set, so that two events about one object cannot overtake each other between a read and a
write; where two processes create one row at once, the loser's transaction fails whole and is tried again.
"""

from datetime import datetime
from typing import Any

from bot.memberships.contract import MembershipSnapshot, shown, shown_locale
from models import Creator, Fan, Membership, Tier, Tombstone

NAME_ONLY = -1
"""The version of a row that is known only because somebody mentioned its name."""

type Kept = type[Creator | Tier | Fan | Membership]


def kind_of(model: Kept) -> str:
    return model.__name__.lower()


async def put(model: Kept, object_id: str, version: int, values: dict[str, Any]) -> bool:
    """Write a row unless the stored version is as high; say whether it was written."""
    if await model.filter(id=object_id, version__lt=version).update(version=version, **values):
        return True
    if await model.exists(id=object_id):
        return False
    await model.create(id=object_id, version=version, **values)
    return True


async def overwrite(
    model: Kept, object_id: str, version: int, values: dict[str, Any], *, deleted_at: datetime | None = None
) -> None:
    """Write a row as its deletion left it, whatever is stored; the first deletion's time stays."""
    if not await model.filter(id=object_id).update(version=version, **values):
        await model.create(id=object_id, version=version, **values)
    if deleted_at:
        await model.filter(id=object_id, deleted_at__isnull=True).update(deleted_at=deleted_at)


async def is_buried(model: Kept, object_id: str) -> bool:
    return await Tombstone.exists(kind=kind_of(model), object_id=object_id)


async def is_erased(fan_id: str | None) -> bool:
    """Whether this fan was deleted, and nothing but the tombstone is kept any more."""
    return fan_id is not None and await is_buried(Fan, fan_id) and not await Fan.exists(id=fan_id)


async def bury(model: Kept, object_id: str, version: int, now: datetime) -> bool:
    """Set or raise a tombstone; False: one of this version or a higher one stands already."""
    stone = Tombstone.filter(kind=kind_of(model), object_id=object_id)
    if await stone.filter(version__lt=version).update(version=version):
        return True
    if await stone.exists():
        return False
    await Tombstone.create(kind=kind_of(model), object_id=object_id, version=version, at=now)
    return True


class Known:
    """Fills in names that a membership, or a hand-over, mentions: only where nothing better is known."""

    async def names_in(self, snapshot: MembershipSnapshot) -> None:
        fan, creator, tier = snapshot.fan, snapshot.creator, snapshot.tier
        await self.person(Fan, fan.id, fan.display_name, fan.locale)
        await self.person(Creator, creator.id, creator.display_name, creator.locale)
        if not await is_buried(Tier, tier.id) and not await Tier.exists(id=tier.id):
            await Tier.create(
                id=tier.id,
                creator_id=creator.id,
                name=shown(tier.name),
                active=not await is_buried(Creator, creator.id),
                version=NAME_ONLY,
            )

    async def person(self, model: type[Creator | Fan], person_id: str, name: str, locale: str | None) -> bool:
        """Know somebody by name; False: they are deleted, and stay unknown."""
        if await is_buried(model, person_id):
            return False
        row = await model.get_or_none(id=person_id)
        if row is None:
            await model.create(
                id=person_id, display_name=shown(name), locale=shown_locale(locale), version=NAME_ONLY
            )
        elif row.version == NAME_ONLY and row.locale is None and shown_locale(locale):
            await model.filter(id=person_id, version=NAME_ONLY).update(locale=shown_locale(locale))
        return True
