"""Settings: everything that is wrong is said at once, each by name and with what to do."""

import subprocess
import sys
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import Config, ConfigError, example, load, read, variable
from bot.readers import Address
from models.integrations import EndPolicy

ROOT = Path(__file__).parents[2]
NEEDED = {
    "DISCORD_TOKEN": "a.bot.token",
    "DISCORD_CLIENT_ID": "1100000000000000001",
    "DISCORD_CLIENT_SECRET": "client-secret",
    "PUBLIC_URL": "https://bot.example.com/",
    "SECRET_KEYS": "k" * 32 + "," + "l" * 40,
    "WEBHOOK_SECRETS": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    "LAUNCH_SECRET": "s" * 32,
}
LAUNCH_KEY = r"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----"


def problems(**changes: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(NEEDED | changes)
    return caught.value.problems


def test_what_is_needed_is_enough_and_the_rest_has_defaults() -> None:
    config = load(NEEDED)
    assert config.public_url == "https://bot.example.com"
    assert config.discord_client_id == 1100000000000000001
    assert config.webhook_secrets == (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    )
    assert config.bind == Address("127.0.0.1", 8080)
    assert config.slack == timedelta(hours=72)
    assert config.end_policy is EndPolicy.ADDED
    assert config.discord_members_intent is False
    assert config.launch_public_key is None
    assert config.support_url is None


def test_everything_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        load({})
    said = [problem.split(" is missing. ")[0] for problem in caught.value.problems]
    assert said == [*list(NEEDED)[:-1], "LAUNCH_SECRET or LAUNCH_PUBLIC_KEY"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DISCORD_TOKEN", "two words", "must be one word"),
        ("DISCORD_CLIENT_ID", "abc", "must be a whole number"),
        ("DISCORD_CLIENT_ID", "٣", "must be a whole number"),
        ("DISCORD_CLIENT_SECRET", "a\nb", "must be one word"),
        ("DISCORD_API_URL", "discord.com", "must be an address"),
        ("DISCORD_MEMBERS_INTENT", "perhaps", "must be true or false"),
        ("PUBLIC_URL", "bot.example.com", "must be an address"),
        ("PUBLIC_URL", "https://", "must be an address"),
        ("PUBLIC_URL", "http://[::1", "must be an address"),
        ("PUBLIC_URL", "https://a:99999", "must be an address"),
        ("PUBLIC_URL", "https://bot.example.com/bot", "without a path"),
        ("PUBLIC_URL", "https://bot.example.com/?a=b", "without a path"),
        ("BIND", "8080", "must be HOST:PORT"),
        ("BIND", "127.0.0.1:http", "must be HOST:PORT"),
        ("BIND", "127.0.0.1:70000", "must be HOST:PORT"),
        ("BIND", "256.1.1.1:8080", "must name a host"),
        ("BIND", "http://localhost:8080", "must name a host"),
        ("OPS_BIND", "[::x]:9090", "must name a host"),
        ("OPS_BIND", ":", "must be HOST:PORT"),
        ("DATABASE_URL", "data/passes.db", "must be sqlite://PATH or postgres://"),
        ("DATABASE_URL", "mysql://a@b/c", "must be sqlite://PATH or postgres://"),
        ("DATABASE_URL", "postgres://u@h:port/x", "must be sqlite://PATH or postgres://"),
        ("DATABASE_URL", "postgres://u:p#w@h/x", "%40"),
        ("DATABASE_URL", "postgres://u:p@[h/x", "must be sqlite://PATH or postgres://"),
        ("DATABASE_URL", "sqlite://?foreign_keys=ON", "must be sqlite://PATH or postgres://"),
        ("SECRET_KEYS", "short", "at least 32 characters"),
        ("SECRET_KEYS", "k" * 32 + ",short", "at least 32 characters"),
        ("SECRET_KEYS", ",", "at least one value"),
        ("WEBHOOK_SECRETS", "secret", "must be whsec_ and base64"),
        ("WEBHOOK_SECRETS", "whsec_!!!", "must be whsec_ and base64"),
        ("WEBHOOK_SECRETS", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwA", "must be whsec_ and base64"),
        ("WEBHOOK_SECRETS", "whsec_YWJj", "must be whsec_ and base64"),
        ("LAUNCH_SECRET", "short", "at least 32 characters"),
        ("LAUNCH_PUBLIC_KEY", "ssh-ed25519 AAAA", "Ed25519 public key in PEM"),
        ("MEMBERSHIP_LOGIN_URL", "login", "must be an address"),
        ("MEMBERSHIP_API_URL", "ftp://api.example.com", "must be an address"),
        ("MEMBERSHIP_API_TOKEN", "two words", "must be one word"),
        ("MEMBERSHIP_EVENTS_URL", "https://exa mple.com", "must be an address"),
        ("SUPPORT_URL", "mailto:help@example.com", "must be an address"),
        ("LOG_FORMAT", "xml", "must be plain or json"),
        ("SLACK", "three days", "must be a number and a unit"),
        ("SLACK", "-1h", "must be a number and a unit"),
        ("SLACK", "999999d", "must be at most 3650d"),
        ("GRACE_DAYS", "31", "must be between 0 and 30"),
        ("GRACE_DAYS", "-1", "must be a whole number"),
        ("END_POLICY", "kick", "must be keep, roles or added"),
        ("KICK_DELAY", "1", "must be a number and a unit"),
        ("CONFIRM_AFTER", "2h", "must be at most 1h"),
        ("CONFIRM_AFTER", "0s", "must be longer than nothing"),
        ("ACCOUNT_CHANGES", "many", "must be a whole number"),
        ("SESSION_LENGTH", "0s", "must be longer than nothing"),
        ("INBOX_KEPT", "90", "must be a number and a unit"),
        ("AUDIT_KEPT", "2y", "must be a number and a unit"),
        ("SWEEP_EVERY", "0ms", "must be longer than nothing"),
    ],
)
def test_a_malformed_setting_is_named_and_explained(name: str, value: str, said: str) -> None:
    (problem, *others) = problems(**{name: value})
    assert problem.startswith(name)
    assert said in problem
    assert all("both set" in other or "MEMBERSHIP_API_URL needs it" in other for other in others)


def test_every_setting_that_can_be_malformed_is_tried_above() -> None:
    (parameters,) = test_a_malformed_setting_is_named_and_explained.pytestmark  # type: ignore[attr-defined]  # pytest's own
    tried = {name for name, _, _ in parameters.args[1]}
    assert {variable(item) for item in fields(Config)} == tried


def test_a_webhook_secret_may_come_without_its_padding() -> None:
    padded = "whsec_dGhlIHNlY3JldCBvZiB0aGUgdGVzdHMsIG9uZQ=="
    assert load(NEEDED | {"WEBHOOK_SECRETS": padded.rstrip("=")}).webhook_secrets == (padded.rstrip("="),)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("[::1]:8080", Address("::1", 8080)),
        ("0.0.0.0:80", Address("0.0.0.0", 80)),
        ("localhost:0", Address("localhost", 0)),
        (":8080", Address("127.0.0.1", 8080)),
    ],
)
def test_where_to_listen_is_an_address_or_a_name(value: str, address: Address) -> None:
    assert load(NEEDED | {"BIND": value}).bind == address


