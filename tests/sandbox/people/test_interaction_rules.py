"""Interactions by hand: what a bot is told, when it is too late, what is out of shape, what a person cannot do."""

import asyncio
from typing import Any

import pytest

from bot.sandbox.discord.answers import Answer
from bot.sandbox.discord.callbacks import INTERACTIONS
from bot.sandbox.discord.driver import Cannot, DidNotRespond, Driver, NeverFinished, Refused
from bot.sandbox.discord.server import Discord
from tests.sandbox.people.rawbot import RawBot
from tests.sandbox.people.scene import Scene

type Json = dict[str, Any]

EPHEMERAL = 64
PASSES: Json = {
    "name": "passes",
    "description": "Memberships",
    "options": [
        {"type": 1, "name": "mine", "description": "What I have"},
        {
            "type": 1,
            "name": "fan",
            "description": "Look at somebody",
            "options": [
                {"type": 6, "name": "who", "description": "The fan", "required": True},
                {"type": 8, "name": "role", "description": "A role"},
                {"type": 4, "name": "days", "description": "Days", "min_value": 1, "max_value": 30},
                {
                    "type": 3,
                    "name": "tier",
                    "description": "Tier",
                    "choices": [{"name": "Gold", "value": "t1"}],
                },
            ],
        },
    ],
}


def row(*parts: Json) -> Json:
    return {"type": 1, "components": list(parts)}


def button(label: str, custom_id: str, **more: Any) -> Json:
    return {"type": 2, "style": 1, "label": label, "custom_id": custom_id, **more}


def link(url: str) -> Json:
    return {"type": 2, "style": 5, "label": "Open", "url": url}


def menu(*labels: str, **more: Any) -> Json:
    options = [{"label": label, "value": f"v-{label}"} for label in labels]
    return {"type": 3, "custom_id": "menu", "options": options, **more}


def field(**more: Any) -> Json:
    return {"type": 4, "style": 1, "custom_id": "name", "label": "Name", **more}


@pytest.fixture
async def bot(raw: RawBot) -> RawBot:
    await raw.register(PASSES)
    return raw


async def typed(driver: Driver, bot: RawBot, scene: Scene) -> tuple[asyncio.Task[Answer], Json]:
    """Let Fred type /passes mine; return his waiting and what the bot was told."""
    person = asyncio.create_task(driver.command(scene.fred, "passes mine", guild=scene.guild))
    return person, await bot.event("INTERACTION_CREATE")


async def shown(driver: Driver, bot: RawBot, scene: Scene, *rows: Json, **data: Any) -> Answer:
    """Let Fred see an ephemeral message with these rows."""
    person, told = await typed(driver, bot, scene)
    status, body = await bot.answer(
        told, 4, {"content": "Hi", "flags": EPHEMERAL, "components": list(rows), **data}
    )
    assert status == 204, body
    return await person


async def test_a_command_in_a_guild_says_who_where_and_what_they_may(
    bot: RawBot, driver: Driver, scene: Scene
) -> None:
    person, told = await typed(driver, bot, scene)
    await bot.answer(told, 4, {"content": "Nothing yet", "flags": EPHEMERAL})
    answer = await person

    assert told["type"] == 2
    assert told["data"]["options"] == [{"type": 1, "name": "mine", "options": []}]
    assert told["member"]["user"]["id"] == str(scene.fred)
    assert int(told["member"]["permissions"]) & (1 << 31)
    assert int(told["app_permissions"]) & (1 << 28)
    assert told["authorizing_integration_owners"] == {"0": str(scene.guild)}
    assert (told["context"], told["locale"], told["entitlements"], "user" in told) == (0, "en-US", [], False)
    assert (answer.kind, answer.content, answer.ephemeral) == ("message", "Nothing yet", True)
    assert await driver.dms(scene.fred) == []


