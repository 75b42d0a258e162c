"""Lines for people or for machines, and no secret in either, whoever logs it."""

import asyncio
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from aiohttp import web

from bot.config import Config, load
from bot.readers import Address
from bot.telemetry import configure_logging
from bot.web.server import serve

SECRETS = {
    "DISCORD_TOKEN": "a-token-of-no-known-shape",
    "DISCORD_CLIENT_SECRET": "client-secret-0123456789",
    "SECRET_KEYS": "k" * 32 + "," + "l" * 32,
    "WEBHOOK_SECRETS": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "LAUNCH_SECRET": "launch-" + "s" * 32,
}
LOOKS_SECRET = [
    "Authorization: Bearer abcdefghijklmnop",
    "Authorization: Bot qrstuvwxyz0123.456789.ABCDEFGHIJ",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "GET /launch?token=abcdef.ghijkl.mnopqr&x=1",
    "GET /callback?code=s3cr3t-c0de&state=0paque-state",
    "postgres://passes:hunter2hunter2@db/passes",
]
GIVEN_AWAY = [
    "abcdefghijklmnop",
    "qrstuvwxyz0123",
    "ABCDEFGHIJ",
    "eyJzdWIiOiIxIn0",
    "abcdef.ghijkl",
    "s3cr3t-c0de",
    "0paque-state",
    "hunter2",
]


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, settings = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**settings)
    logging.getLogger("aiohttp.server").filters.clear()
    logging.captureWarnings(capture=False)


def config(log_format: str) -> Config:
    return load(
        SECRETS
        | {"DISCORD_CLIENT_ID": "1", "PUBLIC_URL": "https://bot.example.com", "LOG_FORMAT": log_format}
    )


pytestmark = pytest.mark.usefixtures("logging_as_before")


def test_json_lines_have_the_event_its_fields_and_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(config("json"))
    structlog.get_logger().info("role_given", role_id=7, code=10011)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["role_id"], line["code"], line["level"]) == ("role_given", 7, 10011, "info")
    assert line["timestamp"].endswith("Z")


def test_plain_lines_are_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(config("plain"))
    structlog.get_logger().warning("role_given", role_id=7)
    line = capsys.readouterr().err
    assert "role_given" in line
    assert "role_id=7" in line


@pytest.mark.parametrize("log_format", ["plain", "json"])
def test_no_secret_comes_out(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(config(log_format))
    log = structlog.get_logger()
    log.info(
        "fields",
        access_token="tell-me",
        payload={"refresh_token": "tell-me", "deep": [{"cookie": "tell-me"}]},
    )
    for text in [
        *LOOKS_SECRET,
        *(f"got {secret}" for value in SECRETS.values() for secret in value.split(",")),
    ]:
        log.info("text", text=text)
        logging.getLogger("aiohttp.server").warning("library says %s", text)
        log.error("failed", exc_info=RuntimeError(text))
    out = capsys.readouterr().err
    secrets = [secret for value in SECRETS.values() for secret in value.split(",")]
    assert [secret for secret in ["tell-me", *GIVEN_AWAY, *secrets] if secret in out] == []
    assert "RuntimeError" in out


def test_the_bots_name_is_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(config("plain"))
    logging.getLogger("nextcord.gateway").warning(
        "Passes Bot disconnected from gateway. Passes Bot reconnects."
    )
    assert "Passes Bot disconnected from gateway. Passes Bot reconnects." in capsys.readouterr().err


async def test_what_is_no_http_is_one_line_and_no_error_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(config("json"))
    async with serve(web.Application(), Address("127.0.0.1", 0)) as port:
        for header in (b"X-Long: " + b"x" * 40_000, b"no header"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n" + header + b"\r\n\r\n")
            async with asyncio.timeout(5):
                assert b" 400 " in await reader.readline()
            writer.close()
            await writer.wait_closed()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["level"], line["why"]) for line in lines] == [
        ("not_http", "info", "LineTooLong"),
        ("not_http", "info", "BadHttpMessage"),
    ]
    assert not any("exception" in line for line in lines)


def test_libraries_that_narrate_are_quiet_and_their_warnings_are_heard(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(config("plain"))
    for name in ("nextcord.http", "aiohttp.access", "tortoise.db_client", "apscheduler.scheduler"):
        logging.getLogger(name).info("narration")
    logging.getLogger("nextcord.gateway").warning("lost the gateway")
    out = capsys.readouterr().err
    assert "narration" not in out
    assert "lost the gateway" in out
