"""Detaching, disconnecting, removing and holding back; the bot gone and back."""

import pytest

from bot.access.brake import FLOOR
from bot.ids import IntegrationId
from bot.sandbox.tour import acts
from bot.sandbox.tour.stage import INVITATION, Person
from models import Attachment, Ending, Guild, Hold, Integration, Membership
from models.integrations import EndPolicy, IntegrationState
from models.memberships import MembershipStatus
from tests.waiting import until
from tests.web.hub.creator import Creator


async def _with_bea(ana: Creator) -> Person:
    await ana.sets_up(Gold=("Gold",))
    bea, _ = await acts.buys_and_connects(ana.story, "Bea", "Gold", period_s=86400)
    await ana.story.sees(bea, {"Gold"})
    return bea


async def test_detaching_names_the_number_and_ends_access(ana: Creator) -> None:
    bea = await _with_bea(ana)

    asked = await ana.goes(f"detach?tier={ana.story.tiers['Gold']}")
    assert "1 person holds this membership" in asked.text
    page = await ana.browser.submit("Detach Gold")

    assert "Detached." in page.text
    await ana.story.sees(bea, set())


async def test_detaching_where_people_keep_what_they_have_says_so(ana: Creator) -> None:
    bea = await _with_bea(ana)
    await Integration.all().update(policy=EndPolicy.KEEP)

    asked = await ana.goes(f"detach?tier={ana.story.tiers['Gold']}")
    assert "loses" not in asked.text
    page = await ana.browser.submit("Detach Gold")

    assert "Detached. Who had something through it keeps it" in page.text
    await ana.story.settles(bea)
    await ana.story.sees(bea, {"Gold"})


async def test_disconnecting_shows_progress_and_can_be_used_again(ana: Creator) -> None:
    bea = await _with_bea(ana)
    await ana.story.settles(bea)

    asked = await ana.goes("disconnect")
    assert "It reaches 1 person" in asked.text
    page = await ana.browser.submit("Disconnect")
    assert "Closing" in page.text or "Disconnected" in page.text
    await ana.story.sees(bea, set())
    await ana.story.settles(bea)
    await ana.story.later(hours=2)
    await ana.story.sees_gone(bea)
    await ana.story.settles(bea)
    await ana.sees_state("closed")

    assert "Disconnected" in (await ana.opens("/hub")).text
    page = await ana.browser.submit("Use again")
    assert "Not Connected" in page.text
    await ana.browser.submit("Connect your Discord")
    await ana.browser.submit("Yes, connect")
    await ana.browser.submit("Refresh Roles")
    assert "1 membership waits for its roles" in (await ana.home()).text


async def test_removing_with_keep_leaves_roles_and_no_row(ana: Creator) -> None:
    bea = await _with_bea(ana)
    await ana.story.settles(bea)

    await ana.goes("remove")
    await ana.browser.submit("Remove", keep="yes")

    await ana.sees_state("gone")
    assert await Attachment.all().count() == 0
    await ana.story.sees(bea, {"Gold"})


async def test_what_is_held_back_is_named_and_released(ana: Creator) -> None:
    bea = await _with_bea(ana)
    await ana.story.settles(bea)
    await Membership.all().update(status=MembershipStatus.EXPIRED)
    await Hold.create(
        guild_id=ana.story.guild, account_id=bea.account, cause="stated", created_at=ana.story.clock()
    )
    await Hold.create(guild_id=ana.story.guild, account_id=77, cause="stated", created_at=ana.story.clock())

    assert "1 ending is held back" in (await ana.home()).text
    page = await ana.goes("holds")
    assert "Bea" in page.text
    page = await ana.browser.submit("Let them end")

    assert "They are let end" in page.text
    assert await Hold.filter(account_id=77, released_at__isnull=True).count() == 1, "not this integration's"
    await ana.story.sees(bea, set())


async def test_what_is_checked_again_meets_the_brake_once_more(ana: Creator) -> None:
    bea, now = await _with_bea(ana), ana.story.clock()
    await ana.story.settles(bea)
    await Membership.all().update(status=MembershipStatus.EXPIRED)
    for other in range(FLOOR):
        await Ending.create(guild_id=ana.story.guild, account_id=other, cause="stated", at=now)
    before = await Hold.create(
        guild_id=ana.story.guild, account_id=bea.account, cause="stated", created_at=now
    )

    await ana.goes("holds")
    page = await ana.browser.submit("Check again")

    assert "They are checked again now" in page.text
    await until(lambda: Hold.exists(account_id=bea.account, id__not=before.id), "her end held once more")
    await ana.story.sees(bea, {"Gold"})


async def test_gone_and_back_goes_on_where_the_creator_still_manages_the_server(ana: Creator) -> None:
    bea = await _with_bea(ana)
    await ana.story.settles(bea)
    await ana.story.discord.kick_bot(ana.story.guild)
    await ana.sees_state("needs_attention", "bot_absent")
    assert "Add Passes Bot again" in (await ana.home()).buttons

    await ana.story.discord.add_bot(ana.story.guild, ana.person.account, INVITATION)
    await ana.story.discord.move_role(ana.story.guild, "Passes Bot", above="Gold")

    await ana.sees_state("connected")
    assert (await Integration.get()).vouch_at is None
    cyd, _ = await acts.buys_and_connects(ana.story, "Cyd", "Gold", period_s=86400)
    await ana.story.sees(cyd, {"Gold"})


