"""People in the sandbox: they obey Discord's rules, and their acts can be told from the bot's."""

import pytest

from bot.sandbox.discord.driver import Cannot, Driver, Refused
from tests.sandbox.people.scene import KICK_MEMBERS, MANAGE_GUILD, MANAGE_ROLES, Scene


async def test_the_owner_gives_and_takes_roles(driver: Driver, scene: Scene) -> None:
    await driver.give_role(scene.guild, scene.fred, "Gold", scene.ana)
    assert await driver.roles_of(scene.guild, scene.fred) == {"Gold"}
    await driver.take_role(scene.guild, scene.fred, scene.gold)
    assert await driver.roles_of(scene.guild, scene.fred) == set()


async def test_a_moderator_reaches_only_below_their_own_role(driver: Driver, scene: Scene) -> None:
    await driver.create_role(scene.guild, "Moderator", permissions=MANAGE_ROLES | KICK_MEMBERS)
    mona = await driver.create_user("mona")
    await driver.join(scene.guild, mona)
    await driver.give_role(scene.guild, mona, "Moderator")
    with pytest.raises(Refused) as refused:
        await driver.give_role(scene.guild, scene.fred, "Gold", mona)
    assert refused.value.code == 50013
    await driver.move_role(scene.guild, "Moderator", above="Gold")
    await driver.give_role(scene.guild, scene.fred, "Gold", mona)
    with pytest.raises(Refused):
        await driver.move_role(scene.guild, "Gold", above="Moderator", by=mona)
    with pytest.raises(Refused):
        await driver.kick(scene.guild, scene.ana, mona)
    await driver.kick(scene.guild, scene.fred, mona)
    assert await driver.member(scene.guild, scene.fred) is None


