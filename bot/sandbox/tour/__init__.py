"""The tour: the whole story, played once over the wire, with the bot as a process of its own."""

from bot.sandbox.tour.playing import main

__all__ = ["main"]
