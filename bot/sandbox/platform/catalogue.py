"""Who sells what to whom: making, renaming, withdrawing and deleting creators, tiers and fans."""

from dataclasses import replace

from .records import Creator, Fan, Json, Membership, Tier
from .state import RefusedError, State, UnknownError


class Catalogue:
    def __init__(self, state: State) -> None:
        self.state = state

    def create_creator(self, name: str, locale: str | None = None) -> Json:
        record = Creator(id=self.state.next_id("creator"), display_name=name, locale=locale)
        return self.state.save(record).snapshot()

    def create_fan(self, name: str, locale: str | None = None) -> Json:
        record = Fan(id=self.state.next_id("fan"), display_name=name, locale=locale)
        return self.state.save(record).snapshot()

    def create_tier(self, creator: str, name: str, price: Json | None = None) -> Json:
        seller = self.state.living(Creator, creator)
        record = Tier(id=self.state.next_id("tier"), creator_id=seller.id, name=name, price=price)
        return self.state.save(record).snapshot()

    def rename(self, record_id: str, name: str) -> Json:
        """A new name for a creator, a tier or a fan; membership snapshots carry it from their next change on."""
        match self.state.records.get(record_id):
            case Tier(deleted=False) as tier:
                return self.state.save(tier, name=name).snapshot()
            case Creator(deleted=False) | Fan(deleted=False) as person:
                return self.state.save(person, display_name=name).snapshot()
            case None:
                raise UnknownError(f"there is nothing with the id {record_id!r}")
            case _:
                raise RefusedError(f"{record_id!r} cannot be renamed")

    def withdraw_tier(self, tier: str) -> Json:
        """No longer sold, but still there."""
        return self.state.save(self.state.living(Tier, tier), active=False).snapshot()

    def delete_tier(self, tier: str) -> Json:
        return self.state.save(self.state.living(Tier, tier), deleted=True).snapshot()

    def delete_creator(self, creator: str) -> Json:
        return self.state.save(self.state.living(Creator, creator), deleted=True).snapshot()

    def delete_fan(self, fan: str) -> Json:
        """Erase a fan: their memberships go silently with them, only `fan.deleted` is announced."""
        leaving = self.state.living(Fan, fan)
        for membership in self.state.all(Membership):
            if membership.fan_id == leaving.id:
                self.state.records[membership.id] = replace(membership, deleted=True)
        return self.state.save(leaving, deleted=True).snapshot()