def test_one_of_the_two_launch_settings_and_not_both() -> None:
    assert load({**NEEDED, "LAUNCH_SECRET": "", "LAUNCH_PUBLIC_KEY": LAUNCH_KEY}).launch_secret is None
    (both,) = problems(LAUNCH_PUBLIC_KEY=LAUNCH_KEY)
    assert "both set" in both
    (neither,) = problems(LAUNCH_SECRET=" ")
    assert "LAUNCH_SECRET or LAUNCH_PUBLIC_KEY is missing" in neither


def test_the_launch_secret_is_not_a_webhook_secret() -> None:
    (problem,) = problems(LAUNCH_SECRET="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert "must not be a webhook secret" in problem


def test_the_truth_is_asked_with_a_token() -> None:
    (problem,) = problems(MEMBERSHIP_API_URL="https://api.example.com")
    assert problem.startswith("MEMBERSHIP_API_TOKEN is missing")


def test_what_contradicts_is_said_beside_what_is_malformed() -> None:
    said = problems(WEBHOOK_SECRETS="no", LAUNCH_SECRET="short", PUBLIC_URL="no", MEMBERSHIP_API_URL="no")
    assert [problem.split()[0] for problem in said] == [
        "PUBLIC_URL",
        "WEBHOOK_SECRETS",
        "LAUNCH_SECRET",
        "MEMBERSHIP_API_URL",
        "MEMBERSHIP_API_TOKEN",
    ]


def test_secrets_are_not_in_a_configs_own_text() -> None:
    text = repr(load(NEEDED))
    assert "bot.example.com" in text
    assert not [
        secret for secret in ("a.bot.token", "client-secret", "k" * 32, "whsec_", "s" * 32) if secret in text
    ]


def test_the_example_file_is_what_the_code_says() -> None:
    assert (ROOT / ".env.example").read_text() == example()


def test_the_example_leaves_only_what_must_be_filled_in(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(example())
    with pytest.raises(ConfigError) as caught:
        read(tmp_path / ".env", over={})
    assert all("is missing" in problem for problem in caught.value.problems)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('DISCORD_TOKEN=another\nSUPPORT_URL="https://help.example.com"\nEMPTY=\n')
    found = read(tmp_path / ".env", over=NEEDED)
    assert found.support_url == "https://help.example.com"
    assert found.discord_token == "a.bot.token"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"SUPPORT_URL=https://help.example.com/\xfc\n", [".env is not text in UTF-8"]),
        (b'A=1\nexport = 2\nB="3\nC=4\n', [".env, line 2, ", ".env, line 3, "]),
        (
            b"# 1\n\n \nSLACK 1h\n\nSLACK\nexport SLACK\n",
            [".env, line 4, ", ".env, line 6, ", ".env, line 7, "],
        ),
    ],
)
def test_a_file_that_cannot_be_understood_is_said(tmp_path: Path, written: bytes, said: list[str]) -> None:
    (tmp_path / ".env").write_bytes(written)
    with pytest.raises(ConfigError) as caught:
        read(tmp_path / ".env", over=NEEDED)
    found = [problem.removeprefix(f"{tmp_path}/") for problem in caught.value.problems]
    assert len(found) == len(said)
    assert all(one.startswith(other) for one, other in zip(found, said, strict=True))


def test_a_folder_in_the_place_of_the_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, over=NEEDED)
    assert "cannot be read" in str(caught.value)


def test_a_mark_of_windows_before_the_first_name_is_none_of_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfSUPPORT_URL=https://help.example.com\r\n")
    assert read(tmp_path / ".env", over=NEEDED).support_url == "https://help.example.com"


def test_run_says_everything_that_is_wrong_and_ends_with_2(tmp_path: Path) -> None:
    settings = {**NEEDED, "PUBLIC_URL": "no", "SLACK": "no", "PYTHONPATH": str(ROOT)}
    (tmp_path / ".env").write_text("SUPPORT_URL\nDISCORD_CLIENT_ID=no\n")
    del settings["DISCORD_CLIENT_ID"], settings["DISCORD_TOKEN"]
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=tmp_path,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert [line.split()[1] for line in ended.stderr.splitlines() if line.startswith("  ")] == [
        ".env,",
        "DISCORD_TOKEN",
        "DISCORD_CLIENT_ID",
        "PUBLIC_URL",
        "SLACK",
    ]
