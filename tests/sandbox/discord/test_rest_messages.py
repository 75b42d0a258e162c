"""Direct messages and channels over the wire."""

import pytest

from bot.sandbox.discord.permissions import EVERYONE_BY_DEFAULT, Permission
from tests.sandbox.discord.world import Wire, World


async def dm(wire: Wire, user_id: int) -> str:
    answer = await wire("POST", "/users/@me/channels", {"recipient_id": str(user_id)})
    assert answer.status == 200
    return f"/channels/{answer.body['id']}/messages"


async def test_a_direct_message_arrives(wire: Wire, world: World) -> None:
    path = await dm(wire, world.fan.id)
    assert path == await dm(wire, world.fan.id)
    answer = await wire("POST", path, {"content": "Welcome", "nonce": "n1"})
    assert (answer.status, answer.body["content"], answer.body["nonce"]) == (200, "Welcome", "n1")
    told = world.event("MESSAGE_CREATE")
    assert (told["content"], "guild_id" in told) == ("Welcome", False)


async def test_closed_doors_are_found_out_when_writing(wire: Wire, world: World) -> None:
    path = await dm(wire, world.fan.id)
    world.state.set_user(world.fan, dms_open=False)
    assert (await wire("POST", path, {"content": "Welcome"})).refusal == (403, 50007)


async def test_without_a_server_in_common_nothing_is_delivered(wire: Wire, world: World) -> None:
    path = await dm(wire, world.fan.id)
    world.state.remove_member(world.guild, world.fan.id)
    assert (await wire("POST", path, {"content": "Farewell"})).refusal == (403, 50278)


async def test_a_direct_message_needs_somebody(wire: Wire, world: World) -> None:
    assert (await wire("POST", "/users/@me/channels", {"recipient_id": "1"})).refusal == (404, 10013)
    assert (await wire("POST", "/users/@me/channels", {})).refusal == (400, 50035)
    itself = {"recipient_id": str(world.bot_id)}
    assert (await wire("POST", "/users/@me/channels", itself)).refusal == (403, 50007)


async def test_messages_are_read_newest_first(wire: Wire, world: World) -> None:
    path = await dm(wire, world.fan.id)
    for n in range(4):
        await wire("POST", path, {"content": str(n)})
    newest = (await wire("GET", f"{path}?limit=2")).body
    assert [each["content"] for each in newest] == ["3", "2"]
    older = (await wire("GET", f"{path}?limit=50&before={newest[-1]['id']}")).body
    assert [each["content"] for each in older] == ["1", "0"]
    after = (await wire("GET", f"{path}?limit=1&after={older[-1]['id']}")).body
    assert [each["content"] for each in after] == ["1"]
    assert (await wire("GET", f"{path}/{newest[0]['id']}")).body["content"] == "3"


async def test_ones_own_message_is_changed_and_taken_back(wire: Wire, world: World) -> None:
    path = await dm(wire, world.fan.id)
    message = f"{path}/{(await wire('POST', path, {'content': 'Hello'})).body['id']}"
    edited = await wire("PATCH", message, {"content": "Hello again"})
    assert edited.body["content"] == "Hello again"
    assert edited.body["edited_timestamp"]
    assert (await wire("DELETE", message)).status == 204
    assert (await wire("GET", message)).refusal == (404, 10008)
    told = [event.name for event in world.events]
    assert told == ["CHANNEL_CREATE", "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"]


