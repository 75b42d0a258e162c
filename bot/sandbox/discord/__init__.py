"""A small Discord on loopback, so that the bot can be run, tested and shown without the real one.

It shares no code with the bot on purpose: were both sides to read Discord's documentation through the same parser, they could be
wrong together and no test would notice.
"""
