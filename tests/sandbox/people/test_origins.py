"""What the messages of an interaction tell of where they come from: hikari takes none that does not say it."""

import asyncio
from typing import Any

from bot.sandbox.discord.answers import Answer
from bot.sandbox.discord.driver import Driver
from tests.sandbox.people.rawbot import RawBot
from tests.sandbox.people.scene import Scene

type Json = dict[str, Any]

BUTTON: Json = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Name it", "custom_id": "name"}]}
FORM: Json = {
    "title": "Name it",
    "custom_id": "form",
    "components": [
        {"type": 1, "components": [{"type": 4, "style": 1, "custom_id": "name", "label": "Name"}]}
    ],
}


async def answered(raw: RawBot, person: asyncio.Task[Answer], kind: int, data: Json) -> tuple[Json, Answer]:
    """Let the bot answer what the person does; return what it was told and what the person sees."""
    told = await raw.event("INTERACTION_CREATE")
    status, _ = await raw.answer(told, kind, data)
    assert status == 204
    return told, await person


async def original(raw: RawBot, told: Json) -> Json:
    status, message = await raw.say(told, None, method="GET", where="/messages/@original")
    assert status == 200
    found: Json = message["interaction_metadata"]
    return found


async def test_the_answer_to_a_form_names_what_opened_the_form(
    raw: RawBot, driver: Driver, scene: Scene
) -> None:
    await raw.register({"name": "story", "description": "A story"})
    typing = asyncio.create_task(driver.command(scene.fred, "story", guild=scene.guild))
    command, shown = await answered(raw, typing, 4, {"content": "Choose", "components": [BUTTON]})
    pressing = asyncio.create_task(driver.press(scene.fred, shown))
    press, form = await answered(raw, pressing, 9, FORM)
    filling = asyncio.create_task(driver.fill(scene.fred, form, {"Name": "Eden"}))
    sent, _ = await answered(raw, filling, 4, {"content": "Eden"})

    assert (await original(raw, command)).keys() == {"id", "type", "user", "authorizing_integration_owners"}
    metadata = await original(raw, sent)
    opener = metadata["triggering_interaction_metadata"]
    assert (metadata["id"], metadata["type"]) == (sent["id"], 5)
    assert (opener["id"], opener["type"]) == (press["id"], 3)
    assert opener["interacted_message_id"] == str(shown.message_id)


async def test_a_follow_up_names_the_first_answer(raw: RawBot, driver: Driver, scene: Scene) -> None:
    await raw.register({"name": "story", "description": "A story"})
    typing = asyncio.create_task(driver.command(scene.fred, "story", guild=scene.guild))
    told, shown = await answered(raw, typing, 4, {"content": "First"})
    status, second = await raw.say(told, {"content": "Second"})
    assert status == 200
    assert second["interaction_metadata"]["original_response_message_id"] == str(shown.message_id)
