"""A creator with more memberships than a menu, or a message, holds: begun in Discord, ended in the Hub."""

from collections.abc import AsyncIterator, Sequence

import pytest

from bot.sandbox.discord.answers import Answer
from bot.sandbox.tour import acts
from bot.sandbox.tour.stage import INVITATION
from tests.system.bad_days.crowds import wide_limits
from tests.system.story import begun
from tests.web.hub.creator import Creator, attached

TIERS = [f"Tier {number:02}" for number in range(60)]


@pytest.fixture
async def ana(database_url: str) -> AsyncIterator[Creator]:
    """With wide rate limits: she presses faster than a person does."""
    async with begun(database_url, limits=wide_limits()) as story:
        yield await Creator.comes(story)


async def test_sixty_memberships_over_three_pages_a_restart_and_both_doors(ana: Creator) -> None:
    story, account = ana.story, ana.person.account
    await acts.sell(story, *TIERS)
    await story.discord.add_bot(story.guild, account, INVITATION)
    await acts.drag_bot_above(story, "Gold")
    ladder = await acts.name_integration(story, ana.person, await acts.prove(story, ana.person), "Club")
    ladder = await acts.refresh_roles(story, ana.person, ladder)

    page = await story.discord.press(account, ladder, label="Add Membership")
    sold = []
    for number in (1, 2, 3):
        assert f"page {number} of 3" in page.text
        sold += (shown := [option.label for option in page.selects[0].options])
        if number < 3:
            page = await story.discord.press(account, page, label="Next page")
    assert sorted(sold) == sorted([*TIERS, "Gold", "Silver"])
    asked = await story.discord.choose(account, page, shown)
    asked = await _gives_gold(ana, asked, times=5)
    await story.bot.stop()
    await story.bot.start()
    asked = await _gives_gold(ana, asked, times=2)
    assert "Which roles does" in asked.text

    left = len(shown) - 7
    assert f"{left} memberships wait" in (await ana.home()).text
    await ana.browser.follow("Choose roles")
    await _server_only(ana, times=left)
    await ana.browser.follow("Add Membership")
    others = [each for each in sold if each not in shown]
    await ana.browser.submit("Next", tier=others)
    await _server_only(ana, times=len(others))

    assert await attached() == {story.tiers[each]: 1 if each in shown[:7] else 0 for each in sold}
    await _is_all_in_discord(ana, sold)


async def _gives_gold(ana: Creator, asked: Answer, *, times: int) -> Answer:
    for _ in range(times):
        asked = await ana.story.discord.choose(ana.person.account, asked, ["Gold"])
    return asked


async def _server_only(ana: Creator, *, times: int) -> None:
    for _ in range(times):
        assert "Which roles does" in ana.page.text
        await ana.browser.submit("Server only")
    assert "Which roles does" not in ana.page.text


async def _is_all_in_discord(ana: Creator, sold: Sequence[str]) -> None:
    story, account = ana.story, ana.person.account
    summary = await story.discord.command(account, "passes setup", guild=story.guild)
    lines = sum(" gives the server" in line for line in summary.text.splitlines())
    assert f"… and {len(sold) - lines} more" in summary.text
    assert "/passes link" in summary.text

    page = await story.discord.command(account, "passes memberships", guild=story.guild)
    seen = []
    for number in (1, 2, 3):
        assert f"page {number} of 3" in page.text
        seen += [option.label for option in page.selects[0].options]
        if number < 3:
            page = await story.discord.press(account, page, label="Next page")
    assert sorted(seen) == sorted(sold)
    one = await story.discord.choose(account, page, [seen[-1]])
    assert f"**{seen[-1]}** gives the server" in one.text
