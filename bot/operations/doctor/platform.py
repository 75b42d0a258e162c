"""The membership platform: a webhook there and back, and whether it answers for the truth."""

import secrets

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.clock import Clock
from bot.config import Config
from bot.memberships.delivery import Delivery
from bot.memberships.signature import Signatures
from bot.operations.doctor.findings import Finding, bad, good, unknown
from bot.operations.running import Running, Silent
from bot.operations.webhooks import inbox

TYPE = "doctor.tried"
"""No type of the contract: whoever gets it stores it as ignored."""
_TIMEOUT = ClientTimeout(total=10)

_REFUSED = {
    0: "Look at PUBLIC_URL's line above.",
    401: "Restart the bot if WEBHOOK_SECRETS changed, and look at the clock's line above.",
    404: "PUBLIC_URL leads to something else: look at its proxy.",
    503: "The bot cannot write its database: look at its log and its disk.",
}


async def round_trip(
    config: Config, clock: Clock, running: Running | Silent, *, database_open: bool
) -> Finding:
    """As the platform would: signed, to PUBLIC_URL; then look for it in the database, and take it back out."""
    about = "Webhooks"
    if isinstance(running, Silent) and not running.holds_database:
        return unknown(about, "not tried, since the bot is not running.")
    url, webhook_id = f"{config.public_url}/webhooks/memberships", f"doctor_{secrets.token_hex(12)}"
    body = msgspec.json.encode({"type": TYPE, "timestamp": clock().isoformat(), "data": {}})
    delivery = Delivery(url=url, signatures=Signatures(config.webhook_secrets[:1], clock))
    [status] = await delivery.send([(webhook_id, body)])
    if status != 202:
        says = f"a signed one to {url} was answered {status}." if status else f"{url} was not reached."
        return bad(
            about, says, _REFUSED.get(status, "Look at the bot's log, and at what stands in front of it.")
        )
    if not database_open:
        return unknown(about, "a signed one was taken; whether it was stored could not be looked at.")
    if await inbox(config).take_back(webhook_id) is None:
        return bad(
            about,
            "a signed one was taken, but is not in this database.",
            "Another bot answers at PUBLIC_URL, or this one with another DATABASE_URL.",
        )
    return good(about, "a signed one went to PUBLIC_URL and was stored; it was taken back out.")


async def truth(config: Config) -> Finding:
    """Asks for a membership that nobody has."""
    about, url = "Platform", config.membership_api_url
    if url is None:
        return unknown(about, "MEMBERSHIP_API_URL is not set: lost webhooks are not found by asking.")
    headers = {"Authorization": f"Bearer {config.membership_api_token}"}
    async with ClientSession(timeout=_TIMEOUT) as http:
        try:
            async with http.get(
                f"{url}/memberships/doctor", headers=headers, allow_redirects=False
            ) as answer:
                status = answer.status
        except (ClientError, OSError):
            status = 0
    match status:
        case 200 | 404:
            return good(about, "it answers for the truth.")
        case 401 | 403:
            return bad(about, "it refuses MEMBERSHIP_API_TOKEN.", "Ask the platform for a new one.")
        case 0:
            return bad(about, f"{url} is not reached.", "Look at MEMBERSHIP_API_URL and the network.")
        case _:
            return bad(about, f"{url} answers {status}.", "Look at MEMBERSHIP_API_URL, or ask the platform.")
