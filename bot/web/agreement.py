"""The page that names both sides and asks for a deliberate press, however the two were proven (DESIGN §5.1).

Three ways lead to it: Discord's consent page, a link from ``/passes link``, and a one-time code. What a press is told
when it cannot be carried out is said here for all of them.
"""

from collections.abc import Mapping, Sequence

from aiohttp import web

from bot.fans.connecting import Connected
from bot.fans.links import AlreadyLinked, FanUnknown, Preview, TooManyChanges
from bot.identity.sessions import SignedIn
from bot.web.homes import HOMES
from bot.web.pages import Pages, day, see_other
from bot.web.visitors import Visitors
from models.identity import PersonKind

BACK = HOMES[PersonKind.FAN]


class Agreement:
    def __init__(self, pages: Pages, visitors: Visitors) -> None:
        self._pages = pages
        self._visitors = visitors

    def ask(  # noqa: PLR0913 - both sides, what is asked for, and where the press goes
        self,
        me: SignedIn,
        preview: Preview,
        *,
        username: str,
        action: str,
        fields: Mapping[str, str],
        servers: Sequence[str] = (),
    ) -> web.Response:
        return self._pages.show(
            "agree.html",
            me=me.person,
            csrf=self._visitors.csrf_token(me),
            username=username,
            replaces=preview.replaces.username if preview.replaces else None,
            taken_from=preview.taken_from_name,
            action=action,
            fields=fields,
            servers=servers,
        )

    def answer(
        self, outcome: Connected | AlreadyLinked | Preview | TooManyChanges | FanUnknown
    ) -> web.Response:
        """What came of the press, or why there is nothing to ask."""
        match outcome:
            case Connected() | AlreadyLinked():
                return see_other("/memberships")
            case Preview():
                return self._pages.plain(
                    "Something changed meanwhile",
                    "Nothing was connected. Start again, and read who is named before you press.",
                    status=409,
                    ways=[BACK],
                )
            case TooManyChanges(again_at=at):
                return self._pages.plain(
                    "Too many changes of account",
                    f"Nothing was changed. You can change accounts again after {day(at)}.",
                    status=409,
                    ways=[BACK],
                )
            case FanUnknown():
                return self._pages.plain(
                    "We do not know this account",
                    "It was deleted, or never bought anything here.",
                    "If you have just bought something, open it from Passes once more.",
                    status=404,
                    ways=[BACK],
                )