async def test_nobody_gives_the_bot_s_own_role(driver: Driver, scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        await driver.give_role(scene.guild, scene.fred, "Passes Bot")
    assert refused.value.code == 50028


async def test_roles_are_dragged_in_the_ladder(driver: Driver, scene: Scene) -> None:
    await driver.create_role(scene.guild, "Silver")
    assert await ladder(driver, scene) == ["Passes Bot", "Gold", "Silver", "@everyone"]
    await driver.move_role(scene.guild, "Silver", above="Passes Bot")
    await driver.move_role(scene.guild, "Gold", above="@everyone")
    assert await ladder(driver, scene) == ["Silver", "Passes Bot", "Gold", "@everyone"]
    await driver.move_role(scene.guild, "Passes Bot", above="Silver")
    await driver.edit_role(scene.guild, "Silver", name="Bronze", permissions=KICK_MEMBERS)
    await driver.delete_role(scene.guild, "Gold")
    assert await ladder(driver, scene) == ["Passes Bot", "Bronze", "@everyone"]


async def test_the_invited_bot_has_a_role_of_its_own_just_above_everyone(
    driver: Driver, scene: Scene
) -> None:
    guild = await driver.create_guild(scene.ana, "Second")
    await driver.create_role(guild, "Members")
    await driver.add_bot(guild, scene.ana, MANAGE_ROLES)
    seen = await driver.guild(guild)
    assert [role["name"] for role in seen["ladder"]] == ["Members", "Passes Bot", "@everyone"]
    assert (seen["ladder"][1]["managed"], seen["ladder"][1]["permissions"]) == (True, MANAGE_ROLES)
    with pytest.raises(Refused):
        await driver.add_bot(guild, scene.fred, MANAGE_ROLES)


@pytest.mark.parametrize(("trait", "code"), [("guild_limit_reached", 30001), ("joining_limited", 340015)])
async def test_some_accounts_cannot_join(driver: Driver, scene: Scene, trait: str, code: int) -> None:
    sue = await driver.create_user("sue")
    await driver.set_user(sue, **{trait: True})
    with pytest.raises(Refused) as refused:
        await driver.join(scene.guild, sue)
    assert refused.value.code == code


async def test_the_banned_stay_out_until_they_are_forgiven(driver: Driver, scene: Scene) -> None:
    await driver.ban(scene.guild, scene.fred, scene.ana)
    assert (await driver.guild(scene.guild))["bans"] == [scene.fred]
    with pytest.raises(Refused) as refused:
        await driver.join(scene.guild, scene.fred)
    assert refused.value.code == 40007
    await driver.unban(scene.guild, scene.fred, scene.ana)
    await driver.join(scene.guild, scene.fred)
    assert await driver.member(scene.guild, scene.fred)


async def test_a_bot_that_was_banned_and_invited_again_is_put_out_by_the_next_ban(
    driver: Driver, scene: Scene
) -> None:
    bot = (await driver.settings())["bot_id"]
    for _ in range(2):
        await driver.ban(scene.guild, bot, scene.ana)
        assert not (await driver.guild(scene.guild))["bot_is_in"]
        await driver.add_bot(scene.guild, scene.ana, MANAGE_ROLES)


async def test_a_member_changes_no_settings_and_takes_no_server(driver: Driver, scene: Scene) -> None:
    for act in (
        driver.set_guild(scene.guild, by=scene.fred, name="Fred's"),
        driver.pause_joins(scene.guild, by=scene.fred),
        driver.transfer(scene.guild, scene.fred, by=scene.fred),
    ):
        with pytest.raises(Refused) as refused:
            await act
        assert refused.value.code == 50013


async def test_joins_can_be_paused(driver: Driver, scene: Scene) -> None:
    await driver.pause_joins(scene.guild, True)  # noqa: FBT003  reads as said
    with pytest.raises(Refused):
        await driver.join(scene.guild, await driver.create_user("sue"))
    await driver.pause_joins(scene.guild, False)  # noqa: FBT003  reads as said
    await driver.join(scene.guild, await driver.create_user("sam"))


async def test_screening_leaves_newcomers_pending(driver: Driver, scene: Scene) -> None:
    guild = await driver.create_guild(scene.ana, "Careful", screening=True)
    await driver.join(guild, scene.fred)
    assert (await driver.member(guild, scene.fred) or {})["pending"] is True
    await driver.accept_screening(guild, scene.fred)
    assert (await driver.member(guild, scene.fred) or {})["pending"] is False


async def test_the_owner_hands_over_before_leaving(driver: Driver, scene: Scene) -> None:
    with pytest.raises(Cannot):
        await driver.leave(scene.guild, scene.ana)
    await driver.transfer(scene.guild, scene.fred)
    await driver.leave(scene.guild, scene.ana)
    assert (await driver.guild(scene.guild))["owner_id"] == scene.fred


async def test_the_journal_tells_hands_from_bots(driver: Driver, scene: Scene) -> None:
    before = len(await driver.journal())
    await driver.give_role(scene.guild, scene.fred, "Gold", scene.ana)
    (entry,) = await driver.journal(since=before)
    assert (entry["route"], entry["actor"]) == ("hand give_role", str(scene.ana))
    assert [effect["effect"] for effect in entry["effects"]] == ["role given"]


async def test_a_fault_holds_a_request_until_it_is_let_go(driver: Driver) -> None:
    fault = await driver.fault(route="GET /gateway", do="hold_before")
    with pytest.raises(TimeoutError):
        await driver.held(fault, timeout_s=0.01)
    await driver.release(fault)
    await driver.clear_faults()


async def test_manage_server_is_what_adding_the_bot_takes(driver: Driver, scene: Scene) -> None:
    guild = await driver.create_guild(scene.ana, "Third")
    await driver.create_role(guild, "Crew", permissions=MANAGE_GUILD)
    await driver.join(guild, scene.fred)
    await driver.give_role(guild, scene.fred, "Crew")
    await driver.add_bot(guild, scene.fred)
    await driver.kick_bot(guild)
    assert (await driver.guild(guild))["bot_is_in"] is False


async def ladder(driver: Driver, scene: Scene) -> list[str]:
    return [role["name"] for role in (await driver.guild(scene.guild))["ladder"]]
