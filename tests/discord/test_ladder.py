"""Long ladders, odd names and a bot without rights, drawn so that a person knows what to do."""

from datetime import UTC, datetime

from bot.discord.permissions import Permission
from bot.ids import RoleId
from bot.integrations.ladder import Ladder, Reach, draw_ladder
from models import Guild, GuildRole

MANAGE_ROLES = int(Permission.MANAGE_ROLES)


def a_guild(*, top: int, permissions: int = MANAGE_ROLES, top_role: int | None = 50) -> Guild:
    return Guild(
        id=1,
        name="Ana's",
        owner_id=2,
        bot_present=True,
        bot_permissions=permissions,
        bot_top_position=top,
        bot_top_role_id=top_role,
        seen_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


def a_role(
    role_id: int, *, name: str | None = None, permissions: int = 0, managed: bool = False
) -> GuildRole:
    """A role whose position is its id, for easy reading."""
    return GuildRole(
        id=role_id,
        guild_id=1,
        name=name or f"role {role_id}",
        position=role_id,
        permissions=permissions,
        managed=managed,
    )


def ladder(guild: Guild, *roles: GuildRole, wanted: int | None = None) -> Ladder:
    top_to_bottom = sorted(roles, key=lambda role: -role.position)
    return draw_ladder(guild, top_to_bottom, wanted=frozenset({RoleId(wanted)} if wanted else ()))


def test_without_manage_roles_that_is_what_to_do() -> None:
    drawn = ladder(a_guild(top=50, permissions=0), a_role(50, name="Bot", managed=True), a_role(40))

    assert drawn.rungs[1].reach is Reach.NOT_ALLOWED
    assert drawn.advice() == ["Give **Bot** the permission **Manage Roles** in Server Settings → Roles."]


def test_a_bot_without_a_role_is_added_again() -> None:
    drawn = ladder(a_guild(top=0, top_role=None), a_role(40))

    assert "Add it to the server again" in drawn.as_text()


def test_administrator_is_never_given_wherever_it_stands() -> None:
    drawn = ladder(a_guild(top=50), a_role(50), a_role(40, permissions=int(Permission.ADMINISTRATOR)))

    assert drawn.rungs[1].reach is Reach.ADMINISTRATOR
    assert drawn.out_of_reach == ()


def test_a_long_ladder_is_cut_around_the_bot_and_keeps_what_it_is_about() -> None:
    roles = [a_role(role_id, name=f"{role_id}" * 30) for role_id in range(2, 200)]

    drawn = ladder(a_guild(top=50), *roles, wanted=190)
    text = drawn.as_text()

    assert "190190" in text
    assert "← the bot" in text
    assert "… and 182 more" in text
    assert len(text) < 1600


def test_the_longest_ladder_fits_into_a_message() -> None:
    admin = int(Permission.ADMINISTRATOR)
    for letter in "W*":
        names = dict.fromkeys(range(50, 300), letter * 100)
        roles = [a_role(each, name=names[each], permissions=(each % 2) * admin) for each in names]

        assert len(ladder(a_guild(top=50), *roles).as_text()) < 1600


def test_many_roles_above_are_counted() -> None:
    drawn = ladder(a_guild(top=50), a_role(50, name="Bot"), *(a_role(role_id) for role_id in range(60, 70)))

    assert len(drawn.advice()) == 6
    assert drawn.advice()[-1] == "… and above 5 more."


def test_a_name_breaks_out_of_nothing() -> None:
    drawn = ladder(a_guild(top=50), a_role(50, name="Bot"), a_role(60, name="```**@everyone**\n"))

    assert drawn.as_text().removeprefix("```").count("```") == 1
    assert r"\`\`\`\*\*\@everyone\*\* **" in drawn.advice()[0]