async def test_a_command_in_a_direct_message_names_the_user(
    bot: RawBot, driver: Driver, scene: Scene
) -> None:
    person = asyncio.create_task(driver.command(scene.fred, "passes mine"))
    told = await bot.event("INTERACTION_CREATE")
    await bot.answer(told, 4, {"content": "Hello"})
    answer = await person
    assert (told["user"]["id"], told["context"], "member" in told, "guild_id" in told) == (
        str(scene.fred),
        1,
        False,
        False,
    )
    assert [message["content"] for message in await driver.dms(scene.fred)] == ["Hello"]
    assert not answer.ephemeral


async def test_options_come_with_what_they_name(bot: RawBot, driver: Driver, scene: Scene) -> None:
    options = {"who": scene.fred, "role": "Gold", "days": 3, "tier": "Gold"}
    person = asyncio.create_task(driver.command(scene.ana, "passes fan", guild=scene.guild, options=options))
    told = await bot.event("INTERACTION_CREATE")
    await bot.answer(told, 4, {"content": "Fred"})
    await person
    given = {each["name"]: each["value"] for each in told["data"]["options"][0]["options"]}
    assert given == {"who": str(scene.fred), "role": str(scene.gold), "days": 3, "tier": "t1"}
    resolved = told["data"]["resolved"]
    assert resolved["roles"][str(scene.gold)]["name"] == "Gold"
    assert resolved["users"][str(scene.fred)]["username"] == "fred"
    assert "user" not in resolved["members"][str(scene.fred)]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("nothing", None),
        ("passes", None),
        ("passes nothing", None),
        ("passes fan", {}),
        ("passes fan", {"who": 1}),
        ("passes fan", {"who": "fred", "days": 31}),
        ("passes fan", {"who": "fred", "days": "three"}),
        ("passes fan", {"who": "fred", "tier": "Silver"}),
        ("passes mine", {"extra": 1}),
    ],
)
@pytest.mark.usefixtures("bot")
async def test_only_what_is_registered_can_be_typed(
    driver: Driver, scene: Scene, name: str, options: Json | None
) -> None:
    if options and options.get("who") == "fred":
        options = {**options, "who": scene.fred}
    with pytest.raises(Cannot):
        await driver.command(scene.ana, name, guild=scene.guild, options=options)


async def test_who_is_not_there_or_lacks_the_permission_cannot_type(
    bot: RawBot, driver: Driver, scene: Scene
) -> None:
    await bot.register({"name": "admin", "description": "x", "default_member_permissions": str(1 << 5)})
    with pytest.raises(Cannot, match="may not use"):
        await driver.command(scene.fred, "admin", guild=scene.guild)
    await driver.leave(scene.guild, scene.fred)
    with pytest.raises(Cannot, match="not in"):
        await driver.command(scene.fred, "admin", guild=scene.guild)


async def test_after_three_seconds_it_is_too_late(
    bot: RawBot, driver: Driver, discord: Discord, scene: Scene
) -> None:
    discord.app[INTERACTIONS].deadline_s = 0.05
    person, told = await typed(driver, bot, scene)
    with pytest.raises(DidNotRespond):
        await person
    status, body = await bot.answer(told, 4, {"content": "late"})
    assert (status, body["code"]) == (404, 10062)


async def test_the_rule_is_three_seconds_and_fifteen_minutes(discord: Discord) -> None:
    interactions = discord.app[INTERACTIONS]
    assert (interactions.deadline_s, interactions.life_s) == (3.0, 900.0)


async def test_it_is_answered_once(bot: RawBot, driver: Driver, scene: Scene) -> None:
    person, told = await typed(driver, bot, scene)
    assert (await bot.answer(told, 4, {"content": "one"}))[0] == 204
    status, body = await bot.answer(told, 4, {"content": "two"})
    assert (status, body["code"]) == (400, 40060)
    assert (await person).content == "one"


