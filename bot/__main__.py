"""The command line: run the bot, play with it on the sandbox, and ask or tell it something from outside.

A command imports what it needs only when it is called, so that ``--help`` and a wrong setting answer at once. It ends with 0,
with 1 and a sentence when it could not do what was asked, and with 2 when the settings or the command are wrong.
"""

import asyncio
import logging
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, NoReturn

import click

from bot import config as settings
from bot.config import Config, ConfigError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--env-file", type=Path, default=".env", show_default=True, help="Settings beside the environment's."
)
@click.pass_context
def main(context: click.Context, env_file: Path) -> None:
    """Passes Bot: memberships sold on a platform, kept true in Discord."""
    context.obj = env_file


@main.command()
def run() -> None:
    """Run the bot with the settings of the environment and .env."""
    config = _config()
    from bot import app
    from bot.telemetry import configure_logging

    configure_logging(config)
    _await(app.run(config))


@main.command()
def migrate() -> None:
    """Bring the database to what this version needs; the bot does so itself when it starts."""
    config = _config()
    from bot import database
    from bot.telemetry import configure_logging

    configure_logging(config)
    _await(database.migrate(config.database_url))
    click.echo("The database is what this version needs.")


@main.command("settings")
def print_settings() -> None:
    """Print every setting with its meaning and default, as .env.example holds them."""
    click.echo(settings.example(), nl=False)


@main.command()
@click.option("--discord-port", default=8101, show_default=True)
@click.option("--platform-port", default=8102, show_default=True)
@click.option("--bot-url", default="http://127.0.0.1:8080", show_default=True, help="Where the bot will be.")
def sandbox(discord_port: int, platform_port: int, bot_url: str) -> None:
    """Serve a Discord and a membership platform of our own, to run a bot against."""
    from bot.sandbox import run as serving

    serving.main(discord_port, platform_port, bot_url)


@main.command()
def tour() -> None:
    """Play the whole story once on the sandbox; ends with 0 only if all of it held."""
    from bot.sandbox import tour as story

    sys.exit(story.main())


@main.command()
def bench() -> None:
    """Measure the bot on the sandbox; the figures go to build/bench.json."""
    from bot.sandbox import bench as benchmarks

    sys.exit(benchmarks.main())


@main.command()
def demo() -> None:
    """Start the bot on the sandbox and print the pages to open; Ctrl-C stops it."""
    from bot.sandbox import demo as playground

    sys.exit(playground.main())


@main.command()
def doctor() -> None:
    """Look at everything the bot depends on and say what to do; ends with 1 if something is wrong."""
    config = _config(wrong=1)
    from bot.operations.doctor import Mark, examine
    from bot.telemetry import configure_logging

    configure_logging(config)
    logging.disable()  # what goes wrong is said in the lines

    async def say() -> int:
        wrong = 0
        async for finding in examine(config):
            click.echo(str(finding))
            wrong += finding.mark is Mark.BAD
        return wrong

    wrong = _await(say())
    click.echo("\nNothing is wrong." if not wrong else f"\n{_count(wrong, 'thing is', 'things are')} wrong.")
    sys.exit(1 if wrong else 0)


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
def backup(path: Path) -> None:
    """Copy the database, beside the running bot, to the file PATH, or into the folder PATH under a name of its own."""
    config = _config()
    from bot.clock import system_clock
    from bot.database import back_up

    made = _await(back_up(config.database_url, path, now=system_clock()))
    click.echo(f"Backed up to {made}.")


@main.group()
def inbox() -> None:
    """The platform's webhooks, and those of them that wait for a person."""


@inbox.command("list")
@click.option(
    "--state",
    type=click.Choice(["parked", "ignored", "received", "stale", "applied"]),
    default="parked",
    show_default=True,
)
@click.option("--newest", type=click.IntRange(min=1), default=100, show_default=True, help="At most so many.")
def list_inbox(state: str, newest: int) -> None:
    """Print webhooks: when they came, their id and type, and why they wait."""
    config = _config()
    from bot import operations
    from models.memberships import InboxState

    found = _await(operations.listed(config, InboxState(state), newest))
    for entry in found:
        reason = f"  {entry.reason}" if entry.reason else ""
        click.echo(f"{entry.received_at:%Y-%m-%d %H:%M} UTC  {entry.webhook_id}  {entry.type}{reason}")
    click.echo(_count(len(found), f"is {state}.", f"are {state}."))


