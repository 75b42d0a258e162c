"""Whose page it is, and where they begin: one judgement for every door.

Fans and creators sign in and go on by different ways, so whoever is sent down the other's is stuck. A session says who
it is; without one the address does: by where it leads, or by ``?as=``, which the forms and links of shared pages carry.
"""

from collections.abc import Mapping

from aiohttp import web

from bot.identity.sessions import SignedIn
from bot.web.pages import Way
from models.identity import PersonKind

HOMES: Mapping[PersonKind, Way] = {
    PersonKind.FAN: Way(label="Your memberships", href="/memberships"),
    PersonKind.CREATOR: Way(label="Your integrations", href="/hub"),
}
_CODE = "code"
_PAGES: Mapping[str, PersonKind] = {
    "memberships": PersonKind.FAN,
    "connect": PersonKind.FAN,
    "link": PersonKind.FAN,
    "hub": PersonKind.CREATOR,
    "prove": PersonKind.CREATOR,
}


def whose(request: web.Request) -> PersonKind | None:
    """Whose page the address is; None: anybody's."""
    said = request.query.get("as")
    return PersonKind(said) if said in set(PersonKind) else _PAGES.get(_first(request))


def way_home(kind: PersonKind | None) -> list[Way]:
    """Where somebody goes on; both ways, if nobody knows who it is."""
    return [HOMES[kind]] if kind else [*HOMES.values()]


def onward(request: web.Request, me: SignedIn | None) -> list[Way]:
    """Where whoever reads the answer goes on."""
    return way_home(me.person.kind if me else whose(request))


def again(request: web.Request, kind: PersonKind) -> str:
    """Where somebody of this kind does once more what they were doing."""
    return code_page(kind) if _first(request) == _CODE else HOMES[kind].href


def code_page(kind: PersonKind) -> str:
    return f"/{_CODE}?as={kind.value}"


def _first(request: web.Request) -> str:
    return request.path.split("/")[1]
