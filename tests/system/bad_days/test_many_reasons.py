"""Several creators, several integrations, several memberships: what one of them ends, another may still hold."""

from dataclasses import replace

from bot.sandbox.tour import acts
from models import Attachment, AttachmentRole, GuildRole, Integration
from models.integrations import EndPolicy, IntegrationState
from tests.system.story import NOON, Story
from tests.waiting import until

GOLD = {"Gold", "Lounge"}
MANAGE_SERVER, MANAGE_ROLES, KICK_MEMBERS = 1 << 5, 1 << 28, 1 << 1


async def test_two_creators_in_one_server_and_one_of_them_ends(story: Story) -> None:
    await story.given_a_server()
    ben = await _ben_with_the_key(story)
    await acts.set_up(ben, ben.cast["Ben"], "Ben's corner", {"Fellow": ("Gold",)})
    bea, _ = await story.given_a_fan_inside("Bea", "Gold")
    cleo, _ = await acts.buys_and_connects(ben, "Cleo", "Fellow", period_s=86400)
    await story.sees(cleo, {"Gold"})
    await ben.buys(bea, "Fellow", period_s=86400)
    await story.platform.settled()

    await story.platform.delete_creator(ben.creator)
    await _an_operator_says_yes(story)

    await story.sees(bea, GOLD)
    await story.sees(cleo, set())


async def test_the_same_role_through_two_integrations_with_different_policies(story: Story) -> None:
    """Kept is kept for as long as either gives it; at the end the policy of what ended last decides."""
    await story.given_a_server({"Gold": ("Gold", "Lounge"), "Keeper": ("Friend",)})
    await _second_integration(story, "Keeper", ("Gold",), policy=EndPolicy.KEEP)
    bea, gold = await acts.buys_and_connects(story, "Bea", "Gold", period_s=86400)
    keeper = await story.buys(bea, "Keeper", period_s=86400)
    await story.sees(bea, {"Gold", "Lounge", "Friend"})
    await story.settles(bea)

    await story.platform.refund(gold)
    await story.sees(bea, {"Gold", "Friend"})
    await story.settles(bea)
    await story.later(minutes=1)
    await story.platform.refund(keeper)

    await story.everything_settles()
    assert "Gold" in await story.roles(bea)


async def test_each_integration_forgives_a_failed_payment_for_its_own_days(story: Story) -> None:
    await story.given_a_server({"Gold": ("Gold", "Lounge")})
    await _second_integration(story, "Gold", ("Silver",), grace_days=10)
    bea, membership = await acts.buys_and_connects(story, "Bea", "Gold", period_s=86400)
    await story.sees(bea, {"Gold", "Lounge", "Silver"})
    await story.later(days=1)
    await story.platform.fail_payment(membership)
    await story.platform.settled()
    await story.everything_settles()
    await story.sees(bea, {"Gold", "Lounge", "Silver"})

    await story.later(days=3, minutes=1)
    await story.sees(bea, {"Silver"})
    await story.later(days=6)
    await story.everything_settles()
    await story.sees(bea, {"Silver"})
    await story.later(days=1, hours=1)
    await story.sees_in_time(bea, set())


async def test_canceled_and_bought_again_is_no_end_at_all(story: Story) -> None:
    await story.given_a_server()
    bea, first = await story.given_a_fan_inside("Bea", "Gold", days=2)
    await story.platform.cancel(first)
    place = await story.place()
    second = await story.platform.buy_again(first, period_s=30 * 86400)
    assert second != first
    await story.platform.settled()

    await story.later(days=4)
    await story.everything_settles()
    await story.sees(bea, GOLD)
    assert await story.calls(place) == []

    await story.platform.refund(second)
    await story.sees(bea, set())


async def _ben_with_the_key(story: Story) -> Story:
    """Another creator, who helps to run the server and sells there too."""
    ben = replace(story, tiers={}, cast={})
    person = await ben.owner("Ben")
    await story.discord.join(story.guild, person.account)
    partner = MANAGE_SERVER | MANAGE_ROLES | KICK_MEMBERS
    await story.discord.create_role(story.guild, "Partner", permissions=partner)
    await story.discord.move_role(story.guild, "Partner", above="Passes Bot")
    await story.discord.give_role(story.guild, person.account, "Partner")
    await acts.sell(ben, "Fellow")
    await until(lambda: GuildRole.exists(name="Partner"), "the bot knows of Ben's role")
    return ben


async def _an_operator_says_yes(story: Story) -> None:
    """A creator's end is parked until somebody confirms it."""
    await story.platform.settled()
    await story.everything_settles()
    (parked,) = [each for each in await story.platform.deliveries() if each["type"] == "creator.deleted"]
    await story.house.rooms.inbox.replay(parked["id"], confirmed=True)


async def _second_integration(
    story: Story,
    tier: str,
    roles: tuple[str, ...],
    *,
    policy: EndPolicy = EndPolicy.ROLES,
    grace_days: int = 3,
) -> None:
    """Another integration of the same creator in the same server, seeded as rows."""
    row = await Integration.create(
        creator_id=story.creator,
        name="Another door",
        state=IntegrationState.CONNECTED,
        guild_id=story.guild,
        policy=policy,
        grace_days=grace_days,
        created_at=NOON,
    )
    attachment = await Attachment.create(integration_id=row.id, tier_id=story.tiers[tier], created_at=NOON)
    ladder = {role["name"]: int(role["id"]) for role in (await story.discord.guild(story.guild))["ladder"]}
    for role in roles:
        await AttachmentRole.create(attachment_id=attachment.id, role_id=ladder[role])
