"""Direct messages: sent once, with their buttons, or refused in a way that names who can mend it."""

from bot.discord.client import Client
from bot.discord.components import Link
from bot.discord.messages import Messages
from bot.discord.outcomes import Applied, NeedsPerson, Person
from bot.ids import AccountId
from bot.sandbox.discord.driver import Driver
from tests.discord.conftest import Place

SEND = "POST /channels/{channel_id}/messages"


async def test_a_message_arrives_with_its_link(client: Client, driver: Driver, place: Place) -> None:
    page = Link(label="Your memberships", url="https://example.com/memberships")

    assert await Messages(client).send(AccountId(place.bob), "Welcome @everyone", buttons=[page]) == Applied()

    [message] = await driver.dms(place.bob)
    assert message["content"] == "Welcome @everyone"
    assert message["components"][0]["components"][0]["url"] == page.url
    assert message["mention_everyone"] is False


async def test_closed_messages_need_the_fan(client: Client, driver: Driver, place: Place) -> None:
    await driver.set_user(place.bob, dms_open=False)

    sent = await Messages(client).send(AccountId(place.bob), "Welcome")

    assert sent == NeedsPerson(who=Person.FAN, why="dms_closed", code=50007)


async def test_somebody_without_a_common_server_cannot_be_written_to(client: Client, driver: Driver) -> None:
    eve = await driver.create_user("eve")

    sent = await Messages(client).send(AccountId(eve), "Welcome")

    assert sent == NeedsPerson(who=Person.FAN, why="dms_closed", code=50278)


async def test_a_message_whose_answer_was_a_500_is_sent_once(
    client: Client, driver: Driver, place: Place
) -> None:
    await driver.fault(do="status", route=SEND, status=500)

    assert await Messages(client).send(AccountId(place.bob), "Welcome") == Applied()

    nonces = {entry["body"]["nonce"] for entry in await driver.journal(route=SEND)}
    assert len(nonces) == 1
    assert len(await driver.dms(place.bob)) == 1
