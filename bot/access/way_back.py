"""What would bring somebody back whose access ended: nobody is told to buy again where that changes nothing.

A pure reading of the same reasons that the engine acts on, for the fan's page and for the farewell.
"""

from collections.abc import Iterable
from enum import StrEnum

from bot.access.desired import Facts, Reason
from models.memberships import MembershipStatus


class WayBack(StrEnum):
    BUY = "buy"
    """Their membership ended."""
    RESUME = "resume"
    """Their membership is paused."""
    PAY = "pay"
    """The last payment failed, and the grace is over: a late one still counts."""
    CONNECT = "connect"
    """Their account stands for nobody's memberships any more."""
    NONE = "none"
    """The server was disconnected, or the membership no longer leads there: a fan can do nothing about it."""


def way_back(facts: Facts, ended: Iterable[Reason]) -> WayBack:
    """What a fan can do whose access went with these reasons."""
    if facts.fan_id is None:
        return WayBack.CONNECT
    over = {integration.id for integration in facts.integrations if integration.is_over}
    theirs = {reason.because.membership_id for reason in ended if reason.because.integration_id not in over}
    statuses = {each.status for each in facts.memberships if each.id in theirs}
    if MembershipStatus.PAUSED in statuses:
        return WayBack.RESUME
    if MembershipStatus.PAST_DUE in statuses:
        return WayBack.PAY
    return WayBack.BUY if statuses else WayBack.NONE
