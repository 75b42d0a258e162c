"""The webhooks that were made, and what became of each: the platform's delivery log."""

from dataclasses import dataclass, field
from typing import Any

from .records import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the endpoint answered to one attempt; status 0 means that there was no answer."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300

    def shown(self) -> Json:
        return {"status": self.status, "body": self.body, "headers": self.headers}


@dataclass(slots=True, kw_only=True)
class Delivery:
    id: str  # the webhook-id: the same for every attempt
    number: int
    type: str
    body: bytes
    data: Any
    state: str = "queued"  # queued | delivered | failed (given up) | lost (dropped for ever)
    attempts: list[Json] = field(default_factory=list)

    def note(self, at: str, reply: Reply) -> None:
        self.attempts.append({"at": at} | reply.shown())

    def shown(self) -> Json:
        return {
            "id": self.id,
            "number": self.number,
            "type": self.type,
            "data": self.data,
            "state": self.state,
            "attempts": self.attempts,
        }
