"""SECRET_KEYS, which encrypt what is stored."""

import click

from bot.commands.ending import outcome_of, read_settings


@click.group()
def keys() -> None:
    """SECRET_KEYS, which encrypt what is stored."""


@keys.command()
def rotate() -> None:
    """Encrypt everything stored with the first of SECRET_KEYS; may be repeated, and beside the running bot."""
    config = read_settings()
    from bot import operations

    done = outcome_of(operations.rotate_keys(config), operations.CannotRotateError)
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
