"""What a channel's settings allow and deny is told to the bot, and noted in the audit log."""

from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.discord.server import Discord
from bot.sandbox.discord.state import By
from tests.sandbox.people.rawbot import GUILDS, RawBot
from tests.sandbox.people.scene import Scene

MODERATION = 1 << 2


async def test_overwrites_are_told_and_noted_in_the_audit_log(
    discord: Discord, driver: Driver, scene: Scene
) -> None:
    state, guild = discord.state, discord.state.guilds[scene.guild]
    channel = next(iter(guild.channels.values()))
    async with RawBot(discord) as raw:
        await driver.add_bot(scene.guild, scene.ana, Permission.VIEW_AUDIT_LOG)
        await raw.connect()
        await raw.identify(intents=GUILDS | MODERATION)
        await raw.event("GUILD_CREATE")
        by = By(user_id=scene.ana)
        state.overwrite(guild, channel, guild.id, deny=Permission.SEND_MESSAGES, by=by)
        state.overwrite(guild, channel, guild.id, allow=Permission.SEND_MESSAGES, by=by)
        state.overwrite(guild, channel, scene.fred, deny=Permission.SEND_MESSAGES, by=by)
        assert len((await raw.event("CHANNEL_UPDATE"))["permission_overwrites"]) == 1
        made = await raw.event("GUILD_AUDIT_LOG_ENTRY_CREATE")
        changed = await raw.event("GUILD_AUDIT_LOG_ENTRY_CREATE")
        assert len((await raw.event("CHANNEL_UPDATE"))["permission_overwrites"]) == 2
        of_fred = await raw.event("GUILD_AUDIT_LOG_ENTRY_CREATE")
    told = [(each["action_type"], each["target_id"]) for each in (made, changed, of_fred)]
    assert told == [(13, str(channel.id)), (14, str(channel.id)), (13, str(channel.id))]
    everyone = {"id": str(guild.id), "type": "0", "role_name": "@everyone"}
    assert (made["options"], of_fred["options"]) == (everyone, {"id": str(scene.fred), "type": "1"})
    assert made["changes"] == [{"key": "allow", "new_value": "0"}, {"key": "deny", "new_value": "2048"}]
    assert changed["changes"] == [
        {"key": "allow", "old_value": "0", "new_value": "2048"},
        {"key": "deny", "old_value": "2048", "new_value": "0"},
    ]
