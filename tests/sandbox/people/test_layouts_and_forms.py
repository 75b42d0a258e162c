"""Components V2 and the fields of forms: what is out of shape is refused at its place, what is sound is shown, pressed and filled in."""

import asyncio
from typing import Any

import pytest

from bot.sandbox.discord.answers import Answer
from bot.sandbox.discord.driver import Cannot, Driver
from tests.sandbox.people.rawbot import RawBot
from tests.sandbox.people.scene import Scene

type Json = dict[str, Any]

IS_V2 = 1 << 15
TEXT: Json = {"type": 10, "content": "Gold"}
BUTTON: Json = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
MENU: Json = {"type": 3, "custom_id": "menu", "options": [{"label": "A", "value": "a"}]}
PICTURE: Json = {"media": {"url": "https://passes.test/gold.png"}}
THUMBNAIL: Json = {"type": 11, **PICTURE}
GALLERY: Json = {"type": 12, "items": [PICTURE]}
SEPARATOR: Json = {"type": 14}
NAMED = [{"label": each, "value": each.lower()} for each in ("Gold", "Silver", "Bronze")]
RADIO: Json = {"type": 21, "custom_id": "radio", "options": NAMED}
GROUP: Json = {"type": 22, "custom_id": "group", "options": NAMED}
CHECKBOX: Json = {"type": 23, "custom_id": "box"}
FILES: Json = {"type": 19, "custom_id": "files"}


def row(*parts: Json) -> Json:
    return {"type": 1, "components": list(parts)}


def section(*parts: Json, beside: Json | None) -> Json:
    return {"type": 9, "components": list(parts)} | ({"accessory": beside} if beside else {})


def container(*parts: Json, **more: Any) -> Json:
    return {"type": 17, "components": list(parts), **more}


def label(field: Json, text: str = "Tier") -> Json:
    return {"type": 18, "label": text, "component": field}


@pytest.fixture
async def bot(raw: RawBot) -> RawBot:
    await raw.register({"name": "story", "description": "A story"})
    return raw


async def typed(driver: Driver, bot: RawBot, scene: Scene) -> tuple[asyncio.Task[Answer], Json]:
    person = asyncio.create_task(driver.command(scene.fred, "story", guild=scene.guild))
    return person, await bot.event("INTERACTION_CREATE")


def is_refused_at(place: str, status: int, body: Json) -> bool:
    found = body["errors"]["data"]
    for part in place.split("."):
        found = found[part]
    return (status, body["code"], bool(found["_errors"])) == (400, 50035, True)


@pytest.mark.parametrize(
    ("part", "place"),
    [
        (THUMBNAIL, "type"),
        (MENU, "type"),
        ({"type": 10}, "content"),
        (section(TEXT, beside=None), "accessory"),
        (section(beside=BUTTON), "components"),
        (section(TEXT, TEXT, TEXT, TEXT, beside=BUTTON), "components"),
        (section(BUTTON, beside=THUMBNAIL), "components.0.type"),
        (section(TEXT, beside=MENU), "accessory.type"),
        (section(TEXT, beside=BUTTON | {"label": "x" * 200}), "accessory.label"),
        (section(TEXT, beside=THUMBNAIL | {"description": "x" * 1025}), "accessory.description"),
        (section(TEXT, beside={"type": 11}), "accessory.media.url"),
        ({"type": 12}, "items"),
        (GALLERY | {"items": [PICTURE] * 11}, "items"),
        (GALLERY | {"items": [{"media": {"url": "attachment://gold.png"}}]}, "items.0.media.url"),
        ({"type": 13, "file": {"url": "attachment://gold.pdf"}}, "file.url"),
        (SEPARATOR | {"spacing": 3}, "spacing"),
        (container(), "components"),
        (container(container(TEXT)), "components.0.type"),
        (container(TEXT, accent_color=1 << 24), "accent_color"),
        (container(row(BUTTON | {"label": "x" * 81})), "components.0.components.0.label"),
        (container(section(TEXT, beside=BUTTON | {"style": 9})), "components.0.accessory.style"),
    ],
)
async def test_a_layout_out_of_shape_is_refused_at_its_place(
    bot: RawBot, driver: Driver, scene: Scene, part: Json, place: str
) -> None:
    person, told = await typed(driver, bot, scene)
    status, body = await bot.answer(told, 4, {"flags": IS_V2, "components": [part]})
    assert is_refused_at(f"components.0.{place}", status, body)
    await bot.answer(told, 4, {"content": "in shape"})
    await person


async def test_components_are_counted_wherever_they_stand(bot: RawBot, driver: Driver, scene: Scene) -> None:
    person, told = await typed(driver, bot, scene)
    for many in ([container(*[TEXT] * 20)] * 2, [TEXT | {"content": "x" * 2001}] * 2):
        status, body = await bot.answer(told, 4, {"flags": IS_V2, "components": many})
        assert is_refused_at("components", status, body)
    await bot.answer(told, 4, {"content": "in shape"})
    await person


