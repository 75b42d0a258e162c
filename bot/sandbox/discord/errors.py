"""Discord's refusals, each with the status, the code and the sentence that Discord sends.

The bot decides by these codes, so they live in one list that can be held against
https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
"""

from __future__ import annotations

from typing import Any


class DiscordError(Exception):
    """A refusal, rendered by the transport as Discord's error body."""

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """Return the JSON body."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


def unauthorized() -> DiscordError:
    """The token is missing, wrong or dead."""
    return DiscordError(401, 0, "401: Unauthorized")


def not_found() -> DiscordError:
    """No such route."""
    return DiscordError(404, 0, "404: Not Found")


def method_not_allowed() -> DiscordError:
    """The route exists, not with this method."""
    return DiscordError(405, 0, "405: Method Not Allowed")


def unknown_channel() -> DiscordError:
    """Unknown channel."""
    return DiscordError(404, 10003, "Unknown Channel")


def unknown_guild() -> DiscordError:
    """Unknown guild; also what a bot is told about a guild that it is not in."""
    return DiscordError(404, 10004, "Unknown Guild")


def unknown_member() -> DiscordError:
    """Unknown member."""
    return DiscordError(404, 10007, "Unknown Member")


def unknown_message() -> DiscordError:
    """Unknown message."""
    return DiscordError(404, 10008, "Unknown Message")


def unknown_role() -> DiscordError:
    """Unknown role."""
    return DiscordError(404, 10011, "Unknown Role")


def unknown_user() -> DiscordError:
    """Unknown user."""
    return DiscordError(404, 10013, "Unknown User")


def unknown_webhook() -> DiscordError:
    """Unknown webhook; also an interaction token that has expired."""
    return DiscordError(404, 10015, "Unknown Webhook")


def unknown_ban() -> DiscordError:
    """Unknown ban."""
    return DiscordError(404, 10026, "Unknown Ban")


def unknown_interaction() -> DiscordError:
    """The three seconds are over, or the interaction never was."""
    return DiscordError(404, 10062, "Unknown interaction")


def unknown_command() -> DiscordError:
    """Unknown application command."""
    return DiscordError(404, 10063, "Unknown application command")


def not_your_application() -> DiscordError:
    """The application belongs to somebody else."""
    return DiscordError(403, 20012, "You are not authorized to perform this action on this application")


def too_many_commands(most: int) -> DiscordError:
    """An application holds so many commands of one type in one place."""
    return DiscordError(400, 30032, f"Maximum number of application commands reached ({most})")


def too_many_guilds() -> DiscordError:
    """The user is in as many servers as Discord lets them be."""
    return DiscordError(400, 30001, "Maximum number of guilds reached (100)")


def too_many_roles() -> DiscordError:
    """A guild holds 250 roles."""
    return DiscordError(400, 30005, "Maximum number of guild roles reached (250)")


def user_banned() -> DiscordError:
    """The user is banned from this guild."""
    return DiscordError(403, 40007, "The user is banned from this guild.")


def already_acknowledged() -> DiscordError:
    """The interaction has had its answer."""
    return DiscordError(400, 40060, "Interaction has already been acknowledged.")


def missing_access() -> DiscordError:
    """The caller cannot see this."""
    return DiscordError(403, 50001, "Missing Access")


def dms_closed() -> DiscordError:
    """The user takes no direct messages from this sender."""
    return DiscordError(403, 50007, "Cannot send messages to this user")


def no_mutual_guilds() -> DiscordError:
    """The user shares no server with the bot."""
    return DiscordError(403, 50278, "Cannot send messages to this user due to having no mutual guilds")


def empty_message() -> DiscordError:
    """A message needs something in it."""
    return DiscordError(400, 50006, "Cannot send an empty message")


def not_your_message() -> DiscordError:
    """Only its author edits a message."""
    return DiscordError(403, 50005, "Cannot edit a message authored by another user")


def missing_permissions() -> DiscordError:
    """The caller may not do this, or the target stands above the caller."""
    return DiscordError(403, 50013, "Missing Permissions")


def invalid_oauth_token() -> DiscordError:
    """The user's access token is dead, or belongs to somebody else."""
    return DiscordError(403, 50025, "Invalid OAuth2 access token")


def missing_oauth_scope() -> DiscordError:
    """The user's access token lacks the scope."""
    return DiscordError(403, 50026, "Missing required OAuth2 scope")


def invalid_role() -> DiscordError:
    """The role is managed, or is @everyone: nobody gives it by hand."""
    return DiscordError(400, 50028, "Invalid Role")


def invalid_form(errors: dict[str, Any]) -> DiscordError:
    """The body or the query is out of shape; `errors` says where."""
    return DiscordError(400, 50035, "Invalid Form Body", errors)


def invalid_json() -> DiscordError:
    """The body is not JSON."""
    return DiscordError(400, 50109, "The request body contains invalid JSON.")


def joining_limited() -> DiscordError:
    """Discord holds this account back from joining servers for now."""
    return DiscordError(403, 340015, "You are being limited from joining servers.")


def invites_disabled() -> DiscordError:
    """The guild has paused joins; Discord documents no code for it, so none is made up: the guild's features tell."""
    return DiscordError(403, 0, "Invites are currently paused for this server. Please try again later.")


def field(path: str, code: str, message: str) -> dict[str, Any]:
    """Return Discord's nested `errors` for one dotted path, such as `0.options.1.name`; the empty path is the whole body.

    The codes are names, as Discord's reference shows and Discord sends them, though its OpenAPI calls them integers.
    """
    found: dict[str, Any] = {"_errors": [{"code": code, "message": message}]}
    for part in reversed(path.split(".") if path else []):
        found = {part: found}
    return found


def merged(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    """Return both nested `errors` in one."""
    both = dict(left)
    for key, value in right.items():
        if key == "_errors" and key in both:
            both[key] = [*both[key], *(each for each in value if each not in both[key])]
        elif key == "_errors":
            both = {key: value}  # what is wrong as a whole is not looked into
        elif "_errors" in both:
            continue
        elif key in both:
            both[key] = merged(both[key], value)
        else:
            both[key] = value
    return both
