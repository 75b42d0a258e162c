"""Passes Bot: memberships sold on a platform, kept true in Discord."""
