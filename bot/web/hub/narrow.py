"""Of everything that bears on a member, what one creator may read: what is because of their own integration.

A server may be several creators'. Nobody sees another one's tiers, fans or activity (DESIGN §5.3), also where both give
something to the same person, or the same role.
"""

from collections.abc import Iterator
from dataclasses import replace

from bot.access.changes import TroubleKind
from bot.access.explain import AuditLine, Explanation, Obstacle
from bot.ids import IntegrationId, RoleId

_ABOUT_THE_SEAT = frozenset({"put_out", "put_out_seen", "left_seen", "departure_decided", "spared"})
"""They name no integration: the seat in the server is one for all."""


def narrowed(found: Explanation, integration_id: IntegrationId) -> Explanation:
    """The same, of this integration alone."""
    roles = tuple(
        replace(role, due=integration_id in role.due_through)
        for role in found.roles
        if integration_id in role.through
    )
    of_these = replace(
        found,
        reasons=tuple(each for each in found.reasons if each.integration_id == integration_id),
        roles=roles,
    )
    return replace(
        of_these,
        obstacles=tuple(each for each in found.obstacles if _is_in_its_way(each, of_these)),
        history=tuple(_history(found, integration_id, {role.id for role in roles})),
    )


def _is_in_its_way(obstacle: Obstacle, found: Explanation) -> bool:
    """Of those without a role, all are about what is due; where nothing is due to the member, about what remains."""
    if obstacle.role_id is not None:
        return any(role.id == obstacle.role_id for role in found.roles)
    if TroubleKind.ROLES_DELETED in obstacle.words:
        return any(reason.broken for reason in found.reasons)
    if TroubleKind.UNVOUCHED in obstacle.words:
        return any(reason.waits for reason in found.reasons)
    return any(reason.live for reason in found.reasons) or not found.should_be_in


def _history(found: Explanation, integration_id: IntegrationId, roles: set[RoleId]) -> Iterator[AuditLine]:
    """What was done because of it, and what became of the seat since."""
    its = {each for each in found.history if _is_its(each, integration_id, roles)}
    began = min((each.at for each in its), default=None)
    for each in found.history:
        if each in its or (began and each.at >= began and each.action in _ABOUT_THE_SEAT):
            yield each


def _is_its(line: AuditLine, integration_id: IntegrationId, roles: set[RoleId]) -> bool:
    return integration_id in line.through if line.through else line.role_id in roles
