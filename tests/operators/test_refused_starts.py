"""``run`` where only its operator can help: a sentence that says how, exit status 1, and no traceback."""

import socket
from collections.abc import Iterator

import pytest

from tests.operators.conftest import Ended, Ground


@pytest.fixture
def taken() -> Iterator[str]:
    """An address where another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def sentence(ended: Ended) -> str:
    assert (ended.status, ended.out) == (1, "")
    assert "Traceback" not in ended.err
    return ended.err.splitlines()[-1]


async def test_a_token_that_discord_refuses(ground: Ground) -> None:
    ended = await ground.command("run", DISCORD_TOKEN="not.the.token")
    assert sentence(ended).startswith("Discord refuses DISCORD_TOKEN. Copy the token anew")


async def test_an_intent_that_discord_refuses(ground: Ground) -> None:
    ground.sandbox.discord.state.app.privileged_intents = False
    ended = await ground.command("run", DISCORD_MEMBERS_INTENT="true")
    assert sentence(ended).startswith("Discord refuses the members intent. Switch on")


@pytest.mark.parametrize("setting", ["BIND", "OPS_BIND"])
async def test_an_address_where_another_program_listens(ground: Ground, taken: str, setting: str) -> None:
    ended = await ground.command("run", **{setting: taken})
    assert sentence(ended).startswith(f"{setting}={taken}: another program listens there already. Stop it")


@pytest.mark.parametrize(
    ("bind", "said"),
    [
        ("192.0.2.1:8080", "this is no address of this machine"),  # TEST-NET-1 (RFC 5737) is nobody's
        ("nobody.invalid:8080", "nobody knows this host"),  # RFC 2606
    ],
)
async def test_an_address_that_is_not_this_machines(ground: Ground, bind: str, said: str) -> None:
    assert sentence(await ground.command("run", BIND=bind)).startswith(f"BIND={bind}: {said}")
