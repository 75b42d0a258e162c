"""Guilds, bans, the caller's own servers, the application: over the wire."""

from bot.sandbox.discord.permissions import ALL, Permission
from bot.sandbox.discord.state import By
from tests.sandbox.discord.world import Wire, World


async def test_a_guild_with_and_without_counts(wire: Wire, world: World) -> None:
    plain = await wire("GET", world.path)
    assert plain.body["name"] == "Ana's garden"
    assert plain.body["owner_id"] == str(world.owner.id)
    assert "approximate_member_count" not in plain.body
    counted = await wire("GET", f"{world.path}?with_counts=true")
    assert counted.body["approximate_member_count"] == 3


async def test_a_guild_without_the_bot_is_unknown(wire: Wire, world: World) -> None:
    elsewhere = world.state.create_guild("Elsewhere", world.owner.id)
    assert (await wire("GET", f"/guilds/{elsewhere.id}")).refusal == (404, 10004)
    assert (await wire("GET", "/guilds/1")).refusal == (404, 10004)


async def test_renaming_and_pausing_joins_take_manage_server(wire: Wire, world: World) -> None:
    assert (await wire("PATCH", world.path, {"name": "Garden"})).refusal == (403, 50013)
    world.allow(Permission.MANAGE_GUILD)
    answer = await wire("PATCH", world.path, {"name": "Garden", "features": ["INVITES_DISABLED"]})
    assert (answer.body["name"], answer.body["features"]) == ("Garden", ["INVITES_DISABLED"])
    assert world.guild.invites_disabled


async def test_channels_are_listed(wire: Wire, world: World) -> None:
    answer = await wire("GET", f"{world.path}/channels")
    assert [(each["name"], each["type"]) for each in answer.body] == [("general", 0)]


async def test_leaving_takes_the_bots_role_and_says_so_once(wire: Wire, world: World) -> None:
    assert (await wire("DELETE", f"/users/@me/guilds/{world.guild.id}")).status == 204
    assert world.bot_role.id not in world.guild.roles
    assert [event.name for event in world.events] == ["GUILD_DELETE"]
    assert (await wire("DELETE", f"/users/@me/guilds/{world.guild.id}")).refusal == (404, 10004)


async def test_bans_are_made_listed_and_lifted(wire: Wire, world: World) -> None:
    ban = f"{world.path}/bans/{world.fan.id}"
    assert (await wire("GET", ban)).refusal == (404, 10026)
    assert (await wire("PUT", ban, {}, reason="spam")).status == 204
    assert (await wire("GET", ban)).body["reason"] == "spam"
    assert world.fan.id not in world.guild.members
    assert [each["user"]["username"] for each in (await wire("GET", f"{world.path}/bans")).body] == ["fred"]
    assert (await wire("DELETE", ban)).status == 204
    assert (await wire("DELETE", ban)).refusal == (404, 10026)
    told = [event.name for event in world.events]
    assert told == ["GUILD_BAN_ADD", "GUILD_MEMBER_REMOVE", "GUILD_BAN_REMOVE"]


async def test_bans_obey_order_and_permission(wire: Wire, world: World) -> None:
    assert (await wire("PUT", f"{world.path}/bans/{world.owner.id}", {})).refusal == (403, 50013)
    assert (await wire("PUT", f"{world.path}/bans/{world.stranger().id}", {})).status == 204
    assert (await wire("PUT", f"{world.path}/bans/1", {})).refusal == (404, 10013)
    world.allow(Permission.MANAGE_ROLES)
    assert (await wire("PUT", f"{world.path}/bans/{world.fan.id}", {})).refusal == (403, 50013)
    assert (await wire("GET", f"{world.path}/bans")).refusal == (403, 50013)


async def test_the_bot_and_a_person_each_see_themselves(wire: Wire, world: World) -> None:
    bot = await wire("GET", "/users/@me")
    assert (bot.body["id"], bot.body["bot"], "email" in bot.body) == (str(world.bot_id), True, False)
    token = world.token_of(world.fan, "identify")
    fan = await wire("GET", "/users/@me", auth=f"Bearer {token}")
    assert (fan.body["id"], "bot" in fan.body, "email" in fan.body) == (str(world.fan.id), False, False)
    token = world.token_of(world.fan, "identify", "email")
    assert (await wire("GET", "/users/@me", auth=f"Bearer {token}")).body["email"] == world.fan.email


