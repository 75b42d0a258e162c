"""A small membership platform on loopback: it sells, signs its webhooks, answers for the truth, hands people over."""

from .deliveries import Reply
from .driver import PlatformDriver, PlatformError
from .server import Platform

__all__ = ["Platform", "PlatformDriver", "PlatformError", "Reply"]
