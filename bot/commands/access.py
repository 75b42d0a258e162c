"""Why a member is as they are, and the ends of access that wait for a person's yes."""

import sys

import click

from bot.commands.ending import count, fail, outcome_of, read_settings
from bot.ids import LARGEST, AccountId, GuildId, Member

ID = click.IntRange(0, LARGEST)


@click.command()
@click.option("--guild", required=True, type=ID, help="The server's id.")
@click.option("--account", required=True, type=ID, help="The Discord account's id.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def why(guild: int, account: int, *, as_json: bool) -> None:
    """Explain one account in one server: what it should have, because of what, what was seen, what is planned."""
    config = read_settings()
    from bot import operations

    explanation = outcome_of(operations.explain(config, Member(GuildId(guild), AccountId(account))))
    if explanation is None:
        fail(
            "The bot never was in a server of this id. Copy the id in Discord: right-click the server's name."
        )
    click.echo(operations.as_json(explanation) if as_json else str(explanation))


@click.group()
def holds() -> None:
    """Ends of access that wait for a person's yes, because too many came at once."""


@holds.command("list")
def list_holds() -> None:
    """Print every hold: its id, the member, why it is held, since when."""
    config = read_settings()
    from bot import operations

    found = outcome_of(operations.held(config))
    for hold in found:
        click.echo(
            f"{hold.id}  server {hold.member.guild_id}  account {hold.member.account_id}"
            f"  {hold.cause}  since {hold.since:%Y-%m-%d %H:%M} UTC"
        )
    click.echo(count(len(found), "is held.", "are held."))


@holds.command()
@click.argument("ids", type=ID, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every hold there is.")
def release(ids: tuple[int, ...], *, everything: bool) -> None:
    """Decide these anew: whoever pays by now keeps everything, the others' access ends."""
    chosen = _chosen(ids, everything=everything)
    config = read_settings()
    from bot import operations

    done = outcome_of(operations.release(config, chosen))
    _report(done, chosen, "was released.", "were released.")


@holds.command()
@click.argument("ids", type=ID, nargs=-1, required=True)
def drop(ids: tuple[int, ...]) -> None:
    """Forget these holds: what is still to end then meets the brake again."""
    config = read_settings()
    from bot import operations

    done = outcome_of(operations.drop(config, ids))
    _report(done, ids, "was dropped.", "were dropped.")


def _chosen(ids: tuple[int, ...], *, everything: bool) -> tuple[int, ...] | None:
    if bool(ids) == everything:
        raise click.UsageError("Name the holds by their ids, or say --all.")
    return None if everything else ids


def _report(done: int, asked: tuple[int, ...] | None, one: str, many: str) -> None:
    click.echo(count(done, one, many))
    if asked is not None and done < len(set(asked)):
        click.echo("The others are no open holds: see python -m bot holds list", err=True)
        sys.exit(1)
