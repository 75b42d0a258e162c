"""A gateway connection, listened to: each frame by its shape, and all of them in order."""

import json
from typing import Any

import pytest

from bot.sandbox.discord.description.frames import Dialogue
from tests.sandbox.description.small import Watched

IDENTIFY = {
    "op": 2,
    "d": {"token": "t", "intents": 1, "properties": {"os": "l", "browser": "b", "device": "d"}},
}
HELLO = {"op": 10, "d": {"heartbeat_interval": 41250}, "s": None, "t": None}


@pytest.fixture
def dialogue(watched: Watched) -> Dialogue:
    return watched.watch.frames.connection(by_hand=False)


def wrong(watched: Watched) -> list[str]:
    return [str(each) for each in watched.watch.ledger.violations]


def say(dialogue: Dialogue, *frames: Any) -> None:
    for frame in frames:
        dialogue.sent(json.dumps(frame))


def event(name: str, data: Any, number: int) -> dict[str, Any]:
    return {"op": 0, "t": name, "s": number, "d": data}


def test_a_life_as_documented_fits(watched: Watched, dialogue: Dialogue) -> None:
    say(dialogue, HELLO)
    dialogue.received(json.dumps(IDENTIFY), None)
    dialogue.received('{"op": 1, "d": null}', None)
    say(dialogue, {"op": 11, "d": None, "s": None, "t": None})
    role = {"guild_id": "7", "role": {"id": "11", "name": "Gold"}}
    say(dialogue, event("GUILD_ROLE_CREATE", role, 1), event("GUILD_ROLE_UPDATE", role, 2))
    dialogue.received('{"op": 8, "d": {"guild_id": "7", "user_ids": ["1", 2]}}', None)
    assert wrong(watched) == []
    assert watched.watch.ledger.held["gateway send Identify"] == 1


@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        '{"op": 99, "d": null}',
        '{"op": 2, "d": {"token": "t"}}',
        '{"op": 8, "d": {"guild_id": "7"}}',
        json.dumps({"op": 3, "d": "x" * 5000}),
        json.dumps({"op": 1, "d": None, "t": "é" * 2048}, ensure_ascii=False),
    ],
)
def test_a_wrong_frame_must_end_the_connection(watched: Watched, dialogue: Dialogue, frame: str) -> None:
    by_hand = watched.watch.frames.connection(by_hand=True)
    by_hand.received(frame, 4002)
    assert wrong(watched) == []
    by_hand.received(frame, None)
    assert "let through" in wrong(watched)[0]
    dialogue.received(frame, 4002)
    assert "asked" in wrong(watched)[-1]


def test_a_close_code_is_one_of_discords(watched: Watched, dialogue: Dialogue) -> None:
    dialogue.received(json.dumps(IDENTIFY), 4004)
    assert wrong(watched) == []
    dialogue.received(json.dumps(IDENTIFY), 4006)
    assert "closed with 4006" in wrong(watched)[-1]


def test_commands_wait_for_identify(watched: Watched, dialogue: Dialogue) -> None:
    dialogue.received('{"op": 8, "d": {"guild_id": "7", "user_ids": "1"}}', None)
    assert "before Identify" in wrong(watched)[0]


@pytest.mark.parametrize(
    "frames",
    [
        [event("RESUMED", {}, 1)],
        [HELLO, HELLO],
        [HELLO, event("RESUMED", {}, 1), event("RESUMED", {}, 3)],
        [HELLO, {"op": 11, "d": None}],
        [HELLO, {"op": 11, "d": None, "s": 4, "t": None}],
        [HELLO, event("NO_SUCH_EVENT", {}, 1)],
        [HELLO, event("GUILD_ROLE_DELETE", {"guild_id": "7"}, 1)],
        [HELLO, {"op": 9, "d": None, "s": None, "t": None}],
    ],
)
def test_a_wrong_answer_is_named(watched: Watched, dialogue: Dialogue, frames: list[Any]) -> None:
    say(dialogue, *frames)
    assert len(wrong(watched)) == 1


def test_a_frame_that_the_sandbox_falls_over_is_named(watched: Watched, dialogue: Dialogue) -> None:
    dialogue.crashed(KeyError("guild_id"))
    assert wrong(watched)[0].startswith("gateway: a frame that is none: crashed: KeyError('guild_id')")
