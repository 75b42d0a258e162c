"""SIGKILL at every request of a creator's setup: whoever begins again ends with the same integration, once."""

from dataclasses import replace
from functools import partial

import pytest

from bot.sandbox.tour import acts
from bot.sandbox.tour.stage import Person
from models import Attachment, AttachmentRole, GuildRole, Integration, Tier
from tests.system.killed import patient
from tests.system.killed.ground import GIVES, Ground, Moment

PARTS = 3
"""A setup makes so many requests that its deaths are spread over several tests."""


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_wherever_it_is_killed_the_same_is_set_up(ground: Ground, moment: Moment, part: int) -> None:
    await ground.bot.start()
    stage, ana = await _before_setup(ground, "Ana")
    requests = await ground.requests_of(partial(_sets_up, stage, ana))
    undisturbed = await _set_up(ana)
    assert undisturbed == [
        ("VIP rooms", "connected", [("Gold", ["Gold", "Lounge"]), ("Silver", ["Lounge", "Silver"])])
    ]

    for number, request in list(enumerate(requests))[part::PARTS]:
        stage, owner = await _before_setup(ground, f"Owner{number}")
        await ground.killed_at(request, moment, partial(_sets_up, stage, owner))

        assert await _set_up(owner) == undisturbed, str(request)


async def _before_setup(ground: Ground, name: str) -> tuple[Ground, Person]:
    """A creator with memberships to sell and a server with the bot in it, its role where it has to be."""
    stage = replace(ground, tiers={})
    owner = await stage.owner(name)
    await acts.open_server(stage, owner, f"{name}'s Studio", ("Gold", "Silver", "Lounge"))
    await acts.sell(stage, *GIVES)
    await acts.drag_bot_above(stage, "Gold")
    return stage, owner


async def _sets_up(stage: Ground, owner: Person) -> None:
    done = False

    async def set_up() -> None:
        nonlocal done
        await patient.set_up(stage, owner, "VIP rooms", GIVES)
        done = True

    async def is_done() -> bool:
        return done

    await stage.until(is_done, "the summary of the setup", act=set_up)


type Attached = list[tuple[str, list[str]]]


async def _set_up(owner: Person) -> list[tuple[str, str, Attached]]:
    """Every integration of the creator's: name, state, and which tiers give which roles."""
    rows = await Integration.filter(creator_id=owner.at_platform)
    return [(row.name, str(row.state), await _attached(row.id)) for row in rows]


async def _attached(integration_id: int) -> Attached:
    found = []
    for attachment in await Attachment.filter(integration_id=integration_id):
        tier = await Tier.get(id=attachment.tier_id)
        ids = await AttachmentRole.filter(attachment_id=attachment.id).values_list("role_id", flat=True)
        names = await GuildRole.filter(id__in=ids).values_list("name", flat=True)
        found.append((tier.name, sorted(map(str, names))))
    return sorted(found)
