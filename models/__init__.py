"""The tables: columns, constraints, indexes; no behaviour.

Each table is written by one room only, named in its module's first line; ``bot/access/facts.py`` may read them all.
"""

from models.access import (
    Audit,
    Departure,
    Due,
    Ending,
    FanOut,
    Grant,
    Hold,
    Refusal,
    Stay,
    Work,
)
from models.fans import AccountToken, Link, LinkChange, Notice, Seat
from models.identity import Code, CodeTry, OAuthState, Request, Session, SpentToken
from models.integrations import (
    Attachment,
    AttachmentRole,
    ChosenTier,
    CreatorAccount,
    Guild,
    GuildRole,
    Integration,
)
from models.memberships import (
    Announcing,
    CatchUp,
    Creator,
    Fan,
    InboxEvent,
    Membership,
    OutboxEvent,
    Silence,
    Tier,
    Tombstone,
)

__all__ = [
    "AccountToken",
    "Announcing",
    "Attachment",
    "AttachmentRole",
    "Audit",
    "CatchUp",
    "ChosenTier",
    "Code",
    "CodeTry",
    "Creator",
    "CreatorAccount",
    "Departure",
    "Due",
    "Ending",
    "Fan",
    "FanOut",
    "Grant",
    "Guild",
    "GuildRole",
    "Hold",
    "InboxEvent",
    "Integration",
    "Link",
    "LinkChange",
    "Membership",
    "Notice",
    "OAuthState",
    "OutboxEvent",
    "Refusal",
    "Request",
    "Seat",
    "Session",
    "Silence",
    "SpentToken",
    "Stay",
    "Tier",
    "Tombstone",
    "Work",
]
