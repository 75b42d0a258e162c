"""Lines of an answer: names as they were written, and never more than Discord takes.

A message holds 2000 characters (Discord's documentation, "Create Message"); what does not fit is counted, not cut in
the middle of a sentence.
"""

from collections.abc import Iterable

from bot.fans.texts import plain as name
from bot.integrations.words import join

__all__ = ["LABEL", "MOST", "MOST_OF_ALL", "fit", "join", "label", "name", "stack"]

MOST_OF_ALL = 2000
MOST = 1900
_MORE = "… and {} more"

LABEL = 100
"""Of an option in a menu: Discord's documentation, "Select Option"."""


def label(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1] + "…"


def fit(lines: Iterable[str], *, most: int = MOST) -> str:
    """The lines, as many as there is room for; how many more there are is said."""
    every = list(lines)
    if len("\n".join(every)) <= most:
        return "\n".join(every)
    kept: list[str] = []
    room = most - len(_MORE.format(len(every)))
    for line in every:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join([*kept, _MORE.format(len(every) - len(kept))])


def stack(begin: str, drawing: str, news: str) -> str:
    """A drawing with what is said above and below it; where there is no room, the news give way."""
    room = MOST_OF_ALL - len(begin) - len(drawing) - 2
    below = fit(news.split("\n"), most=room) if room > len(_MORE) + 4 else ""
    return "\n".join(filter(None, (begin, drawing, below)))
