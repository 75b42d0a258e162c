"""What a creator reads of one person: a sentence for each word of the engine, never the word itself."""

from datetime import UTC, datetime

import pytest

from bot.access.changes import TroubleKind
from bot.access.explain import AuditLine, Obstacle
from bot.web.hub.why import STATUSES, event, obstacle
from models.memberships import MembershipStatus

_OTHERWISE = obstacle(Obstacle(words=("never heard of",)))


@pytest.mark.parametrize("kind", TroubleKind)
def test_everything_in_the_way_has_a_sentence_of_its_own(kind: TroubleKind) -> None:
    said = obstacle(Obstacle(words=(kind,)))
    assert said != _OTHERWISE
    assert kind not in said or "_" not in kind


def test_what_discord_answered_is_said_before_the_kind() -> None:
    said = obstacle(Obstacle(words=("too_many_servers", TroubleKind.JOIN_REFUSED)))
    assert said.startswith("They are in as many servers as Discord allows.")


def test_a_role_is_named() -> None:
    said = obstacle(Obstacle(words=(TroubleKind.STILL_HAS_ACCESS,), role="Gold"))
    assert said == "**Gold**: A role that should go cannot be taken: put Passes Bot's role above it."


def test_every_status_has_words() -> None:
    assert set(STATUSES) == set(MembershipStatus)


def test_what_happened_is_a_sentence() -> None:
    line = AuditLine(
        at=datetime(2026, 1, 1, tzinfo=UTC),
        action="role_taken",
        role="Gold",
        outcome="needs_a_person",
        code=50013,
        detail=None,
    )
    assert event(line) == "Role taken away: **Gold** (Discord refused it)"
