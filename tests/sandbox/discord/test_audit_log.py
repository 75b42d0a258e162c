"""What the audit log says of a change: the fields of the object as Discord's API names and writes them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox.discord.model import By
from bot.sandbox.discord.payloads import timestamp
from bot.sandbox.discord.permissions import Permission
from tests.sandbox.discord.world import Wire, World

MEMBER_UPDATE, ROLE_UPDATE, GUILD_UPDATE = 24, 31, 1


async def changes(wire: Wire, world: World, action: int) -> list[dict[str, Any]]:
    """Return the changes of the newest entry of that action, which the gateway has told alike."""
    log = await wire("GET", f"{world.path}/audit-logs?action_type={action}&limit=1")
    (entry,) = log.body["audit_log_entries"]
    told = [event.data for event in world.events if event.name == "GUILD_AUDIT_LOG_ENTRY_CREATE"]
    assert told[-1] == entry | {"guild_id": str(world.guild.id)}
    found: list[dict[str, Any]] = entry["changes"]
    return found


async def test_a_member_s_change_is_told_by_discord_s_names(wire: Wire, world: World) -> None:
    world.allow(Permission.VIEW_AUDIT_LOG | Permission.MODERATE_MEMBERS | Permission.MUTE_MEMBERS)
    until = timestamp(datetime.now(UTC) + timedelta(days=1))
    body = {"mute": True, "communication_disabled_until": until}
    assert (await wire("PATCH", world.fan_path, body)).status == 200
    assert await changes(wire, world, MEMBER_UPDATE) == [
        {"key": "communication_disabled_until", "new_value": until},
        {"key": "mute", "old_value": False, "new_value": True},
    ]
    await wire("PATCH", world.fan_path, {"communication_disabled_until": None})
    assert await changes(wire, world, MEMBER_UPDATE) == [
        {"key": "communication_disabled_until", "old_value": until}
    ]


async def test_permissions_are_text(wire: Wire, world: World) -> None:
    world.allow(Permission.VIEW_AUDIT_LOG | Permission.MANAGE_ROLES)
    role = f"{world.path}/roles/{world.gold.id}"
    assert (await wire("PATCH", role, {"permissions": str(int(Permission.MANAGE_ROLES))})).status == 200
    assert await changes(wire, world, ROLE_UPDATE) == [
        {"key": "permissions", "old_value": "0", "new_value": "268435456"}
    ]


async def test_a_server_s_change_is_told_by_its_features(wire: Wire, world: World) -> None:
    world.allow(Permission.VIEW_AUDIT_LOG)
    owner = By(user_id=world.owner.id)
    world.state.update_guild(world.guild, by=owner, invites_disabled=True, screening=True)
    assert await changes(wire, world, GUILD_UPDATE) == [
        {
            "key": "features",
            "old_value": [],
            "new_value": ["INVITES_DISABLED", "MEMBER_VERIFICATION_GATE_ENABLED"],
        }
    ]
    world.state.update_guild(world.guild, by=owner, name="Eden", owner_id=world.fan.id)
    assert await changes(wire, world, GUILD_UPDATE) == [
        {"key": "name", "old_value": "Ana's garden", "new_value": "Eden"},
        {"key": "owner_id", "old_value": str(world.owner.id), "new_value": str(world.fan.id)},
    ]
