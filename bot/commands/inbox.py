"""The platform's webhooks, and those of them that wait for a person."""

import logging

import click

from bot.commands.ending import count, fail, outcome_of, read_settings


@click.group()
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
    config = read_settings()
    from bot import operations
    from models.memberships import InboxState

    found = outcome_of(operations.listed(config, InboxState(state), newest))
    for entry in found:
        reason = f"  {entry.reason}" if entry.reason else ""
        click.echo(f"{entry.received_at:%Y-%m-%d %H:%M} UTC  {entry.webhook_id}  {entry.type}{reason}")
    click.echo(count(len(found), f"is {state}.", f"are {state}."))


@inbox.command()
@click.argument("webhook_id", metavar="ID")
@click.option("--confirm", is_flag=True, help="Your yes to what needs one: deleting a creator.")
def replay(webhook_id: str, *, confirm: bool) -> None:
    """Try a parked or ignored webhook again, after its cause is gone."""
    config = read_settings()
    from bot import operations
    from bot.telemetry import configure_logging

    configure_logging(config)
    logging.disable()  # what became of it is said here
    entry = outcome_of(operations.replay(config, webhook_id, confirmed=confirm))
    if entry is None:
        fail("There is no webhook of this id. See: python -m bot inbox list")
    reason = f": {entry.reason}" if entry.reason else ""
    click.echo(f"It is {entry.state.value}{reason}")
    if entry.state.value == "parked":
        fail(
            "If this is what you want, say --confirm."
            if entry.reason == operations.NEEDS_YES
            else "Ask the platform to send it right; see docs/platform.md."
        )