async def test_a_person_lists_their_servers_with_what_they_may_do(wire: Wire, world: World) -> None:
    world.state.create_guild("Elsewhere", world.owner.id)
    token = world.token_of(world.owner, "guilds")
    answer = await wire("GET", "/users/@me/guilds", auth=f"Bearer {token}")
    assert [(each["name"], each["owner"]) for each in answer.body] == [
        ("Ana's garden", True),
        ("Elsewhere", True),
    ]
    assert answer.body[0]["permissions"] == str(ALL)
    fan = world.token_of(world.fan, "guilds")
    (garden,) = (await wire("GET", "/users/@me/guilds", auth=f"Bearer {fan}")).body
    assert garden["owner"] is False
    assert not int(garden["permissions"]) & Permission.MANAGE_GUILD


async def test_a_person_reads_themselves_as_a_member(wire: Wire, world: World) -> None:
    path = f"/users/@me/guilds/{world.guild.id}/member"
    token = world.token_of(world.fan, "guilds.members.read")
    assert (await wire("GET", path, auth=f"Bearer {token}")).body["user"]["id"] == str(world.fan.id)
    sue = world.token_of(world.stranger(), "guilds.members.read")
    assert (await wire("GET", path, auth=f"Bearer {sue}")).refusal == (404, 10004)
    assert (await wire("GET", path)).status == 401


async def test_a_scope_not_granted_is_missing_access(wire: Wire, world: World) -> None:
    token = world.token_of(world.fan, "guilds.join")
    for path in ("/users/@me", "/users/@me/guilds", f"/users/@me/guilds/{world.guild.id}/member"):
        assert (await wire("GET", path, auth=f"Bearer {token}")).refusal == (403, 50001)


async def test_the_application_and_the_gateway_introduce_themselves(wire: Wire, world: World) -> None:
    for path in ("/applications/@me", "/oauth2/applications/@me"):
        assert (await wire("GET", path)).body["id"] == str(world.state.app.id)
    assert (await wire("GET", "/gateway", auth=None)).body["url"].startswith("ws://127.0.0.1:")
    bot = (await wire("GET", "/gateway/bot")).body
    assert (bot["shards"], bot["session_start_limit"]["max_concurrency"]) == (1, 1)


async def test_what_is_not_there_is_answered_as_discord_does(wire: Wire, world: World) -> None:
    unknown = await wire("GET", "/nowhere")
    assert (unknown.status, unknown.body) == (404, {"message": "404: Not Found", "code": 0})
    wrong = await wire("PUT", "/gateway")
    assert (wrong.status, wrong.body) == (405, {"message": "405: Method Not Allowed", "code": 0})
    for auth in (None, "Bot wrong", "Bearer wrong"):
        refused = await wire("GET", world.path, auth=auth)
        assert (refused.status, refused.body) == (401, {"message": "401: Unauthorized", "code": 0})
    assert unknown.headers["Content-Type"] == "application/json"


async def test_a_guild_that_is_down_says_nothing_until_it_is_back(world: World) -> None:
    world.state.set_available(world.guild, available=False)
    world.state.give_role(
        world.guild, world.guild.members[world.fan.id], world.gold, by=By(user_id=world.owner.id)
    )
    world.state.set_available(world.guild, available=True)
    assert [event.name for event in world.events] == ["GUILD_DELETE", "GUILD_CREATE"]
    assert world.event("GUILD_DELETE")["unavailable"] is True
    assert world.event("GUILD_CREATE")["unavailable"] is False


async def test_by_a_missing_field_the_bot_tells_that_it_has_joined(world: World) -> None:
    guild, *_ = world.another_guild("Second")
    joined = world.event("GUILD_CREATE")
    assert (joined["name"], "unavailable" in joined) == ("Second", False)
    assert [member["user"]["id"] for member in joined["members"]] == [str(world.bot_id)]
    assert len(guild.members) == joined["member_count"]