async def test_a_sound_layout_is_shown_and_pressed(bot: RawBot, driver: Driver, scene: Scene) -> None:
    person, told = await typed(driver, bot, scene)
    inside = [section(TEXT, beside=BUTTON), SEPARATOR, GALLERY, row(MENU), section(TEXT, beside=THUMBNAIL)]
    status, _ = await bot.answer(told, 4, {"flags": IS_V2, "components": [TEXT, container(*inside)]})
    assert status == 204
    shown = await person
    status, _ = await bot.say(told, None, method="GET", where="/messages/@original")
    assert status == 200
    pressing = asyncio.create_task(driver.press(scene.fred, shown, label="Go"))
    press = await bot.event("INTERACTION_CREATE")
    await bot.answer(press, 4, {"content": "Gone"})
    assert ((await pressing).content, press["data"]["custom_id"]) == ("Gone", "go")


@pytest.mark.parametrize(
    ("field", "place"),
    [
        (BUTTON, "type"),
        (MENU | {"disabled": True}, "disabled"),
        (MENU | {"min_values": 0}, "min_values"),
        (RADIO | {"custom_id": None}, "custom_id"),
        (RADIO | {"options": NAMED[:1]}, "options"),
        (RADIO | {"options": [NAMED[0]] * 2}, "options.1.value"),
        (GROUP | {"options": [{"label": str(n), "value": str(n)} for n in range(11)]}, "options"),
        (GROUP | {"max_values": 4}, "max_values"),
        (GROUP | {"min_values": 3, "max_values": 2}, "min_values"),
        (GROUP | {"min_values": 0}, "min_values"),
        (CHECKBOX | {"default": "yes"}, "default"),
        (FILES | {"max_values": 11}, "max_values"),
    ],
)
async def test_a_field_out_of_shape_is_refused_at_its_place(
    bot: RawBot, driver: Driver, scene: Scene, field: Json, place: str
) -> None:
    person, told = await typed(driver, bot, scene)
    status, body = await bot.answer(told, 9, {"title": "T", "custom_id": "f", "components": [label(field)]})
    assert is_refused_at(f"components.0.component.{place}", status, body)
    await bot.answer(told, 4, {"content": "in shape"})
    await person


async def test_boxes_are_ticked_and_a_form_is_sent(bot: RawBot, driver: Driver, scene: Scene) -> None:
    person, told = await typed(driver, bot, scene)
    ticked = [NAMED[0] | {"default": True}, *NAMED[1:]]
    fields = {
        "Tier": RADIO,
        "Extras": GROUP,
        "Ticked": GROUP | {"custom_id": "ticked", "options": ticked},
        "Who": {"type": 5, "custom_id": "who", "default_values": [{"id": str(scene.fred), "type": "user"}]},
        "Agreed": CHECKBOX,
    }
    parts = [label(field, text) for text, field in fields.items()]
    status, body = await bot.answer(told, 9, {"title": "T", "custom_id": "f", "components": parts})
    assert status == 204, body
    form = await person
    for wrong in ({"Tier": "Copper"}, {"Tier": "Gold"}, {"Tier": "Gold", "Extras": "Gold", "Wrong": "x"}):
        with pytest.raises(Cannot):
            await driver.fill(scene.fred, form, wrong)
    filled: dict[str, Any] = {"Tier": "Gold", "Extras": ["Silver", "Bronze"], "Agreed": True}
    filling = asyncio.create_task(driver.fill(scene.fred, form, filled))
    sent = await bot.event("INTERACTION_CREATE")
    await bot.answer(sent, 4, {"content": "Thanks"})
    await filling
    found = [part["component"] for part in sent["data"]["components"]]
    assert [each.get("value", each.get("values")) for each in found] == [
        "gold",
        ["silver", "bronze"],
        ["gold"],
        [str(scene.fred)],
        True,
    ]


async def test_files_are_not_handed_in(bot: RawBot, driver: Driver, scene: Scene) -> None:
    person, told = await typed(driver, bot, scene)
    proof = label(FILES | {"required": False}, "Proof")
    await bot.answer(told, 9, {"title": "T", "custom_id": "f", "components": [proof]})
    form = await person
    with pytest.raises(Cannot):
        await driver.fill(scene.fred, form, {"Proof": "gold.pdf"})
    filling = asyncio.create_task(driver.fill(scene.fred, form, {}))
    sent = await bot.event("INTERACTION_CREATE")
    await bot.answer(sent, 4, {"content": "Thanks"})
    await filling
    assert sent["data"]["components"][0]["component"]["values"] == []
