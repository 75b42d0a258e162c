"""Register the slash commands with Discord: one look, and one write only if something differs.

nextcord would look and write at every login, command by command, and delete what it does not know; a bulk PUT
replaces the whole set at once and costs nothing when nothing changed.
"""

from typing import Any

import structlog

from bot.discord.client import Client

log = structlog.get_logger()

_KEPT = ("type", "name", "description", "contexts", "integration_types", "nsfw", "default_member_permissions")


async def sync_commands(client: Client) -> bool:
    """Make Discord's global commands ours; returns whether anything was written."""
    application_id = client.application_id
    if application_id is None:
        raise RuntimeError("the client was built without an application id")
    wanted: list[Any] = [command.get_payload(None) for command in client.get_all_application_commands()]
    known = await client.http.get_global_commands(application_id)
    changed = _shape(wanted) != _shape(known)
    if changed:
        known = await client.http.bulk_upsert_global_commands(application_id, wanted)
        log.info("commands_registered", count=len(wanted))
    await client.sync_application_commands(
        known, delete_unknown=False, update_known=False, register_new=False
    )
    return changed


def _shape(commands: Any) -> list[dict[str, Any]]:
    """What matters of a set of commands, in one order, without what Discord adds or leaves out when it is the default."""
    shaped = [_command(command) for command in commands]
    return sorted(shaped, key=lambda command: str(command["name"]))


def _command(command: dict[str, Any]) -> dict[str, Any]:
    kept = {name: command.get(name) for name in _KEPT if command.get(name) not in (None, False)}
    kept |= {name: sorted(value) for name, value in kept.items() if isinstance(value, list)}
    return kept | {"options": [_option(option) for option in command.get("options") or ()]}


def _option(option: dict[str, Any]) -> dict[str, Any]:
    kept = {
        name: value
        for name, value in option.items()
        if value not in (None, False, [], {}) and name not in {"options", "choices"}
    }
    kept["options"] = [_option(inner) for inner in option.get("options") or ()]
    kept["choices"] = [(choice["name"], choice["value"]) for choice in option.get("choices") or ()]
    return kept
