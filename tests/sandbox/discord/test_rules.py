"""Permissions and role order, for people as for the bot."""

import pytest

from bot.sandbox.discord import rules
from bot.sandbox.discord.errors import DiscordError
from bot.sandbox.discord.journal import Journal
from bot.sandbox.discord.permissions import ALL, Permission, of_member, rank, top_rank
from bot.sandbox.discord.state import Registration, State


@pytest.fixture
def state() -> State:
    return State(Journal(), Registration())


def refused(code: int) -> pytest.RaisesExc[DiscordError]:
    return pytest.RaisesExc(DiscordError, check=lambda error: error.code == code)


async def test_permissions_are_the_union_of_roles(state: State) -> None:
    olga, fred = state.create_user("olga"), state.create_user("fred")
    guild = state.create_guild("Garden", olga.id)
    kicker = state.create_role(guild, name="Kicker", permissions=int(Permission.KICK_MEMBERS))
    admin = state.create_role(guild, name="Admin", permissions=int(Permission.ADMINISTRATOR))
    member = state.add_member(guild, fred, role_ids=[kicker.id])
    assert of_member(guild, member) == guild.everyone.permissions | Permission.KICK_MEMBERS
    state.give_role(guild, member, admin)
    assert of_member(guild, member) == ALL
    assert of_member(guild, guild.members[olga.id]) == ALL


async def test_at_one_position_the_older_role_stands_higher(state: State) -> None:
    guild = state.create_guild("Garden", state.create_user("olga").id)
    old, new = state.create_role(guild, name="Old"), state.create_role(guild, name="New")
    old.position = new.position = 1
    assert rank(old) > rank(new) > rank(guild.everyone)
    assert [role.name for role in guild.ladder()] == ["@everyone", "New", "Old"]


async def test_a_person_gives_what_stands_below_them_and_the_owner_anything(state: State) -> None:
    olga, mo = state.create_user("olga"), state.create_user("mo")
    guild = state.create_guild("Garden", olga.id)
    gold = state.create_role(guild, name="Gold")
    manager = state.create_role(guild, name="Manager", permissions=int(Permission.MANAGE_ROLES))
    top = state.create_role(guild, name="Top")
    state.move_roles(guild, {gold.id: 1, manager.id: 2, top.id: 3})
    member = state.add_member(guild, mo, role_ids=[manager.id])
    assert top_rank(guild, member) == rank(manager)
    rules.may_assign(guild, mo.id, gold)
    for role in (manager, top):
        with refused(50013):
            rules.may_assign(guild, mo.id, role)
        rules.may_assign(guild, olga.id, role)


async def test_nobody_gives_a_managed_role_not_even_the_owner(state: State) -> None:
    olga = state.create_user("olga")
    guild = state.create_guild("Garden", olga.id)
    state.add_bot(guild, int(Permission.MANAGE_ROLES))
    with refused(50028):
        rules.may_assign(guild, olga.id, state.bot_role(guild))
    with refused(10011):
        rules.may_assign(guild, olga.id, guild.everyone)


async def test_the_owner_is_untouchable_and_touches_everybody(state: State) -> None:
    olga, mo = state.create_user("olga"), state.create_user("mo")
    guild = state.create_guild("Garden", olga.id)
    admin = state.create_role(guild, name="Admin", permissions=int(Permission.ADMINISTRATOR))
    member = state.add_member(guild, mo, role_ids=[admin.id])
    with refused(50013):
        rules.may_kick(guild, mo.id, guild.members[olga.id])
    with refused(50013):
        rules.may_ban(guild, mo.id, olga.id)
    rules.may_kick(guild, olga.id, member)


async def test_nobody_grants_a_permission_they_do_not_have(state: State) -> None:
    olga, mo = state.create_user("olga"), state.create_user("mo")
    guild = state.create_guild("Garden", olga.id)
    gold = state.create_role(guild, name="Gold")
    manager = state.create_role(guild, name="Manager", permissions=int(Permission.MANAGE_ROLES))
    state.move_roles(guild, {manager.id: 2})
    state.add_member(guild, mo, role_ids=[manager.id])
    rules.may_edit_role(guild, mo.id, gold, permissions=int(Permission.MANAGE_ROLES))
    with refused(50013):
        rules.may_edit_role(guild, mo.id, gold, permissions=int(Permission.BAN_MEMBERS))
    rules.may_edit_role(guild, olga.id, gold, permissions=int(Permission.BAN_MEMBERS))


async def test_taking_the_bot_out_and_back_in_makes_a_new_role(state: State) -> None:
    guild = state.create_guild("Garden", state.create_user("olga").id)
    state.add_bot(guild, int(Permission.MANAGE_ROLES))
    first = state.bot_role(guild)
    state.remove_member(guild, state.app.bot_id)
    state.add_bot(guild, int(Permission.KICK_MEMBERS))
    again = state.bot_role(guild)
    assert again.id != first.id
    assert (again.position, again.permissions) == (1, Permission.KICK_MEMBERS)
    state.add_bot(guild, int(Permission.MANAGE_ROLES))
    assert state.bot_role(guild).id == again.id
    assert again.permissions == Permission.MANAGE_ROLES


async def test_ids_rise_with_time(state: State) -> None:
    made = [state.ids.next() for _ in range(1000)]
    assert made == sorted(set(made))