async def test_the_words_of_others_are_theirs(wire: Wire, world: World) -> None:
    (channel,) = world.guild.channels.values()
    theirs = world.state.create_message(channel, world.fan, "mine")
    path = f"/channels/{channel.id}/messages/{theirs.id}"
    assert (await wire("PATCH", path, {"content": "yours"})).refusal == (403, 50005)
    assert (await wire("DELETE", path)).refusal == (403, 50013)
    world.allow(Permission.MANAGE_MESSAGES)
    assert (await wire("DELETE", path)).status == 204


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"embeds": [{"description": "x" * 4097}]}, "embeds"),
        ({"embeds": [{"fields": [{"name": "only"}]}]}, "embeds"),
        ({"components": "none"}, "components"),
        ({"embeds": ["none"]}, "embeds"),
        ({"components": [{"type": 2, "style": 1, "label": "Alone", "custom_id": "x"}]}, "components"),
    ],
)
async def test_a_message_out_of_shape_is_refused_at_its_place(
    wire: Wire, world: World, body: dict[str, object], place: str
) -> None:
    answer = await wire("POST", await dm(wire, world.fan.id), body)
    assert answer.refusal == (400, 50035)
    assert set(answer.body["errors"]) == {place}


async def test_all_mistakes_of_a_message_are_named_at_once(wire: Wire, world: World) -> None:
    body = {"content": "x" * 2001, "embeds": ["none", {"title": "x" * 257}], "flags": "64"}
    answer = await wire("POST", await dm(wire, world.fan.id), body)
    assert answer.refusal == (400, 50035)
    assert set(answer.body["errors"]) == {"content", "embeds", "flags"}
    assert set(answer.body["errors"]["embeds"]) == {"0", "1"}
    (too_long,) = answer.body["errors"]["content"]["_errors"]
    assert too_long == {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."}


async def test_a_message_needs_something_in_it(wire: Wire, world: World) -> None:
    assert (await wire("POST", await dm(wire, world.fan.id), {"content": ""})).refusal == (400, 50006)


async def test_what_is_no_json_is_refused(wire: Wire, world: World) -> None:
    path = await dm(wire, world.fan.id)
    answer = await wire("POST", path, data=b"{", headers={"Content-Type": "application/json"})
    assert answer.refusal == (400, 50109)


async def test_a_channel_obeys_its_overwrites(wire: Wire, world: World) -> None:
    (channel,) = world.guild.channels.values()
    path = f"/channels/{channel.id}/messages"
    assert (await wire("POST", path, {"content": "Hello"})).status == 200
    assert world.event("MESSAGE_CREATE")["guild_id"] == str(world.guild.id)
    world.state.overwrite(world.guild, channel, world.guild.id, deny=Permission.SEND_MESSAGES)
    assert (await wire("POST", path, {"content": "Hello"})).refusal == (403, 50013)
    world.state.overwrite(world.guild, channel, world.guild.id, deny=Permission.VIEW_CHANNEL)
    assert (await wire("GET", f"/channels/{channel.id}")).refusal == (403, 50001)
    world.state.overwrite(world.guild, channel, world.bot_role.id, allow=EVERYONE_BY_DEFAULT)
    assert (await wire("GET", f"/channels/{channel.id}")).body["name"] == "general"


async def test_channels_of_others_stay_closed(wire: Wire, world: World) -> None:
    elsewhere = world.state.create_guild("Elsewhere", world.owner.id)
    (channel,) = elsewhere.channels.values()
    assert (await wire("POST", f"/channels/{channel.id}/messages", {"content": "?"})).refusal == (403, 50001)
    assert (await wire("GET", "/channels/1")).refusal == (404, 10003)


async def test_what_was_left_out_is_filled_in(wire: Wire, world: World) -> None:
    button = {"type": 2, "style": 5, "label": "Open", "url": "https://passes.example/hub"}
    menu = {"type": 6, "custom_id": "roles"}
    answer = await wire(
        "POST",
        await dm(wire, world.fan.id),
        {
            "embeds": [{"title": "Welcome", "fields": [{"name": "Gold", "value": "yours"}]}],
            "components": [{"type": 1, "components": [button]}, {"type": 1, "components": [menu]}],
        },
    )
    assert answer.body["embeds"] == [
        {"type": "rich", "title": "Welcome", "fields": [{"name": "Gold", "value": "yours", "inline": False}]}
    ]
    buttons, menus = answer.body["components"]
    assert buttons["components"] == [button | {"id": 2}]
    assert menus["components"] == [menu | {"id": 4, "min_values": 1, "max_values": 1}]
