"""The REST endpoints, one module per noun; `TABLES` is all of them, those with fixed paths before those with parameters."""

from bot.sandbox.discord.rest import gateway, users

TABLES = (gateway.TABLE, users.TABLE)