async def test_a_stranger_s_token_is_unknown(bot: RawBot, driver: Driver, scene: Scene) -> None:
    person, told = await typed(driver, bot, scene)
    status, body = await bot.answer({**told, "token": "guessed"}, 4, {"content": "x"})
    assert (status, body["code"]) == (404, 10062)
    status, body = await bot.say(told, {"content": "too early"})
    assert (status, body["code"]) == (404, 10015)
    await bot.answer(told, 4, {"content": "done"})
    await person


async def test_a_deferral_is_filled_by_the_first_follow_up_and_stays_ephemeral(
    bot: RawBot, driver: Driver, scene: Scene
) -> None:
    person, told = await typed(driver, bot, scene)
    status, body = await bot.answer(told, 5, {"flags": EPHEMERAL}, query="?with_response=true")
    assert status == 200
    assert body["interaction"]["response_message_loading"] is True
    await bot.say(told, {"content": "first"})
    await bot.say(told, {"content": "second", "flags": EPHEMERAL})
    answer = await person
    assert (answer.content, answer.ephemeral) == ("first", True)
    assert [each.content for each in await driver.shown(scene.fred, answer)] == ["first", "second"]
    status, edited = await bot.say(told, {"content": "third"}, method="PATCH", where="/messages/@original")
    assert (status, edited["content"]) == (200, "third")
    again = await driver.look(scene.fred, answer)
    assert again is not None
    assert again.content == "third"
    assert (await bot.say(told, None, method="DELETE", where="/messages/@original"))[0] == 204
    assert await driver.look(scene.fred, answer) is None


async def test_a_deferral_without_an_end_leaves_the_person_waiting(
    bot: RawBot, driver: Driver, discord: Discord, scene: Scene
) -> None:
    discord.app[INTERACTIONS].patience_s = 0.05
    person, told = await typed(driver, bot, scene)
    await bot.answer(told, 5)
    with pytest.raises(NeverFinished):
        await person


async def test_after_fifteen_minutes_the_token_is_dead(
    bot: RawBot, driver: Driver, discord: Discord, scene: Scene
) -> None:
    person, told = await typed(driver, bot, scene)
    await bot.answer(told, 4, {"content": "one"})
    await person
    discord.app[INTERACTIONS].life_s = 0.0
    status, body = await bot.say(told, {"content": "two"})
    assert (status, body["code"]) == (401, 50027)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"components": [row(button("B", "b"))] * 6}, "components"),
        ({"components": [row(*(button("B", str(n)) for n in range(6)))]}, "components.0.components"),
        ({"components": [row(button("x" * 81, "b"))]}, "components.0.components.0.label"),
        ({"components": [row(button("B", "x" * 101))]}, "components.0.components.0.custom_id"),
        ({"components": [row(button("B", "same"), button("C", "same"))]}, "components"),
        ({"components": [row(link("https://a.test/" + "x" * 500))]}, "components.0.components.0.url"),
        ({"components": [row(link("javascript:alert(1)"))]}, "components.0.components.0.url"),
        ({"components": [row(menu(*(str(n) for n in range(26))))]}, "components.0.components.0.options"),
        ({"components": [row(menu("x" * 101))]}, "components.0.components.0.options.0.label"),
        ({"components": [row(menu("a", "a"))]}, "components.0.components.0.options.1.value"),
        ({"components": [row(menu("a", max_values=2))]}, "components.0.components.0.max_values"),
        ({"components": [row(menu("a"), button("B", "b"))]}, "components.0"),
        ({"components": [button("B", "b")]}, "components.0.type"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
        ({"embeds": [{"description": "x" * 4096}, {"description": "x" * 2000}]}, "embeds"),
        ({"flags": 1 << 15, "content": "x", "components": [{"type": 10, "content": "y"}]}, "content"),
        ({"flags": 1 << 15, "components": [{"type": 10, "content": 1}]}, "components.0.content"),
        ({"flags": 1 << 15, "components": [{"type": 17, "components": "x"}]}, "components.0.components"),
        ({"flags": 1 << 15, "components": [{"type": 9, "accessory": "x"}]}, "components.0.accessory"),
        ({"flags": "x"}, "flags"),
        ({"embeds": "x"}, "embeds"),
        ({"embeds": ["x"]}, "embeds.0"),
        ({"embeds": [{"title": 1}]}, "embeds.0.title"),
        ({"embeds": [{"footer": "x"}]}, "embeds.0.footer"),
        ({"embeds": [{"fields": ["x"]}]}, "embeds.0.fields.0"),
        ({"components": "x"}, "components"),
        ({"components": ["x"]}, "components.0"),
        ({"components": [row() | {"components": "x"}]}, "components.0.components"),
        ({"components": [row() | {"components": ["x"]}]}, "components.0.components.0"),
        ({"components": [row(button("B", "b", type=[2]))]}, "components.0.components.0.type"),
        ({"components": [row(button("B", "b", style=[1]))]}, "components.0.components.0.style"),
        ({"components": [row(button("B", "b", id=[1]))]}, "components.0.components.0.id"),
        ({"components": [row(button("B", "b") | {"custom_id": []})]}, "components.0.components.0.custom_id"),
        ({"components": [row(menu() | {"options": "x"})]}, "components.0.components.0.options"),
        ({"components": [row(menu() | {"options": ["x"]})]}, "components.0.components.0.options.0"),
    ],
)
async def test_a_message_out_of_shape_is_refused_at_its_place(
    bot: RawBot, driver: Driver, scene: Scene, data: Json, where: str
) -> None:
    person, told = await typed(driver, bot, scene)
    status, body = await bot.answer(told, 4, {"content": "x", **data})
    assert (status, body["code"], body["message"]) == (400, 50035, "Invalid Form Body")
    found = body["errors"]["data"]
    for part in where.split("."):
        found = found[part]
    assert found["_errors"][0]["message"]
    await bot.answer(told, 4, {"content": "in shape"})
    assert (await person).content == "in shape"


