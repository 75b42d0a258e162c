"""Refusals as Discord's door says them: the shared sentences, and better ones where a command is the way on."""

from collections.abc import Mapping

from bot.integrations import words
from bot.integrations.actors import Refusal, Refused
from bot.integrations.words import failure, short

__all__ = ["failure", "sentence", "short"]

_HERE: Mapping[Refusal, str] = {
    Refusal.UNKNOWN: "There is no such integration of yours. Type `/passes setup` to see those that are.",
    Refusal.NOT_PROVEN: (
        "This Discord account is not confirmed as a creator's. Type `/passes setup` to confirm that it is yours."
    ),
    Refusal.OTHER_SERVER: "That integration belongs to another server. Type the command there.",
    Refusal.CLOSING: "That integration is being disconnected. Add a new one with `/passes setup`.",
}


def sentence(refused: Refused) -> str:
    return words.sentence(refused, here=_HERE)
