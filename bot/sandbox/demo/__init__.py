"""`make demo`: the bot on the sandbox with a little world in it, and pages to play with.

Everything a newcomer does happens in a browser on this machine; nothing needs an account anywhere.
"""

from bot.sandbox.demo.run import main

__all__ = ["main"]
