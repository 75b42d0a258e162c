"""Application commands over the wire: registered, kept, refused with each mistake at its place."""

from typing import Any

import pytest

from tests.sandbox.discord.world import Wire, World

LINK = {"type": 1, "name": "link", "description": "Connect your Discord account"}
PASSES = {"name": "passes", "description": "Your memberships", "options": [LINK]}


@pytest.fixture(params=["global", "guild"])
def path(request: pytest.FixtureRequest, world: World) -> str:
    place = f"/guilds/{world.guild.id}" if request.param == "guild" else ""
    return f"/applications/{world.state.app.id}{place}/commands"


async def test_a_bulk_put_makes_these_the_commands(wire: Wire, path: str) -> None:
    first = await wire("PUT", path, [PASSES, {"name": "Look", "type": 2}])
    assert first.status == 200
    assert [(each["name"], each["type"]) for each in first.body] == [("passes", 1), ("Look", 2)]
    second = await wire("PUT", path, [PASSES])
    assert second.body == first.body[:1]
    assert (await wire("GET", path)).body == second.body


async def test_the_id_stays_with_the_name_and_the_version_with_the_content(wire: Wire, path: str) -> None:
    (before,) = (await wire("PUT", path, [PASSES])).body
    (after,) = (await wire("PUT", path, [PASSES | {"description": "All your memberships"}])).body
    assert after["id"] == before["id"]
    assert after["version"] != before["version"]


async def test_one_command_is_added_changed_and_taken_away(wire: Wire, path: str) -> None:
    added = await wire("POST", path, PASSES)
    assert added.status == 201
    again = await wire("POST", path, PASSES | {"description": "Other"})
    assert (again.status, again.body["id"]) == (200, added.body["id"])
    one = f"{path}/{added.body['id']}"
    changed = await wire("PATCH", one, {"description": "Third"})
    assert (changed.body["description"], changed.body["options"]) == ("Third", [LINK])
    assert (await wire("GET", one)).body == changed.body
    assert (await wire("DELETE", one)).status == 204
    assert (await wire("GET", one)).refusal == (404, 10063)


async def test_the_places_are_apart(wire: Wire, world: World) -> None:
    application = f"/applications/{world.state.app.id}"
    await wire("PUT", f"{application}/commands", [PASSES])
    in_guild = f"{application}/guilds/{world.guild.id}/commands"
    assert (await wire("GET", in_guild)).body == []
    (command,) = (await wire("PUT", in_guild, [PASSES])).body
    assert command["guild_id"] == str(world.guild.id)


async def test_commands_are_for_ones_own_application_and_guilds(wire: Wire, world: World) -> None:
    elsewhere = world.state.create_guild("Elsewhere", world.owner.id)
    assert (await wire("GET", "/applications/1/commands")).refusal == (403, 20012)
    path = f"/applications/{world.state.app.id}/guilds/{elsewhere.id}/commands"
    assert (await wire("PUT", path, [])).refusal == (403, 50001)


def option(**fields: Any) -> dict[str, Any]:
    return PASSES | {"options": [{"type": 3, "name": "code", "description": "Your code"} | fields]}


@pytest.mark.parametrize(
    ("command", "place"),
    [
        (PASSES | {"name": "Passes"}, "name"),
        (PASSES | {"name": "two words"}, "name"),
        (PASSES | {"description": ""}, "description"),
        (PASSES | {"description": "x" * 101}, "description"),
        (PASSES | {"options": [LINK] * 26}, "options"),
        (PASSES | {"options": [LINK, LINK]}, "options.1.name"),
        (PASSES | {"options": [LINK, {"type": 3, "name": "code", "description": "x"}]}, "options"),
        (PASSES | {"options": [LINK | {"options": [LINK]}]}, "options.0.options.0.type"),
        (PASSES | {"options": ["link"]}, "options.0"),
        (option(name="Code"), "options.0.name"),
        (option(description="x" * 101), "options.0.description"),
        (option(type=99), "options.0.type"),
        (option(choices=[{"name": "", "value": "a"}]), "options.0.choices.0.name"),
        (option(choices=[{"name": "a", "value": "a"}], autocomplete=True), "options.0.autocomplete"),
        (option(type=8, choices=[{"name": "a", "value": "a"}]), "options.0.choices"),
        (option(choices=[{"name": "a"}]), "options.0.choices.0.value"),
        (option(choices=[{"name": "a", "value": 5}]), "options.0.choices.0.value"),
        (option(choices=[{"name": "a", "value": "x" * 101}]), "options.0.choices.0.value"),
        (option(type=4, choices=[{"name": "a", "value": "5"}]), "options.0.choices.0.value"),
        (option(type=4, choices=[{"name": "a", "value": 1.5}]), "options.0.choices.0.value"),
        (option(type=4, choices=[{"name": "a", "value": 1 << 53}]), "options.0.choices.0.value"),
        (option(type=10, choices=[{"name": "a", "value": True}]), "options.0.choices.0.value"),
        (option(choices=["a"]), "options.0.choices.0"),
        (option(type=5, autocomplete=True), "options.0.autocomplete"),
        (option(autocomplete="yes"), "options.0.autocomplete"),
        (option(max_length=6001), "options.0.max_length"),
        (option(max_length=0), "options.0.max_length"),
        (option(min_length=-1), "options.0.min_length"),
        (option(min_length=5, max_length=1), "options.0.min_length"),
        (option(type=4, min_value=5, max_value=1), "options.0.min_value"),
        (option(type=4, min_value=1.5), "options.0.min_value"),
        (option(type=10, max_value="5"), "options.0.max_value"),
        (option(type=10, max_value=2.0**54), "options.0.max_value"),
        (option(min_value=1), "options.0.min_value"),
        (option(type=4, max_length=1), "options.0.max_length"),
        (option(channel_types=[0]), "options.0.channel_types"),
        ({"name": "Look", "type": 2, "description": "no"}, "description"),
        (PASSES | {"name_localizations": {"de": "Mitgliedschaften"}}, "name_localizations.de"),
        (PASSES | {"name_localizations": {"xx": "passes"}}, "name_localizations.xx"),
        (PASSES | {"description_localizations": {"fr": "x" * 101}}, "description_localizations.fr"),
        (PASSES | {"description_localizations": "fr"}, "description_localizations"),
        (option(name_localizations={"de": "zwei Worte"}), "options.0.name_localizations.de"),
        (
            option(choices=[{"name": "a", "value": "a", "name_localizations": {"de": ""}}]),
            "options.0.choices.0.name_localizations.de",
        ),
        (PASSES | {"contexts": [0, 3]}, "contexts.1"),
        (PASSES | {"integration_types": [2]}, "integration_types.0"),
        (PASSES | {"default_member_permissions": "all"}, "default_member_permissions"),
    ],
)
async def test_each_mistake_is_named_at_its_place(
    wire: Wire, world: World, command: dict[str, Any], place: str
) -> None:
    path = f"/applications/{world.state.app.id}/commands"
    answer = await wire("PUT", path, [PASSES | {"name": "fine"}, command])
    assert answer.refusal == (400, 50035)
    found = answer.body["errors"]["1"]
    for part in place.split("."):
        found = found[part]
    assert found["_errors"]
    assert world.state.commands_in(None) == []


