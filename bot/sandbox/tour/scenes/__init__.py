"""The story, chapter by chapter: each scene says what is asked, and looks at what came of it.

The scenes share one stage and build on each other: the server that the first sets up is the one the others play in.
"""

from bot.sandbox.tour.scenes import bad_days, beginnings, changes, ends, view
from bot.sandbox.tour.scenes.script import JOIN_ROUTE, ROLE_ROUTE, Scene

__all__ = ["JOIN_ROUTE", "ROLE_ROUTE", "SCENES", "Scene"]

SCENES: tuple[Scene, ...] = (
    beginnings.a_creator_sets_up,
    beginnings.a_purchase_brings_a_fan_in,
    beginnings.a_fan_who_is_inside_links,
    changes.one_of_two_memberships_ends,
    changes.an_upgrade_in_place,
    changes.an_upgrade_out_of_reach,
    changes.webhooks_repeated_reordered_forged,
    ends.the_end_and_the_second_look,
    ends.a_role_given_by_hand,
    ends.a_late_payment,
    ends.killed_between_effect_and_record,
    bad_days.discord_is_away,
    bad_days.a_role_becomes_dangerous,
    bad_days.the_bot_is_put_out_and_invited_back,
    bad_days.killed_in_the_middle_of_a_join,
    bad_days.the_brake,
    view.the_same_view,
)
