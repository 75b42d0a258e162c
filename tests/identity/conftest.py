"""The door's rooms on a real database."""

from tests.web.fixtures import house

__all__ = ["house"]