@pytest.mark.parametrize(
    ("modal", "where"),
    [
        ({"title": "x" * 46}, "title"),
        ({"custom_id": ""}, "custom_id"),
        ({"components": [row(field(custom_id=str(n))) for n in range(6)]}, "components"),
        ({"components": []}, "components"),
        ({"components": [row(field(label="x" * 46))]}, "components.0.components.0.label"),
        ({"components": [row(button("B", "b"))]}, "components.0.components.0.type"),
        ({"components": "x"}, "components"),
        ({"components": [{"type": 18, "label": "L", "component": "x"}]}, "components.0.component"),
    ],
)
async def test_a_form_out_of_shape_is_refused(
    bot: RawBot, driver: Driver, scene: Scene, modal: Json, where: str
) -> None:
    person, told = await typed(driver, bot, scene)
    sound = {"title": "Name it", "custom_id": "form", "components": [row(field())]}
    status, body = await bot.answer(told, 9, {**sound, **modal})
    found = body["errors"]["data"]
    for part in where.split("."):
        found = found[part]
    assert (status, body["code"], bool(found["_errors"])) == (400, 50035, True)
    await bot.answer(told, 9, sound)
    assert (await person).kind == "modal"


async def test_an_empty_answer_and_an_update_of_nothing_are_refused(
    bot: RawBot, driver: Driver, scene: Scene
) -> None:
    person, told = await typed(driver, bot, scene)
    status, body = await bot.answer(told, 4, {"content": ""})
    assert (status, body["code"]) == (400, 50006)
    status, body = await bot.answer(told, 7, {"content": "update"})
    assert (status, body["code"]) == (400, 50035)
    await bot.answer(told, 4, {"content": "done"})
    await person


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"type": "x"}, "type"),
        ({"type": 4.0, "data": {"content": "x"}}, "type"),
        ({"type": [4]}, "type"),
        ({"type": 4, "data": "x"}, "data"),
        ({"type": 5, "data": {"flags": "x"}}, "data"),
    ],
)
async def test_a_callback_out_of_shape_is_refused(
    bot: RawBot, driver: Driver, scene: Scene, body: Json, place: str
) -> None:
    person, told = await typed(driver, bot, scene)
    path = f"/interactions/{told['id']}/{told['token']}/callback"
    status, answered = await bot.request("POST", path, body)
    assert (status, answered["code"], set(answered["errors"])) == (400, 50035, {place})
    await bot.answer(told, 4, {"content": "in shape"})
    assert (await person).content == "in shape"


