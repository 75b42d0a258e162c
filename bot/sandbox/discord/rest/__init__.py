"""The REST endpoints, one module per noun; in each, fixed paths stand before those with parameters, which would swallow them."""

from bot.sandbox.discord.rest import (
    applications,
    bans,
    commands,
    gateway,
    guilds,
    members,
    messages,
    roles,
    users,
)

TABLES = (
    gateway.TABLE,
    users.TABLE,
    applications.TABLE,
    commands.TABLE,
    guilds.TABLE,
    roles.TABLE,
    members.TABLE,
    bans.TABLE,
    messages.TABLE,
)
