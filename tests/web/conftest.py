"""The door's rooms on a real database file."""

from tests.web.fixtures import database, house, migrated

__all__ = ["database", "house", "migrated"]