@pytest.mark.parametrize(
    ("kind", "choices"),
    [
        (3, "x"),
        (3, ["x"]),
        (3, [{"value": "v"}]),
        (3, [{"name": "G"}]),
        (3, [{"name": "G", "value": 5}]),
        (3, [{"name": "G", "value": "v" * 101}]),
        (3, [{"name": "G", "value": "v"}] * 26),
        (4, [{"name": "G", "value": "5"}]),
        (10, [{"name": "G", "value": 2.0**54}]),
    ],
)
async def test_suggestions_out_of_shape_are_refused(
    bot: RawBot, driver: Driver, scene: Scene, kind: int, choices: Any
) -> None:
    tier = {"type": kind, "name": "tier", "description": "Tier", "autocomplete": True}
    look = {"type": 1, "name": "at", "description": "x", "options": [tier]}
    await bot.register({"name": "look", "description": "x", "options": [look]})
    person = asyncio.create_task(
        driver.autocomplete(scene.fred, "look at", option="tier", text="1", guild=scene.guild)
    )
    told = await bot.event("INTERACTION_CREATE")
    status, body = await bot.answer(told, 8, {"choices": choices})
    assert (status, body["code"], set(body["errors"]["data"])) == (400, 50035, {"choices"})
    await bot.answer(told, 8, {"choices": []})
    assert (await person).choices == ()


async def test_a_press_can_change_the_message(bot: RawBot, driver: Driver, scene: Scene) -> None:
    answer = await shown(driver, bot, scene, row(button("Next", "next:1"), link("https://passes.test/a")))
    assert answer.link("Open") == "https://passes.test/a"
    person = asyncio.create_task(driver.press(scene.fred, answer, label="Next"))
    told = await bot.event("INTERACTION_CREATE")
    assert told["message"]["id"] == str(answer.message_id)
    assert told["data"] == {"component_type": 2, "custom_id": "next:1"}
    await bot.answer(told, 7, {"content": "Changed", "components": []})
    changed = await person
    assert (changed.kind, changed.content, changed.buttons) == ("update", "Changed", ())
    assert (changed.message_id, changed.ephemeral) == (answer.message_id, True)


async def test_a_press_can_be_deferred_and_the_message_edited_later(
    bot: RawBot, driver: Driver, scene: Scene
) -> None:
    answer = await shown(driver, bot, scene, row(button("Next", "next:1")))
    person = asyncio.create_task(driver.press(scene.fred, answer))
    told = await bot.event("INTERACTION_CREATE")
    await bot.answer(told, 6)
    await bot.say(told, {"content": "Later"}, method="PATCH", where="/messages/@original")
    changed = await person
    assert (changed.kind, changed.content, changed.labels()) == ("update", "Later", ["Next"])


async def test_a_menu_of_roles_brings_the_roles(bot: RawBot, driver: Driver, scene: Scene) -> None:
    roles = {"type": 6, "custom_id": "roles", "placeholder": "Roles", "min_values": 1, "max_values": 2}
    answer = await shown(driver, bot, scene, row(roles))
    person = asyncio.create_task(driver.choose(scene.fred, answer, ["Gold"]))
    told = await bot.event("INTERACTION_CREATE")
    await bot.answer(told, 7, {"content": "Chosen", "components": []})
    await person
    assert told["data"]["values"] == [str(scene.gold)]
    assert told["data"]["resolved"]["roles"][str(scene.gold)]["name"] == "Gold"