async def test_required_options_come_first_and_names_are_unique(wire: Wire, world: World) -> None:
    path = f"/applications/{world.state.app.id}/commands"
    options = [
        {"type": 3, "name": "a", "description": "a"},
        {"type": 3, "name": "b", "description": "b", "required": True},
    ]
    answer = await wire("POST", path, PASSES | {"options": options})
    assert answer.body["errors"]["options"]["1"]["required"]["_errors"]
    twice = await wire("PUT", path, [PASSES, PASSES])
    assert twice.body["errors"]["1"]["name"]["_errors"][0]["code"] == "APPLICATION_COMMANDS_DUPLICATE_NAME"
    assert (await wire("PUT", path, {"name": "x"})).refusal == (400, 50035)


async def test_there_is_an_end_to_commands_of_each_type(wire: Wire, path: str) -> None:
    many = [PASSES | {"name": f"passes-{n}"} for n in range(101)]
    looks = [{"type": kind, "name": f"Look {n}"} for kind in (2, 3) for n in range(15)]
    assert (await wire("PUT", path, many)).refusal == (400, 30032)
    assert (await wire("PUT", path, [*looks, {"type": 2, "name": "Look"}])).refusal == (400, 30032)
    assert (await wire("PUT", path, [*many[:100], *looks])).status == 200
    for one in (PASSES, *({"type": kind, "name": "Look"} for kind in (2, 3))):
        assert (await wire("POST", path, one)).refusal == (400, 30032)
    assert (await wire("POST", path, many[0])).status == 200


async def test_an_option_says_what_it_takes(wire: Wire, path: str) -> None:
    described = {"name": "x", "description": "x"}
    options = [
        described | {"type": 3, "name": "a", "min_length": 0, "max_length": 6000, "autocomplete": True},
        described | {"type": 3, "name": "b", "choices": [{"name": "a", "value": "x" * 100}]},
        described | {"type": 4, "name": "c", "min_value": 1 - (1 << 53), "max_value": (1 << 53) - 1},
        described | {"type": 4, "name": "d", "choices": [{"name": "a", "value": 0}]},
        described | {"type": 10, "name": "e", "min_value": 0, "max_value": 1.5},
        described | {"type": 10, "name": "f", "choices": [{"name": "a", "value": 1.5}]},
        described | {"type": 7, "name": "g", "channel_types": [0]},
    ]
    assert (await wire("PUT", path, [described | {"options": options}])).status == 200


async def test_a_command_of_a_guild_is_not_for_direct_messages(wire: Wire, world: World) -> None:
    path = f"/applications/{world.state.app.id}/guilds/{world.guild.id}/commands"
    answer = await wire("PUT", path, [PASSES | {"contexts": [0, 1]}])
    assert (answer.status, set(answer.body["errors"]["0"]["contexts"])) == (400, {"1"})
    answer = await wire("POST", path, PASSES | {"contexts": [1]})
    assert (answer.status, set(answer.body["errors"]["contexts"])) == (400, {"0"})
    (command,) = (await wire("PUT", path, [PASSES | {"contexts": [0]}])).body
    answer = await wire("PATCH", f"{path}/{command['id']}", {"contexts": [1]})
    assert (answer.status, set(answer.body["errors"]["contexts"])) == (400, {"0"})


async def test_a_command_is_kept_in_each_language(wire: Wire, path: str) -> None:
    languages = {
        "name_localizations": {"de": "mitgliedschaften", "ja": "会員"},
        "description_localizations": {"de": "Deine Mitgliedschaften"},
    }
    (command,) = (await wire("PUT", path, [PASSES | languages | {"contexts": [0]}])).body
    assert {name: command[name] for name in languages} == languages
    assert command["contexts"] == [0]
