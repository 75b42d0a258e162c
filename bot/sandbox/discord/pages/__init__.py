"""Discord's client as plain pages: accounts, servers, commands and their answers, and what can be made to go wrong.

They act through the same `People`, `Play` and `Desk` as the remote control does, so that what a person does here is
allowed, refused and journalled as it is in a test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.discord.pages.front import Front
from bot.sandbox.discord.pages.machinery import Machinery
from bot.sandbox.discord.pages.room import Room
from bot.sandbox.discord.pages.servers import Servers
from bot.sandbox.discord.pages.talk import Talk

if TYPE_CHECKING:
    from bot.sandbox.discord.server import Discord

PAGES = web.AppKey("pages", Room)


def routes(discord: Discord) -> list[web.RouteDef]:
    """Return the pages of this sandbox."""
    room = Room(discord)
    discord.app[PAGES] = room
    parts = (Front(room), Servers(room), Talk(room), Machinery(room))
    return [route for part in parts for route in part.routes()]