async def test_a_menu_takes_only_what_it_shows(bot: RawBot, driver: Driver, scene: Scene) -> None:
    answer = await shown(driver, bot, scene, row(menu("Gold", "Silver", placeholder="Tier")))
    with pytest.raises(Cannot, match="not in the menu"):
        await driver.choose(scene.fred, answer, ["Bronze"], placeholder="Tier")
    with pytest.raises(Cannot, match="1 to 1"):
        await driver.choose(scene.fred, answer, ["Gold", "Silver"])


async def test_others_see_no_ephemeral_message_and_nobody_presses_what_is_grey(
    bot: RawBot, driver: Driver, scene: Scene
) -> None:
    answer = await shown(driver, bot, scene, row(button("Go", "go", disabled=True)))
    with pytest.raises(Cannot, match="no such message"):
        await driver.press(scene.ana, answer, label="Go")
    with pytest.raises(Cannot, match="greyed out"):
        await driver.press(scene.fred, answer, label="Go")
    with pytest.raises(Cannot, match="0 components"):
        await driver.press(scene.fred, answer, label="Stop")


async def test_a_form_is_filled_by_label_and_sent(bot: RawBot, driver: Driver, scene: Scene) -> None:
    person, told = await typed(driver, bot, scene)
    form = {
        "title": "Name it",
        "custom_id": "form:7",
        "components": [
            row(field(max_length=5)),
            row(field(custom_id="note", label="Note", value="as before")),
        ],
    }
    await bot.answer(told, 9, form)
    modal = await person
    assert (modal.kind, modal.title) == ("modal", "Name it")
    with pytest.raises(Cannot, match="does not take"):
        await driver.fill(scene.fred, modal, {"Name": "too long"})
    with pytest.raises(Cannot, match="filled in"):
        await driver.fill(scene.fred, modal, {})
    with pytest.raises(Cannot, match="no field"):
        await driver.fill(scene.fred, modal, {"Name": "Gold", "Other": "x"})
    person = asyncio.create_task(driver.fill(scene.fred, modal, {"Name": "Gold"}))
    told = await bot.event("INTERACTION_CREATE")
    assert told["data"]["custom_id"] == "form:7"
    values = {
        each["components"][0]["custom_id"]: each["components"][0]["value"]
        for each in told["data"]["components"]
    }
    assert values == {"name": "Gold", "note": "as before"}
    await bot.answer(told, 4, {"content": "Named", "flags": EPHEMERAL})
    assert (await person).content == "Named"


async def test_an_option_is_completed(bot: RawBot, driver: Driver, scene: Scene) -> None:
    tier = {"type": 3, "name": "tier", "description": "Tier", "required": True, "autocomplete": True}
    await bot.register({"name": "look", "description": "x", "options": [tier]})
    person = asyncio.create_task(
        driver.autocomplete(scene.fred, "look", option="tier", text="Go", guild=scene.guild)
    )
    told = await bot.event("INTERACTION_CREATE")
    assert told["data"]["options"] == [{"type": 3, "name": "tier", "value": "Go", "focused": True}]
    await bot.answer(told, 8, {"choices": [{"name": "Gold", "value": "t1"}]})
    assert [(each.label, each.value) for each in (await person).choices] == [("Gold", "t1")]


async def test_nobody_listening_means_no_response(driver: Driver, discord: Discord, scene: Scene) -> None:
    discord.app[INTERACTIONS].deadline_s = 0.05
    discord.state.set_commands(None, [{**PASSES, "id": "1"}])
    with pytest.raises(DidNotRespond):
        await driver.command(scene.fred, "passes mine", guild=scene.guild)


async def test_an_unknown_server_is_refused(driver: Driver, scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        await driver.command(scene.fred, "passes mine", guild=1)
    assert refused.value.code == 10004
