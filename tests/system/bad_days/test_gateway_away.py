"""The gateway drops, resumes, refuses to resume, or does not open at all; what happened meanwhile is known afterwards."""

import asyncio
from functools import partial

import pytest

from bot.sandbox.tour import acts
from bot.sandbox.tour.stage import Person
from tests.system.story import Story
from tests.waiting import until

GOLD = {"Gold", "Lounge"}


async def _session(story: Story) -> str:
    """The connected session, as Discord sees it; empty: there is none."""
    sessions = await story.discord.gateway_sessions()
    return "".join(each["session_id"] for each in sessions if each["connected"])


async def _reconnects(story: Story) -> str:
    """Returns the session that it has then."""
    session: str = await until(partial(_session, story), "the gateway connected again")
    return session


async def _answers(story: Story, person: Person) -> None:
    """Somebody types a command and is answered in time."""
    answer = await story.discord.command(person.account, "passes help", guild=story.guild)
    assert "/passes link" in answer.text


@pytest.mark.parametrize("resumable", [True, False], ids=["resumed", "refused to resume"])
async def test_it_drops_and_what_changed_meanwhile_is_known(story: Story, resumable: bool) -> None:  # noqa: FBT001 - a parameter of the story
    ana = await story.given_a_server()
    session = await _session(story)
    await story.discord.hold_gateway()
    await story.discord.disconnect_gateway(resumable=resumable)

    await acts.drag_above_bot(story, "Gold")
    await story.discord.release_gateway()

    assert (await _reconnects(story) == session) is resumable
    await _answers(story, ana)
    await story.shows(ana, "not below Passes Bot")
    await acts.drag_bot_above(story, "Gold")
    await story.given_a_fan_inside("Bea", "Gold")


@pytest.mark.parametrize("reset", [False, True], ids=["ended", "reset"])
async def test_the_connection_dies_without_a_word(story: Story, reset: bool) -> None:  # noqa: FBT001 - a parameter of the story
    ana = await story.given_a_server()
    session = await _session(story)
    await story.discord.hold_gateway()
    await story.discord.drop_gateway(reset=reset)
    await acts.drag_above_bot(story, "Gold")
    await story.discord.release_gateway()

    assert await _reconnects(story) == session
    await _answers(story, ana)
    await story.shows(ana, "not below Passes Bot")


async def test_discord_asks_to_connect_anew(story: Story) -> None:
    ana = await story.given_a_server()
    session = await _session(story)

    await story.discord.ask_gateway_to_reconnect()

    assert await _reconnects(story) == session
    await _answers(story, ana)


async def test_while_it_is_away_who_buys_is_served_all_the_same(story: Story) -> None:
    ana = await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Silver")
    await story.discord.hold_gateway()
    await story.discord.disconnect_gateway()

    await story.platform.upgrade(membership, story.tiers["Gold"])
    await story.sees_in_time(bea, GOLD)
    assert not await _session(story)

    await story.discord.release_gateway()
    await _reconnects(story)
    await _answers(story, ana)


async def test_the_first_connection_fails(story: Story) -> None:
    ana = await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Silver")
    await story.bot.stop()
    await story.discord.hold_gateway()
    await story.discord.fault(do="status", status=503, route="GET /gateway", times=4)
    await story.platform.upgrade(membership, story.tiers["Gold"])

    async with asyncio.TaskGroup() as both:
        both.create_task(story.bot.start())
        await story.sees_in_time(bea, GOLD)
        await story.discord.release_gateway()

    await _answers(story, ana)
