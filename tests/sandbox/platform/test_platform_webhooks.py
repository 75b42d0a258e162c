"""The webhooks as the bot receives them: signed, in order, insisted on, and every trick with them."""

import asyncio
import base64

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from bot.sandbox.platform import PlatformDriver, PlatformError
from bot.sandbox.platform.settings import WEBHOOK_SECRET
from tests.sandbox.platform.standin import Received, Shop, StandIn
from tests.waiting import until


def genuine(received: Received, secret: str = WEBHOOK_SECRET) -> bool:
    """Ask the specification's own library, which the platform does not use."""
    try:
        Webhook(secret).verify(received.body, received.headers)
    except (WebhookVerificationError, ValueError):
        return False
    return True


async def test_every_change_arrives_signed_and_in_order(
    platform: PlatformDriver, shop: Shop, bot: StandIn
) -> None:
    bought = await platform.buy(shop.fan, shop.gold)
    await platform.cancel(bought)
    await platform.settled()
    assert bot.types == [
        "creator.updated",
        "tier.updated",
        "fan.updated",
        "membership.updated",
        "membership.updated",
    ]
    assert all(map(genuine, bot.received))
    assert [each.envelope["data"]["status"] for each in bot.received[-2:]] == ["active", "canceled"]
    assert set(bot.received[0].envelope) == {"type", "timestamp", "data"}
    assert len({each.headers["webhook-id"] for each in bot.received}) == len(bot.received)


async def test_what_is_not_taken_is_sent_again_under_its_id_and_holds_up_nobody(
    platform: PlatformDriver, shop: Shop, bot: StandIn
) -> None:
    await platform.settled()
    bot.received.clear()
    bot.answers = [503, 202, 500, 202]
    await platform.pause_webhooks()
    await platform.rename(shop.fan, "Bobby")
    await platform.rename(shop.creator, "Anna")
    await platform.resume_webhooks()
    await platform.settled()
    assert bot.types == ["fan.updated", "creator.updated", "fan.updated", "fan.updated"]
    ids = [each.headers["webhook-id"] for each in bot.received]
    assert ids[0] == ids[2] == ids[3] != ids[1]
    *_, fan, _ = await platform.deliveries()
    assert [attempt["status"] for attempt in fan["attempts"]] == [503, 500, 202]
    assert fan["attempts"][0]["body"] == '{"answered": 503}'


async def test_it_insists_only_so_often(platform: PlatformDriver, shop: Shop, bot: StandIn) -> None:
    await platform.settled()
    await platform.configure(max_attempts=2)
    bot.answers = [500, 500]
    await platform.rename(shop.fan, "Bobby")
    await platform.settled()
    assert [each["data"]["display_name"] for each in await platform.deliveries("failed")] == ["Bobby"]


async def test_without_a_bot_the_webhooks_wait_for_its_address(
    platform: PlatformDriver, bot: StandIn
) -> None:
    await platform.configure(bot_url=None)
    await platform.create_fan("Bob")
    assert len(await platform.deliveries("queued")) == 1
    await platform.configure(bot_url=bot.url)
    await platform.settled()
    assert bot.types == ["fan.updated"]


async def test_a_bot_that_is_down_gets_them_when_it_is_back(
    platform: PlatformDriver, shop: Shop, bot: StandIn, unused_tcp_port: int
) -> None:
    await platform.settled()
    await platform.configure(bot_url=f"http://127.0.0.1:{unused_tcp_port}")
    await platform.rename(shop.fan, "Bobby")
    with pytest.raises(TimeoutError, match=r"fan\.updated"):
        await platform.settled(timeout_s=0.1)
    await platform.configure(bot_url=bot.url)
    await platform.settled()
    assert (await platform.deliveries())[-1]["attempts"][0]["status"] == 0


async def test_a_repetition_has_the_same_id_and_its_own_signature(
    platform: PlatformDriver, bot: StandIn
) -> None:
    await platform.create_fan("Bob")
    await platform.settled()
    bot.answers = [200]
    reply = await platform.repeat_last()
    assert (reply.status, reply.body) == (200, '{"answered": 200}')
    first, again = bot.received[-2], bot.received[-1]
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    assert first.body == again.body
    assert genuine(again)


