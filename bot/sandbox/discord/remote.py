"""The wire between a driver and the sandbox: one call for each verb of the remote control, and its failures as exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import aiohttp

if TYPE_CHECKING:
    from types import TracebackType


class Refused(Exception):  # noqa: N818  reads as Discord's side of the story
    """Discord refused; `code` is its JSON error code."""

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class Cannot(Exception):  # noqa: N818  reads as Discord's side of the story
    """Discord's client does not offer this to this person."""


class DidNotRespond(Exception):  # noqa: N818  these are Discord's words to the person
    """The application did not respond within three seconds."""


class NeverFinished(Exception):  # noqa: N818  reads as Discord's side of the story
    """The application acknowledged and then left the person waiting."""


_ERRORS: dict[str, type[Exception]] = {
    "cannot": Cannot,
    "did_not_respond": DidNotRespond,
    "never_finished": NeverFinished,
    "timeout": TimeoutError,
}


class Remote:
    """A client of `control.py`."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        # Accounts are chosen anew with every visit: one driver plays many people.
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=60)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    @property
    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("use the driver with `async with`")
        return self._session

    async def _call(self, verb: str, **arguments: Any) -> Any:
        given = {name: value for name, value in arguments.items() if value is not None}
        async with self._http.post(f"{self._url}/sandbox/{verb}", json=given) as response:
            body = await response.json()
        if response.status == 200:
            return body["result"]
        if body["error"] == "refused":
            raise Refused(body["message"], body["code"])
        raise _ERRORS.get(body["error"], ValueError)(body["message"])
