"""What the platform sells, and how a membership lives, seen as its snapshots."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.platform import PlatformDriver, PlatformError
from tests.sandbox.platform.standin import Shop


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_a_purchase_is_active_and_paid_to_the_end_of_its_period(
    platform: PlatformDriver, shop: Shop
) -> None:
    before = datetime.now(UTC)
    bought = await platform.membership(await platform.buy(shop.fan, shop.gold, period_s=2))
    assert bought["fan"] == {"id": shop.fan, "display_name": "Bob"}
    assert bought["creator"] == {"id": shop.creator, "display_name": "Ana"}
    assert bought["tier"] == {"id": shop.gold, "name": "Gold"}
    assert (bought["status"], bought["version"]) == ("active", 1)
    assert timedelta(seconds=1) < instant(bought["paid_until"]) - before < timedelta(seconds=4)
    assert bought["paid_until"].endswith("Z")


async def test_an_endless_purchase_has_no_end_until_it_is_canceled(
    platform: PlatformDriver, shop: Shop
) -> None:
    bought = await platform.buy(shop.fan, shop.gold, endless=True)
    assert (await platform.membership(bought))["paid_until"] is None
    assert (await platform.cancel(bought))["paid_until"] is not None


async def test_an_upgrade_keeps_the_id_and_the_period(platform: PlatformDriver, shop: Shop) -> None:
    platinum = await platform.create_tier(shop.creator, "Platinum")
    bought = await platform.membership(await platform.buy(shop.fan, shop.gold))
    upgraded = await platform.upgrade(bought["id"], platinum)
    assert upgraded["tier"] == {"id": platinum, "name": "Platinum"}
    assert upgraded["paid_until"] == bought["paid_until"]
    assert (upgraded["id"], upgraded["version"]) == (bought["id"], 2)


async def test_a_failed_payment_does_not_move_what_was_paid_and_a_late_one_does(
    platform: PlatformDriver, shop: Shop
) -> None:
    bought = await platform.membership(await platform.buy(shop.fan, shop.gold, period_s=60))
    failed = await platform.fail_payment(bought["id"])
    assert (failed["status"], failed["paid_until"]) == ("past_due", bought["paid_until"])
    recovered = await platform.recover(bought["id"])
    assert recovered["status"] == "active"
    gained = instant(recovered["paid_until"]) - instant(failed["paid_until"])
    assert gained == timedelta(seconds=60)


@pytest.mark.parametrize(
    ("step", "status"),
    [
        ("cancel", "canceled"),
        ("pause", "paused"),
        ("expire", "expired"),
        ("refund", "refunded"),
        ("dispute", "disputed"),
    ],
)
async def test_each_end_has_its_status_and_leaves_what_was_paid(
    platform: PlatformDriver, shop: Shop, step: str, status: str
) -> None:
    bought = await platform.membership(await platform.buy(shop.fan, shop.gold))
    ended = await getattr(platform, step)(bought["id"])
    assert (ended["status"], ended["paid_until"]) == (status, bought["paid_until"])
    assert ended["updated_at"] >= bought["updated_at"]


async def test_buying_again_makes_another_membership(platform: PlatformDriver, shop: Shop) -> None:
    first = await platform.buy(shop.fan, shop.gold)
    await platform.expire(first)
    second = await platform.buy_again(first)
    assert first != second
    assert (await platform.membership(second))["status"] == "active"


async def test_stories_that_no_platform_tells_are_refused(platform: PlatformDriver, shop: Shop) -> None:
    bought = await platform.buy(shop.fan, shop.gold)
    await platform.refund(bought)
    with pytest.raises(PlatformError, match="cancel is not possible"):
        await platform.cancel(bought)
    await platform.withdraw_tier(shop.gold)
    with pytest.raises(PlatformError, match="no longer sold"):
        await platform.buy(shop.fan, shop.gold)
    with pytest.raises(PlatformError, match="there is no fan 'nobody'"):
        await platform.buy("nobody", await platform.create_tier(shop.creator, "Silver"))


async def test_a_deletion_is_a_whole_snapshot_and_a_deleted_fan_takes_memberships_along(
    platform: PlatformDriver, shop: Shop
) -> None:
    bought = await platform.buy(shop.fan, shop.gold)
    assert await platform.rename(shop.fan, "Bobby") == {
        "id": shop.fan,
        "version": 2,
        "display_name": "Bobby",
    }
    await platform.delete_fan(shop.fan)
    await platform.delete_tier(shop.gold)
    await platform.settled()
    events = [(each["type"], each["data"]) for each in await platform.deliveries()]
    assert events[-2] == ("fan.deleted", {"id": shop.fan, "version": 3, "display_name": "Bobby"})
    assert events[-1][0] == "tier.deleted"
    assert events[-1][1]["name"] == "Gold"
    assert bought not in [each["id"] for each in await platform.memberships()]
