"""The command line as an operator meets it: a process, its exit status, its sentences."""

import asyncio
import json
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.clock import system_clock
from bot.database import open_database
from models import (
    Attachment,
    AttachmentRole,
    Creator,
    Fan,
    Guild,
    GuildRole,
    Hold,
    Integration,
    Link,
    Membership,
    Tier,
    Work,
)
from models.integrations import IntegrationState

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "DISCORD_TOKEN": "token",
    "DISCORD_CLIENT_ID": "1",
    "DISCORD_CLIENT_SECRET": "secret",
    "PUBLIC_URL": "http://127.0.0.1:8080",
    "SECRET_KEYS": "k" * 32,
    "WEBHOOK_SECRETS": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "LAUNCH_SECRET": "s" * 32,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    status: int | None
    out: str
    err: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    folder: Path

    @property
    def url(self) -> str:
        return f"sqlite://{self.folder}/passes.db"

    async def __call__(self, *arguments: str) -> Ended:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", *arguments),
            cwd=self.folder,
            env={**SETTINGS, "DATABASE_URL": self.url, "PYTHONPATH": str(ROOT)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return Ended(status=process.returncode, out=out.decode(), err=err.decode())


@pytest.fixture
def command(tmp_path: Path) -> CommandLine:
    return CommandLine(folder=tmp_path)


async def hold(account_id: int) -> Any:
    held = await Hold.create(guild_id=7, account_id=account_id, cause="inferred", created_at=system_clock())
    return held.id


async def test_migrate_makes_the_database_and_may_be_repeated(command: CommandLine) -> None:
    for _ in range(2):
        ended = await command("migrate")
        assert (ended.status, ended.out) == (0, "The database is what this version needs.\n")
    async with open_database(command.url):
        assert await Work.all().count() == 0


async def test_without_tables_a_command_says_what_to_do(command: CommandLine) -> None:
    ended = await command("holds", "list")
    assert ended.status == 1
    assert "python -m bot migrate" in ended.err


async def test_a_database_of_a_newer_version_is_refused_in_a_sentence(command: CommandLine) -> None:
    await command("migrate")
    with sqlite3.connect(command.folder / "passes.db") as database:
        database.execute(
            "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('models', '9999_far', 0)"
        )
    database.close()
    ended = await command("migrate")
    assert ended.status == 1
    assert ended.err.startswith("The database was made by a newer version of the bot (it has 9999_far).")


async def test_holds_are_listed_released_and_dropped_beside_a_running_bot(command: CommandLine) -> None:
    async with open_database(command.url, exclusive=True):
        first, second, third = [await hold(account) for account in (1, 2, 3)]
        listed = await command("holds", "list")
        assert [line.split()[0] for line in listed.out.splitlines()] == [
            str(first),
            str(second),
            str(third),
            "3",
        ]

        assert (await command("holds", "release", str(first))).out == "1 was released.\n"
        assert (await command("holds", "drop", str(second))).out == "1 was dropped.\n"
        assert (await command("holds", "release", "--all")).out == "1 was released.\n"

        assert (await command("holds", "list")).out == "0 are held.\n"
        assert await Work.filter(guild_id=7, due_at__isnull=False).count() == 3


async def test_a_hold_that_is_not_there_is_said(command: CommandLine) -> None:
    await command("migrate")
    ended = await command("holds", "release", "12")
    assert ended.status == 1
    assert "no open holds" in ended.err


@pytest.mark.parametrize("arguments", [["release"], ["release", "--all", "1"], ["drop"], ["release", "x"]])
async def test_holds_are_named_or_all_are_meant(command: CommandLine, arguments: list[str]) -> None:
    assert (await command("holds", *arguments)).status == 2


async def test_why_explains_a_member_to_people_and_to_programs(command: CommandLine) -> None:
    async with open_database(command.url, exclusive=True):
        creator = await Creator.create(id="ana", display_name="Ana")
        fan = await Fan.create(id="ben", display_name="Ben")
        now = system_clock()
        await Link.create(fan=fan, account_id=2, username="ben", linked_at=now)
        await Guild.create(id=7, name="Ana's place", owner_id=1, bot_present=True, seen_at=now)
        club = await Integration.create(
            creator=creator, name="Club", state=IntegrationState.CONNECTED, guild_id=7, created_at=now
        )
        attachment = await Attachment.create(integration=club, tier_id="gold", created_at=now)
        await GuildRole.create(id=9, guild_id=7, name="Gold", position=1, permissions=0, managed=False)
        await AttachmentRole.create(attachment=attachment, role_id=9)
        await Tier.create(id="gold", creator_id="ana", name="Gold tier")
        await Membership.create(
            id="m1",
            fan_id="ben",
            creator_id="ana",
            tier_id="gold",
            status="active",
            updated_at=now,
            version=1,
        )
    asked = ("why", "--guild", "7", "--account", "2")
    text = (await command(*asked)).out
    assert "account 2 in Ana's place (7)" in text
    assert "Gold tier (active) through Club: Gold; without an end  [m1]" in text
    told = json.loads((await command(*asked, "--json")).out)
    assert (told["fan_id"], told["roles"][0]["name"], told["roles"][0]["due"]) == ("ben", "Gold", True)


async def test_why_knows_no_server_of_a_mistyped_id(command: CommandLine) -> None:
    await command("migrate")
    ended = await command("why", "--guild", "77", "--account", "2")
    assert (ended.status, ended.out) == (1, "")
    assert "The bot never was in a server of this id" in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("why", "--guild", "9" * 20, "--account", "5"),
        ("why", "--guild", "7", "--account", "9" * 20),
        ("why", "--guild", "7", "--account", "-1"),
        ("holds", "release", "9" * 20),
        ("holds", "drop", "9" * 20),
    ],
)
async def test_a_number_that_is_no_id_is_refused(command: CommandLine, arguments: tuple[str, ...]) -> None:
    ended = await command(*arguments)
    assert ended.status == 2
    assert "not in the range" in ended.err or "No such option" in ended.err


async def test_settings_are_those_of_the_example_file(command: CommandLine) -> None:
    assert (await command("settings")).out == await asyncio.to_thread((ROOT / ".env.example").read_text)


async def test_another_file_of_settings_can_be_named(command: CommandLine) -> None:
    await asyncio.to_thread((command.folder / "other.env").write_text, "SLACK=nonsense\n")
    ended = await command("--env-file", "other.env", "migrate")
    assert (ended.status, "SLACK must be" in ended.err) == (2, True)
