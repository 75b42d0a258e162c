"""The sandbox's own remote control: `POST /sandbox/<verb>` with a JSON object, beside Discord's API and never below it.

Tests, the tour and the demo's pages play people, set faults and read the journal through it over the wire, so that the bot and its
tests can be different processes. `driver.py` is its typed client.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.discord.callbacks import INTERACTIONS
from bot.sandbox.discord.errors import DiscordError
from bot.sandbox.discord.faults import Fault
from bot.sandbox.discord.gateway import GATEWAY
from bot.sandbox.discord.interactions import DidNotRespondError, NeverFinishedError
from bot.sandbox.discord.invocation import CannotError
from bot.sandbox.discord.oauth import GRANTS
from bot.sandbox.discord.people import People
from bot.sandbox.discord.play import Play
from bot.sandbox.discord.transport import json_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.discord.gateway import How
    from bot.sandbox.discord.server import Discord

type Json = dict[str, Any]


def routes(discord: Discord) -> list[web.RouteDef]:
    """Return the remote control of this sandbox."""
    desk = Desk(discord)
    play = Play(discord.state, discord.app[INTERACTIONS])
    verbs = _verbs(People(discord.state)) | _verbs(play) | _verbs(desk)

    async def call(request: web.Request) -> web.Response:
        return await _call(verbs, request)

    return [web.post("/sandbox/{verb}", call)]


class Desk:
    """What no person in Discord can do: the machinery itself."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord

    def settings(self) -> Json:
        """Tell the application's credentials and where to reach this Discord."""
        app = self._discord.state.app
        return {
            "api_url": self._discord.api_url,
            "client_id": app.id,
            "client_secret": app.client_secret,
            "token": app.token,
            "bot_id": app.bot_id,
        }

    def journal(self, since: int = 0, route: str | None = None) -> list[Json]:
        return [entry.as_json() for entry in self._discord.journal.since(since, route=route)]

    def fault(self, traits: dict[str, Any]) -> int:
        if "retry_after" in traits:
            traits["retry_after_s"] = traits.pop("retry_after")
        return self._discord.faults.add(Fault(**traits))

    async def held(self, fault: int, timeout_s: float = 10.0) -> None:
        await self._discord.faults.held(fault, timeout_s=timeout_s)

    def release(self, fault: int) -> None:
        self._discord.faults.release(fault)

    def clear_faults(self) -> None:
        self._discord.faults.clear()

    def disconnect_gateway(self, how: How = "close") -> int:
        return self._discord.app[GATEWAY].disconnect(how)

    def numb_gateway(self) -> int:
        return self._discord.app[GATEWAY].numb()

    def lose_events(self, count: int, name: str | None = None) -> None:
        self._discord.app[GATEWAY].lose(count, name)

    def hold_gateway(self) -> None:
        self._discord.app[GATEWAY].hold()

    def release_gateway(self) -> None:
        self._discord.app[GATEWAY].release()

    def gateway_sessions(self) -> list[Json]:
        return self._discord.app[GATEWAY].sessions()

    def expire_tokens(self, user: int) -> None:
        """Let a person's access tokens run out now."""
        self._discord.app[GRANTS].expire(user)

    def expire_codes(self) -> None:
        """Let the codes that browsers carry run out now."""
        self._discord.app[GRANTS].expire_codes()

    def deauthorize(self, user: int) -> None:
        """Take the application's access back, as a person does in their settings."""
        self._discord.app[GRANTS].deauthorize(user)

    def commands(self, guild: int | None = None) -> list[Json]:
        """Return the commands that are registered, globally or in a guild."""
        return self._discord.state.commands_in(guild)


def _verbs(whom: object) -> dict[str, Callable[..., Any]]:
    methods = inspect.getmembers(whom, inspect.ismethod)
    return {name: method for name, method in methods if not name.startswith("_")}


async def _call(  # noqa: PLR0911  one line for each way an act can end
    verbs: dict[str, Callable[..., Any]], request: web.Request
) -> web.Response:
    verb = verbs.get(request.match_info["verb"])
    if verb is None:
        return _failed(404, "unknown_verb", f"there is nothing called {request.match_info['verb']}")
    try:
        asked = await request.json() if request.can_read_body else {}
        bound = inspect.signature(verb).bind(**{name: _number(value) for name, value in asked.items()})
    except (TypeError, ValueError, AttributeError) as error:
        return _failed(400, "bad_request", str(error))
    try:
        result = verb(*bound.args, **bound.kwargs)
        return json_response({"result": await result if inspect.isawaitable(result) else result})
    except DiscordError as refusal:
        return _failed(409, "refused", refusal.message, code=refusal.code, status=refusal.status)
    except CannotError as error:
        return _failed(409, "cannot", str(error))
    except DidNotRespondError as error:
        return _failed(409, "did_not_respond", str(error))
    except NeverFinishedError as error:
        return _failed(409, "never_finished", str(error))
    except TimeoutError:
        return _failed(409, "timeout", "it did not happen in time")
    except (KeyError, TypeError, ValueError) as error:
        return _failed(400, "bad_request", f"{type(error).__name__}: {error}")


def _number(value: Any) -> Any:
    """Take ids as numbers or as strings; a browser cannot hold them as numbers."""
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) >= 17 else value


def _failed(http_status: int, error: str, message: str, **more: Any) -> web.Response:
    return json_response({"error": error, "message": message, **more}, status=http_status)