async def test_queued_ones_go_out_in_another_order(
    platform: PlatformDriver, shop: Shop, bot: StandIn
) -> None:
    await platform.settled()
    bot.received.clear()
    await platform.pause_webhooks()
    for name in ("Bob 2", "Bob 3", "Bob 4"):
        await platform.rename(shop.fan, name)
    last = (await platform.deliveries("queued"))[-1]["id"]
    await platform.resume_webhooks([last])
    await platform.settled()
    assert [each.told[1] for each in bot.received] == [4, 2, 3]
    await platform.pause_webhooks()
    await platform.rename(shop.fan, "Bob 5")
    await platform.rename(shop.fan, "Bob 6")
    await platform.resume_webhooks("reversed")
    await platform.settled()
    assert [each.told[1] for each in bot.received[3:]] == [6, 5]


async def test_a_lost_one_never_arrives(platform: PlatformDriver, shop: Shop, bot: StandIn) -> None:
    await platform.settled()
    await platform.pause_webhooks()
    bought = await platform.buy(shop.fan, shop.gold)
    lost = await platform.lose()
    await platform.cancel(bought)
    await platform.resume_webhooks()
    await platform.settled()
    assert [each["id"] for each in await platform.deliveries("lost")] == lost
    assert bot.received[-1].told == ("membership.updated", 2)
    assert ("membership.updated", 1) not in [each.told for each in bot.received]


async def test_a_delayed_one_is_overtaken(platform: PlatformDriver, shop: Shop, bot: StandIn) -> None:
    await platform.settled()
    bot.received.clear()
    await platform.delay_webhooks(600)
    await platform.rename(shop.fan, "Late")
    await platform.delay_webhooks(0)
    await platform.rename(shop.fan, "Early")
    await until(lambda: bot.received, "the early one")
    (late,) = await platform.deliveries("queued")
    await platform.resume_webhooks([late["id"]])
    await platform.settled()
    assert [each.told[1] for each in bot.received] == [3, 2]


async def test_while_an_answer_is_awaited_nothing_is_settled(platform: PlatformDriver, bot: StandIn) -> None:
    bot.released = asyncio.Event()
    await platform.create_fan("Bob")
    with pytest.raises(TimeoutError):
        await platform.settled(timeout_s=0.1)
    bot.released.set()
    await platform.settled()


async def test_secrets_are_rotated_by_signing_with_both(platform: PlatformDriver, bot: StandIn) -> None:
    new = "whsec_" + base64.b64encode(b"another secret of good length").decode()
    await platform.configure(webhook_secrets=[new, WEBHOOK_SECRET])
    await platform.create_fan("Bob")
    await platform.settled()
    assert genuine(bot.received[-1])
    assert genuine(bot.received[-1], new)


@pytest.mark.parametrize("how", ["secret", "body", "id", "old", "future", "unsigned", "garbage"])
async def test_a_forgery_is_not_genuine_and_not_a_repetition(
    platform: PlatformDriver, shop: Shop, bot: StandIn, how: str
) -> None:
    await platform.buy(shop.fan, shop.gold)
    await platform.settled()
    bot.answers = [401]
    assert (await platform.forge(how, status="active")).status == 401
    assert not genuine(bot.received[-1])
    assert bot.received[-1].headers["webhook-id"] != bot.received[-2].headers["webhook-id"]
    assert bot.received[-1].told == ("membership.updated", 1001)


async def test_a_forgery_of_an_unknown_kind_is_refused(platform: PlatformDriver) -> None:
    await platform.create_fan("Bob")
    with pytest.raises(PlatformError, match="no such way"):
        await platform.forge("kindly")


async def test_any_bytes_can_be_sent_with_any_headers(platform: PlatformDriver, bot: StandIn) -> None:
    reply = await platform.send_raw(b"\xff not json", {"Content-Type": "text/plain"})
    assert reply.status == 202
    assert bot.received[-1].body == b"\xff not json"
    assert bot.received[-1].headers["content-type"] == "text/plain"
    await platform.send_raw("{}", {"webhook-timestamp": None})
    assert "webhook-timestamp" not in bot.received[-1].headers
    await platform.send_raw("{}", signed=False)
    assert "webhook-signature" not in bot.received[-1].headers


async def test_any_event_can_be_published(platform: PlatformDriver, bot: StandIn) -> None:
    await platform.publish("membership.exploded", {"id": "x", "version": 1})
    await platform.settled()
    assert bot.received[-1].told == ("membership.exploded", 1)
    assert genuine(bot.received[-1])
