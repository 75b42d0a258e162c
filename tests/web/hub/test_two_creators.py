"""Two creators on one server, and a fan of both: neither reads, nor decides, what is the other's."""

from datetime import timedelta
from typing import Any

import pytest

import models
from bot.sandbox.tour import acts
from bot.sandbox.tour.stage import Person
from models import (
    Attachment,
    AttachmentRole,
    Audit,
    Grant,
    GuildRole,
    Hold,
    Integration,
    Membership,
    Stay,
    Tier,
)
from models.access import GrantState
from models.integrations import IntegrationState
from models.memberships import MembershipStatus
from tests.web.hub.creator import Creator


class Shared:
    """Ana's server with Bea in it, who holds Ana's Gold for the role Gold, and Zed's Pro for the role Silver."""

    def __init__(self, ana: Creator, bea: Person, zeds: Integration) -> None:
        self.ana = ana
        self.bea = bea
        self.zeds = zeds

    async def ends(self, tier_id: str) -> None:
        """As if the platform had said so, and the brake held it."""
        await Membership.filter(tier_id=tier_id).update(status=MembershipStatus.EXPIRED)
        await Hold.create(
            guild_id=self.ana.story.guild,
            account_id=self.bea.account,
            cause="stated",
            created_at=self.ana.story.clock(),
        )

    async def beas_page(self) -> str:
        return (await self.ana.goes(f"people/{self.bea.account}")).text


@pytest.fixture
async def shared(ana: Creator) -> Shared:
    story = ana.story
    await ana.sets_up(Gold=("Gold",))
    bea, _ = await acts.buys_and_connects(story, "Bea", "Gold", period_s=86400)
    await story.sees(bea, {"Gold"})
    await story.settles(bea)
    await models.Creator.create(id="zed", display_name="Zed")
    await Tier.create(id="pro", creator_id="zed", name="Pro")
    zeds = await Integration.create(
        creator_id="zed",
        name="Zeds",
        state=IntegrationState.CONNECTED,
        guild_id=story.guild,
        created_at=story.clock(),
    )
    silver = (await GuildRole.get(guild_id=story.guild, name="Silver")).id
    attachment = await Attachment.create(integration_id=zeds.id, tier_id="pro", created_at=story.clock())
    await AttachmentRole.create(attachment_id=attachment.id, role_id=silver)
    await Membership.create(
        id="beas-pro",
        fan_id=bea.at_platform,
        creator_id="zed",
        tier_id="pro",
        status=MembershipStatus.ACTIVE,
        updated_at=story.clock(),
        version=1,
    )
    await story.discord.give_role(story.guild, bea.account, "Silver")
    because = [{"membership_id": "beas-pro", "integration_id": zeds.id, "tier_id": "pro"}]
    mine: dict[str, Any] = {
        "guild_id": story.guild,
        "account_id": bea.account,
        "role_id": silver,
        "because": because,
    }
    stay = await Stay.get(guild_id=story.guild, account_id=bea.account)
    await Stay.filter(id=stay.id).update(seen_roles=sorted({*stay.seen_roles, silver}))
    await Grant.create(state=GrantState.SEEN, written_at=story.clock(), **mine)
    await Audit.create(at=story.clock(), action="role_given", outcome="applied", **mine)
    await Audit.create(
        at=story.clock() - timedelta(days=1),
        action="departure_decided",
        outcome="seen",
        because=[],
        guild_id=story.guild,
        account_id=bea.account,
    )
    return Shared(ana, bea, zeds)


async def test_a_page_names_nothing_that_another_creator_gives(shared: Shared) -> None:
    page = await shared.beas_page()
    assert "Gold: has it, their membership gives it" in page
    assert "Role given: Gold" in page
    assert "Silver" not in page
    assert "Pro" not in page.replace("Profile", "")
    assert "removal was decided" not in page, "before Ana gave anything"

    await shared.ana.story.discord.move_role(shared.ana.story.guild, "Silver", above="Passes Bot")
    await GuildRole.filter(name="Silver").update(position=99)
    await shared.ends("pro")
    page = await shared.beas_page()
    assert "In the way" not in page
    assert "held back" not in page


async def test_anothers_ending_is_neither_listed_nor_let_through(shared: Shared) -> None:
    await shared.ends("pro")

    assert "held back" not in (await shared.ana.home()).text
    page = await shared.ana.goes("holds")
    assert "Bea" not in page.text
    held = f"{shared.ana.story.bot_url}/hub/{await shared.ana.integration_id()}/holds/release"
    home = await shared.ana.goes("settings")
    await shared.ana.browser.post(held, home.form("Rename")[0].fields, origin=shared.ana.story.bot_url)

    assert await Hold.filter(released_at__isnull=True).count() == 1


async def test_ones_own_ending_is_listed_with_its_cause_and_let_through(shared: Shared) -> None:
    await shared.ends(shared.ana.story.tiers["Gold"])

    assert "1 ending is held back" in (await shared.ana.home()).text
    assert "The ending is held back" in await shared.beas_page()
    page = await shared.ana.goes("holds")
    assert "Bea" in page.text
    assert "Passes said that it ended" in page.text
    page = await shared.ana.browser.submit("Let them end")

    assert "They are let end" in page.text
    await shared.ana.story.sees(shared.bea, {"Silver"})


@pytest.mark.parametrize("button", ["Let them end", "Check again"])
async def test_what_ends_through_both_is_for_neither_to_decide(shared: Shared, button: str) -> None:
    """A hold is a member's: to let Ana's part end would let Zed's end too."""
    story = shared.ana.story
    await shared.ends(story.tiers["Gold"])
    await shared.ana.goes("holds")
    await Membership.filter(tier_id="pro").update(status=MembershipStatus.EXPIRED)
    before = await Hold.get()

    page = await shared.ana.browser.submit(button)

    after = await Hold.get()
    assert (after.id, after.released_at) == (before.id, None)
    assert "Part of this belongs to another creator in this server" in page.text
    assert f"hold number {before.id}" in page.text
    assert button not in page.buttons, "nothing here is hers alone"
    await story.sees(shared.bea, {"Gold", "Silver"})


async def test_what_ends_through_two_of_ones_own_is_let_through(shared: Shared) -> None:
    await Integration.filter(id=shared.zeds.id).update(creator_id=shared.ana.person.at_platform)
    await Membership.filter(tier_id="pro").update(status=MembershipStatus.EXPIRED)
    await shared.ends(shared.ana.story.tiers["Gold"])
    first = await Integration.exclude(id=shared.zeds.id).get()

    await shared.ana.browser.open(f"{shared.ana.story.bot_url}/hub/{first.id}/holds")
    page = await shared.ana.browser.submit("Let them end")

    assert "They are let end" in page.text
    await shared.ana.story.sees(shared.bea, set())
