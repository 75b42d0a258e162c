"""The command line: run the bot, play with it on the sandbox, and ask or tell it something from outside.

A command imports what it needs only when it is called, so that ``--help`` and a wrong setting answer at once. It ends with 0,
with 1 and a sentence when it could not do what was asked, and with 2 when the settings or the command are wrong (the doctor,
to whom wrong settings are one thing more that is wrong, with 1).
"""

import logging
import sys
from pathlib import Path

import click

from bot import config as settings
from bot.commands.access import holds, why
from bot.commands.ending import count, outcome_of, read_settings
from bot.commands.inbox import inbox
from bot.commands.keys import keys


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
    config = read_settings()
    from bot import app
    from bot.discord.supervision import CannotConnectError
    from bot.telemetry import configure_logging
    from bot.web.server import CannotListenError

    configure_logging(config)
    outcome_of(app.run(config), CannotConnectError, CannotListenError)


@main.command()
def migrate() -> None:
    """Bring the database to what this version needs; the bot does so itself when it starts."""
    config = read_settings()
    from bot import database
    from bot.telemetry import configure_logging

    configure_logging(config)
    outcome_of(database.migrate(config.database_url))
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
    config = read_settings(wrong=1)
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

    wrong = outcome_of(say())
    click.echo("\nNothing is wrong." if not wrong else f"\n{count(wrong, 'thing is', 'things are')} wrong.")
    sys.exit(1 if wrong else 0)


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
def backup(path: Path) -> None:
    """Copy the database, beside the running bot, to the file PATH, or into the folder PATH under a name of its own."""
    config = read_settings()
    from bot.clock import system_clock
    from bot.database import back_up

    made = outcome_of(back_up(config.database_url, path, now=system_clock()))
    click.echo(f"Backed up to {made}.")


for commands in (inbox, keys, why, holds):
    main.add_command(commands)

if __name__ == "__main__":
    main(prog_name="python -m bot")
