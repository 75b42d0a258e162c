"""RFC 6749, RFC 7009 and Discord's page on OAuth2, as rules over what goes to and fro."""

import pytest

from bot.sandbox.discord.description.exchange import BY_HAND
from tests.sandbox.description.small import Watched

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic YTpi"}
TOKENS = {
    "access_token": "a",
    "refresh_token": "r",
    "token_type": "Bearer",
    "expires_in": 604800,
    "scope": "identify",
}
NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
CODE = b"grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fa.test"
ASKED = (
    ("client_id", "1"),
    ("response_type", "code"),
    ("scope", "identify"),
    ("redirect_uri", "https://a.test/back"),
    ("state", "s1"),
)


def test_an_exchange_as_documented_fits(watched: Watched) -> None:
    good = watched.answer(200, TOKENS, NOT_KEPT)
    assert watched.send("POST /oauth2/token", good, headers=FORM, raw=CODE) == []
    again = b"grant_type=refresh_token&refresh_token=r"
    assert watched.send("POST /oauth2/token", good, headers=FORM, raw=again) == []
    assert (
        watched.send("POST /oauth2/token/revoke", watched.answer(200, {}), headers=FORM, raw=b"token=a") == []
    )


@pytest.mark.parametrize(
    ("headers", "raw", "fault"),
    [
        ({"Content-Type": "application/json"}, b"{}", "application/x-www-form-urlencoded alone"),
        ({"Authorization": ""}, CODE, "not at all"),
        ({}, CODE + b"&client_id=a&client_secret=b", "twice"),
        ({}, b"grant_type=password", "grant_type"),
        ({}, b"grant_type=authorization_code&code=c", "redirect_uri is required"),
        ({}, CODE + b"&code=d", "given twice"),
    ],
)
def test_a_wrong_request_is_named(watched: Watched, headers: dict[str, str], raw: bytes, fault: str) -> None:
    refusal = watched.answer(400, {"error": "invalid_request"})
    faults = watched.send("POST /oauth2/token", refusal, headers=FORM | headers, raw=raw)
    assert any(fault in each for each in faults)
    by_hand = FORM | headers | {BY_HAND: "true"}
    assert watched.send("POST /oauth2/token", refusal, headers=by_hand, raw=raw) == []


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (200, TOKENS, {}),
        (200, TOKENS | {"token_type": "bearer"}, NOT_KEPT),
        (200, {"access_token": "a"}, NOT_KEPT),
        (400, {"error": "no_idea"}, {}),
        (400, {"error": "invalid_client"}, {}),
        (401, {"error": "invalid_client"}, {}),
        (403, {"error": "invalid_grant"}, {}),
    ],
)
def test_a_wrong_answer_is_named(
    watched: Watched, status: int, body: dict[str, object], headers: dict[str, str]
) -> None:
    answer = watched.answer(status, body, headers)
    assert watched.send("POST /oauth2/token", answer, headers=FORM, raw=CODE) != []


@pytest.mark.parametrize(
    ("location", "fits"),
    [
        ("https://a.test/back?code=c&state=s1", True),
        ("https://a.test/back?error=access_denied&state=s1", True),
        ("https://a.test/back?code=c&state=s2", False),
        ("https://a.test/back?state=s1", False),
        ("https://b.test/back?code=c&state=s1", False),
    ],
)
def test_a_browser_is_sent_back_with_its_state(watched: Watched, location: str, *, fits: bool) -> None:
    answer = watched.answer(302, headers={"Location": location})
    assert (watched.send("POST /oauth2/authorize", answer, query=ASKED) == []) is fits


def test_a_wrong_link_must_be_refused(watched: Watched) -> None:
    page = {"Content-Type": "text/html"}
    assert watched.send("GET /oauth2/authorize", watched.answer(400, headers=page, raw=b"no")) == []
    assert watched.send("GET /oauth2/authorize", watched.answer(200, headers=page, raw=b"yes")) != []