async def test_back_by_a_stranger_gives_nothing_new_until_the_creator_manages_it_again(ana: Creator) -> None:
    story = ana.story
    bea = await _with_bea(ana)
    await story.settles(bea)
    heir = await story.discord.create_user("heir")
    await story.discord.join(story.guild, heir)
    await story.discord.kick_bot(story.guild)
    await ana.sees_state("needs_attention", "bot_absent")
    await story.discord.transfer(story.guild, heir)
    await story.discord.add_bot(story.guild, heir, INVITATION)
    await story.discord.move_role(story.guild, "Passes Bot", above="Gold")

    await ana.sees_state("needs_attention", "unvouched")
    cyd, _ = await acts.buys_and_connects(story, "Cyd", "Gold", period_s=86400)
    await story.everything_settles()
    assert not await story.inside(cyd)
    assert await story.roles(bea) == {"Gold"}, "what was given stays"
    assert "cannot manage the server" in (await ana.home()).text

    await story.discord.transfer(story.guild, ana.person.account)
    await ana.browser.submit("Refresh Roles")

    await ana.sees_state("connected")
    await story.sees(cyd, {"Gold"})


async def test_a_new_owner_has_a_veto_in_discord_and_the_hub_shows_it(ana: Creator) -> None:
    story = ana.story
    bea = await _with_bea(ana)
    await story.settles(bea)
    heir = await story.discord.create_user("heir")
    await story.discord.join(story.guild, heir)
    await story.discord.transfer(story.guild, heir)

    async def known() -> bool:
        return await Guild.exists(id=story.guild, owner_id=heir)

    await until(known, "the server's new owner is known")
    listed = await story.discord.command(heir, "passes memberships", guild=story.guild)
    assert "**VIP rooms** of Ana: ✅ Connected" in listed.text
    assert "Gold" not in listed.text

    asked = await story.discord.choose(heir, listed, ["VIP rooms"])
    assert "It reaches **1 person**" in asked.text
    listed = await story.discord.press(heir, asked, label="Back")
    asked = await story.discord.choose(heir, listed, ["VIP rooms"])
    closing = await story.discord.press(heir, asked, label="Disconnect, they keep what they have")
    assert "being disconnected" in closing.text or "Disconnected" in closing.text

    await ana.sees_state("closed")
    assert "People keep what they have; Passes Bot no longer changes it." in (await ana.home()).text
    assert "Disconnected" in (await ana.opens("/hub")).text
    await story.sees(bea, {"Gold"})


async def _the_bot_is_removed(ana: Creator) -> None:
    story = ana.story
    await story.discord.kick_bot(story.guild)

    async def noticed() -> bool:
        return not await Guild.exists(id=story.guild, bot_present=True)

    await until(noticed, "the bot gone from the server")


async def test_with_the_bot_gone_it_is_disconnected_all_the_same_and_people_keep_what_they_have(
    ana: Creator,
) -> None:
    bea = await _with_bea(ana)
    await ana.story.settles(bea)
    await _the_bot_is_removed(ana)

    asked = await ana.goes("disconnect")
    assert "whoever has something keeps it" in asked.text
    page = await ana.browser.submit("Disconnect")

    assert page.status == 200, page.text
    await ana.sees_state("closed", "bot_absent")
    await ana.story.sees(bea, {"Gold"})


@pytest.mark.parametrize(("button", "ends_as"), [("Disconnect", "closed"), ("Remove", "gone")])
async def test_a_bot_gone_before_the_press_is_said_before_everybody_keeps_everything(
    ana: Creator, button: str, ends_as: str
) -> None:
    bea = await _with_bea(ana)
    await ana.story.settles(bea)
    await ana.goes(button.lower())
    await _the_bot_is_removed(ana)

    asked = await ana.browser.submit(button, keep="no")

    assert "whoever has something keeps it" in asked.text
    row = await Integration.get()
    assert (row.state, row.closing_policy) == (IntegrationState.NEEDS_ATTENTION, None)
    await ana.browser.submit(button)
    await ana.sees_state(ends_as, None if ends_as == "gone" else "bot_absent")


async def test_a_bot_removed_while_it_closes_can_be_added_again_and_goes_on(ana: Creator) -> None:
    bea = await _with_bea(ana)
    await ana.story.settles(bea)
    await _the_bot_is_removed(ana)
    await ana.story.house.rooms.closing.close(IntegrationId(await ana.integration_id()))

    await ana.home()
    page = await ana.browser.submit("Add Passes Bot again")

    assert page.status == 200, page.text
    assert page.url.partition("?")[0].endswith(f"/hub/{await ana.integration_id()}"), page.url
    await ana.story.discord.move_role(ana.story.guild, "Passes Bot", above="Gold")
    await ana.story.sees(bea, set())


async def test_or_everything_is_left_as_it_is_there(ana: Creator) -> None:
    bea = await _with_bea(ana)
    await ana.story.settles(bea)
    await _the_bot_is_removed(ana)
    await ana.story.house.rooms.closing.close(IntegrationId(await ana.integration_id()))

    await ana.home()
    page = await ana.browser.submit("Leave everything as it is")

    assert page.status == 200, page.text
    await ana.sees_state("closed", "bot_absent")
    await ana.story.sees(bea, {"Gold"})


async def test_what_closes_is_removed_while_the_bot_is_gone(ana: Creator) -> None:
    bea = await _with_bea(ana)
    await ana.story.settles(bea)
    await _the_bot_is_removed(ana)
    await ana.story.house.rooms.closing.close(IntegrationId(await ana.integration_id()))

    asked = await ana.goes("remove")
    assert "whoever has something keeps it" in asked.text
    await ana.browser.submit("Remove")

    await ana.sees_state("gone")
    await ana.story.sees(bea, {"Gold"})
