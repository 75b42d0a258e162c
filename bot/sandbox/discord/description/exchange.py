"""One request and its answer, as they went over the wire.

The rules read this and nothing of the sandbox's own, so that what the sandbox believes about itself cannot excuse it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

BY_HAND = "X-Sandbox-By-Hand"
"""A test that asks wrongly on purpose says so with this header: then it is enough that it was refused."""


class UnreadableError(Exception):
    """A body is not what its media type says; the message tells how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; `body` is empty where there was none."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type without its parameters, in small letters; empty where there is none."""
        return _media_type(self.headers)

    def json(self) -> Any:
        """Return the body as JSON; raises UnreadableError."""
        return _json(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request, and its answer unless the connection was cut; `path` is below the API's prefix."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    answer: Answer | None
    guest: bool = False
    """Whether a library is asking that is not ours: what it sends beyond the description is its own affair."""

    @property
    def by_hand(self) -> bool:
        """Whether whoever asked may be wrong, as long as it is refused."""
        return BY_HAND in self.headers

    @property
    def media_type(self) -> str:
        """The request's media type without its parameters, in small letters; empty where there is none."""
        return _media_type(self.headers)

    def json(self) -> Any:
        """Return the request's body as JSON; raises UnreadableError."""
        return _json(self.body)


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError as error:
        raise UnreadableError(f"the body is not JSON: {error}") from None
