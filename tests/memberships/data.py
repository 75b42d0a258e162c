"""Snapshots as the platform sends them; each argument changes a field, ``...`` takes it away."""

from typing import Any

type Json = dict[str, Any]


def creator(version: Any = 1, **changes: Any) -> Json:
    return _made({"id": "ana", "version": version, "display_name": "Ana"}, changes)


def fan(version: Any = 1, **changes: Any) -> Json:
    return _made({"id": "bob", "version": version, "display_name": "Bob", "locale": "de"}, changes)


def tier(version: Any = 1, **changes: Any) -> Json:
    price = {"amount": 500, "currency": "EUR", "interval": "month"}
    whole = {
        "id": "gold",
        "version": version,
        "creator_id": "ana",
        "name": "Gold",
        "price": price,
        "active": True,
    }
    return _made(whole, changes)


def membership(version: Any = 1, **changes: Any) -> Json:
    whole = {
        "id": "m1",
        "version": version,
        "fan": {"id": "bob", "display_name": "bobby", "locale": "de"},
        "creator": {"id": "ana", "display_name": "ana"},
        "tier": {"id": "gold", "name": "gold"},
        "status": "active",
        "paid_until": "2026-12-22T12:00:00Z",
        "updated_at": "2026-11-22T12:00:00Z",
    }
    return _made(whole, changes)


def _made(whole: Json, changes: Json) -> Json:
    return {name: value for name, value in (whole | changes).items() if value is not ...}
