"""Lines for people or for machines, and no secret in either, whoever logs it."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.config import Config, load
from bot.telemetry import configure_logging

SECRETS = {
    "DISCORD_TOKEN": "a-token-of-no-known-shape",
    "DISCORD_CLIENT_SECRET": "client-secret-0123456789",
    "SECRET_KEYS": "k" * 32 + "," + "l" * 32,
    "WEBHOOK_SECRETS": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "LAUNCH_SECRET": "launch-" + "s" * 32,
}
LOOKS_SECRET = [
    "Authorization: Bearer abcdefghijklmnop",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "GET /launch?token=abcdef.ghijkl.mnopqr&x=1",
    "GET /callback?code=s3cr3t-c0de&state=0paque-state",
    "postgres://passes:hunter2hunter2@db/passes",
]
GIVEN_AWAY = [
    "abcdefghijklmnop",
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
