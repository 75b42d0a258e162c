"""The application at Discord: token, portal, OAuth2, gateway, and whose clock is right."""

from collections.abc import Iterator
from datetime import timedelta

from bot.config import Config
from bot.discord.inspection import Application, Gateway, NoAnswer
from bot.discord.oauth import OAuth, OAuthError
from bot.operations.doctor.findings import Finding, bad, good, unknown

CLOCK_MAY_DIFFER = timedelta(seconds=10)
_FEW_LOGINS = 50
_PORTAL = "discord.com/developers/applications → your application"


def token(config: Config, application: Application | NoAnswer) -> Iterator[Finding]:
    match application:
        case NoAnswer(status=401):
            yield bad(
                "Token", "Discord refuses DISCORD_TOKEN.", f"Copy it anew: {_PORTAL} → Bot → Reset Token."
            )
        case NoAnswer(status=0):
            yield bad(
                "Discord",
                f"{config.discord_api_url} was not reached.",
                "Look at the network, DISCORD_API_URL and https://discordstatus.com.",
            )
        case NoAnswer(status=status):
            yield bad(
                "Discord", f"it answered {status}.", "Look at https://discordstatus.com, and ask again later."
            )
        case Application(id=found) if found != config.discord_client_id:
            yield bad(
                "Token",
                f"it belongs to the application {found}, not to DISCORD_CLIENT_ID {config.discord_client_id}.",
                "Copy the id, the secret and the token from the same application.",
            )
        case Application(name=name):
            yield good("Token", f"it belongs to the application {name}.")


def portal(config: Config, application: Application) -> Iterator[Finding]:
    """What is switched on in the developer portal."""
    yield _intents(config, application)
    redirect = f"{config.public_url}/oauth/discord"
    if redirect in application.redirect_uris:
        yield good("Redirect", f"{redirect} is registered.")
    else:
        yield bad("Redirect", f"{redirect} is not registered.", f"Add it: {_PORTAL} → OAuth2 → Redirects.")
    if not application.is_public:
        do = f"Switch on Public Bot: {_PORTAL} → Bot (and under Installation, Install Link must not be None)."
        yield bad("Invitation", "only the application's owner can add the bot to servers.", do)
    if application.requires_code_grant:
        do = f"Switch off Requires OAuth2 Code Grant: {_PORTAL} → Bot."
        yield bad("Invitation", "Discord asks for a code grant, so plain invitations fail.", do)
    if application.interactions_url:
        do = f"Empty Interactions Endpoint URL: {_PORTAL} → General Information."
        yield bad("Commands", f"Discord sends them to {application.interactions_url}, not to the bot.", do)


def _intents(config: Config, application: Application) -> Finding:
    if not config.discord_members_intent:
        return good("Intents", "no privileged one is asked for.")
    if application.members_intent:
        return good("Intents", "Server Members Intent is switched on.")
    return bad(
        "Intents",
        "DISCORD_MEMBERS_INTENT is true, but Server Members Intent is switched off: Discord will refuse the bot.",
        f"Switch it on: {_PORTAL} → Bot; or set DISCORD_MEMBERS_INTENT=false.",
    )


async def credentials(config: Config, oauth: OAuth) -> Finding:
    """Offers a code that cannot be right: Discord looks at who is asking first, and nothing is left behind."""
    match await oauth.exchange("doctor", f"{config.public_url}/oauth/discord"):
        case OAuthError(why="invalid_client"):
            return bad(
                "OAuth2",
                "Discord refuses DISCORD_CLIENT_SECRET.",
                f"Copy it anew: {_PORTAL} → OAuth2 → Reset Secret.",
            )
        case OAuthError(why="invalid_grant" | "unexpected", status=400):
            return good("OAuth2", "the client's id and secret are right.")
        case other:
            why = getattr(other, "why", "unexpected")
            return unknown("OAuth2", f"Discord did not say ({why}).", "Ask again in a minute.")


def gateway(found: Gateway | NoAnswer) -> Iterator[Finding]:
    if isinstance(found, NoAnswer):
        yield unknown("Gateway", f"Discord answered {found.status}.", "Ask again in a minute.")
        return
    if found.shards > 1:
        yield bad("Gateway", f"Discord recommends {found.shards} shards; this bot uses one.", "Report this.")
    if found.logins_left < _FEW_LOGINS:
        do = "Find out what restarts the bot, and leave it running: at 0, Discord resets the token."
        yield bad("Gateway", f"only {found.logins_left} logins are left today.", do)
    else:
        yield good("Gateway", f"{found.logins_left} logins are left today.")
    yield _clock(found.clock_ahead)


def _clock(ahead: timedelta | None) -> Finding:
    if ahead is None:
        return unknown("Clock", "Discord did not say what time it is.")
    if abs(ahead) <= CLOCK_MAY_DIFFER:
        return good("Clock", "it agrees with Discord's.")
    side = "ahead of" if ahead > timedelta(0) else "behind"
    return bad(
        "Clock",
        f"it is {abs(ahead).total_seconds():.0f} s {side} Discord's.",
        "Let the machine keep its time by NTP (timedatectl set-ntp true): at 5 minutes webhooks are refused.",
    )
