"""One time has one text: SQLite compares instants as text, in whatever offset they were given."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from models.identity import PersonKind, Session

NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)
SYDNEY = timezone(timedelta(hours=10))

pytestmark = pytest.mark.usefixtures("database")


async def a_session(expires_at: datetime) -> None:
    await Session.create(
        id_hash="a", kind=PersonKind.FAN, person_id="f", name="Bea", created_at=NOON, expires_at=expires_at
    )


async def test_an_instant_is_found_whatever_offset_it_was_written_with() -> None:
    await a_session(NOON.astimezone(SYDNEY))
    assert await Session.filter(expires_at__lte=NOON).exists()
    assert not await Session.filter(expires_at__lt=NOON).exists()


async def test_an_instant_is_found_whatever_offset_is_asked_in() -> None:
    await a_session(NOON)
    assert await Session.filter(expires_at__lte=NOON.astimezone(SYDNEY)).exists()
    assert not await Session.filter(expires_at__lt=NOON.astimezone(SYDNEY)).exists()


async def test_an_instant_changed_in_place_is_the_same_instant() -> None:
    await a_session(NOON - timedelta(days=1))
    await Session.all().update(expires_at=NOON.astimezone(SYDNEY))
    assert not await Session.filter(expires_at__gt=NOON).exists()