@inbox.command()
@click.argument("webhook_id", metavar="ID")
@click.option("--confirm", is_flag=True, help="Your yes to what needs one: deleting a creator.")
def replay(webhook_id: str, *, confirm: bool) -> None:
    """Try a parked or ignored webhook again, after its cause is gone."""
    config = _config()
    from bot import operations
    from bot.telemetry import configure_logging

    configure_logging(config)
    logging.disable()  # what became of it is said here
    entry = _await(operations.replay(config, webhook_id, confirmed=confirm))
    if entry is None:
        _fail("There is no webhook of this id. See: python -m bot inbox list")
    reason = f": {entry.reason}" if entry.reason else ""
    click.echo(f"It is {entry.state.value}{reason}")
    if entry.state.value == "parked":
        _fail("" if confirm else "If this is what you want, say --confirm, where a yes is asked for.")


@main.group()
def keys() -> None:
    """SECRET_KEYS, which encrypt what is stored."""


@keys.command()
def rotate() -> None:
    """Encrypt everything stored with the first of SECRET_KEYS; may be repeated, and beside the running bot."""
    config = _config()
    from bot import operations

    try:
        done = _await(operations.rotate_keys(config))
    except operations.CannotRotateError as error:
        _fail(str(error))
    click.echo(f"Encrypted anew: {done.renewed}. With the first key already: {done.already}.")
    if done.unreadable:
        click.echo(
            f"{done.unreadable} no key of SECRET_KEYS opens: put back the key they were written with, or leave them; "
            "those fans press Connect once more."
        )
    elif len(config.secret_keys) > 1:
        click.echo(
            "Keep the older keys as long as a browser stays signed in (SESSION_LENGTH); then remove them."
        )


@main.command()
@click.option("--guild", required=True, type=int, help="The server's id.")
@click.option("--account", required=True, type=int, help="The Discord account's id.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def why(guild: int, account: int, *, as_json: bool) -> None:
    """Explain one account in one server: what it should have, because of what, what was seen, what is planned."""
    config = _config()
    from bot import operations
    from bot.ids import AccountId, GuildId, Member

    explanation = _await(operations.explain(config, Member(GuildId(guild), AccountId(account))))
    click.echo(operations.as_json(explanation) if as_json else str(explanation))


@main.group()
def holds() -> None:
    """Ends of access that wait for a person's yes, because too many came at once."""


@holds.command("list")
def list_holds() -> None:
    """Print every hold: its id, the member, why it is held, since when."""
    config = _config()
    from bot import operations

    found = _await(operations.held(config))
    for hold in found:
        click.echo(
            f"{hold.id}  server {hold.member.guild_id}  account {hold.member.account_id}"
            f"  {hold.cause}  since {hold.since:%Y-%m-%d %H:%M} UTC"
        )
    click.echo(_count(len(found), "is held.", "are held."))


@holds.command()
@click.argument("ids", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every hold there is.")
def release(ids: tuple[int, ...], *, everything: bool) -> None:
    """Decide these anew: whoever pays by now keeps everything, the others' access ends."""
    chosen = _chosen(ids, everything=everything)
    config = _config()
    from bot import operations

    done = _await(operations.release(config, chosen))
    _report(done, chosen, "was released.", "were released.")


@holds.command()
@click.argument("ids", type=int, nargs=-1, required=True)
def drop(ids: tuple[int, ...]) -> None:
    """Forget these holds: what is still to end then meets the brake again."""
    config = _config()
    from bot import operations

    done = _await(operations.drop(config, ids))
    _report(done, ids, "was dropped.", "were dropped.")


def _chosen(ids: tuple[int, ...], *, everything: bool) -> tuple[int, ...] | None:
    if bool(ids) == everything:
        raise click.UsageError("Name the holds by their ids, or say --all.")
    return None if everything else ids


def _report(done: int, asked: tuple[int, ...] | None, one: str, many: str) -> None:
    click.echo(_count(done, one, many))
    if asked is not None and done < len(set(asked)):
        click.echo("The others are no open holds: see python -m bot holds list", err=True)
        sys.exit(1)


def _count(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{number} {many}"


def _fail(sentence: str) -> NoReturn:
    if sentence:
        click.echo(sentence, err=True)
    sys.exit(1)


def _config(*, wrong: int = 2) -> Config:
    """The settings, or everything that is wrong with them on stderr and exit status ``wrong``."""
    try:
        return settings.load(
            settings.environment(click.get_current_context().find_object(Path) or Path(".env"))
        )
    except ConfigError as error:
        click.echo("The settings are not right yet. Mend these, in .env or the environment:\n", err=True)
        for problem in error.problems:
            click.echo(f"  - {problem}", err=True)
        click.echo("\n.env.example tells what each one means.", err=True)
        sys.exit(wrong)


def _await[T](work: Coroutine[Any, Any, T]) -> T:
    from bot.database import DatabaseError

    try:
        return asyncio.run(work)
    except DatabaseError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main(prog_name="python -m bot")
