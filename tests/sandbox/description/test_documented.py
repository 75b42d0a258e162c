"""What the documentation asks of every request and answer, beyond the description."""

import pytest

from tests.sandbox.description.small import Watched

ROLE = {"id": "11", "name": "Gold"}
ROLES = "GET /guilds/7/roles"
ALLOWANCE = {
    "X-RateLimit-Limit": "5",
    "X-RateLimit-Remaining": "0",
    "X-RateLimit-Reset": "1470173023.123",
    "X-RateLimit-Reset-After": "1.5",
    "X-RateLimit-Bucket": "abcd",
}
LIMITED = {"Retry-After": "65", "X-RateLimit-Scope": "user", **ALLOWANCE}


def test_who_asks_must_say_so(watched: Watched) -> None:
    faults = watched.send(ROLES, watched.answer(200, ROLE), headers={"User-Agent": "Python/3.12 aiohttp"})
    assert faults == ["asked: User-Agent is not 'DiscordBot ($url, $versionNumber)'"]


@pytest.mark.parametrize("reason", ["", "x" * 513, "für alle"])
def test_a_reason_is_short_and_encoded(watched: Watched, reason: str) -> None:
    asked = "POST /guilds/7/roles"
    sent = {"X-Audit-Log-Reason": reason}
    faults = watched.send(asked, watched.answer(201, ROLE), body={"name": "Gold"}, headers=sent)
    assert faults == ["asked: X-Audit-Log-Reason is not 1 to 512 characters, URL-encoded"]


def test_a_reason_goes_only_where_it_is_kept(watched: Watched) -> None:
    sent = {"X-Audit-Log-Reason": "paid"}
    assert (
        watched.send("POST /guilds/7/roles", watched.answer(201, ROLE), body={"name": "G"}, headers=sent)
        == []
    )
    assert watched.send(ROLES, watched.answer(200, ROLE), headers=sent) == [
        "asked: X-Audit-Log-Reason: this operation takes none"
    ]


def test_a_guests_reason_is_judged_though_its_name_is_not(watched: Watched) -> None:
    asked, named = "POST /guilds/7/roles", {"User-Agent": "Python/3.12 aiohttp"}
    answer, body = watched.answer(201, ROLE), {"name": "Gold"}
    assert watched.send(asked, answer, body=body, headers=named, guest=True) == []
    sent = named | {"X-Audit-Log-Reason": "für alle"}
    faults = watched.send(asked, answer, body=body, headers=sent, guest=True)
    assert faults == ["asked: X-Audit-Log-Reason is not 1 to 512 characters, URL-encoded"]


def test_rate_limit_headers_come_together(watched: Watched) -> None:
    assert watched.send(ROLES, watched.answer(200, ROLE, ALLOWANCE)) == []
    assert watched.send(ROLES, watched.answer(200, ROLE, {"X-RateLimit-Limit": "5"})) != []
    assert watched.send(ROLES, watched.answer(200, ROLE, ALLOWANCE | {"X-RateLimit-Scope": "user"})) != []


@pytest.mark.parametrize(
    "wrong",
    [
        {"Retry-After": "soon"},
        {"X-RateLimit-Scope": "guild"},
        {"X-RateLimit-Global": "true"},
        {"X-RateLimit-Scope": "global"},
    ],
)
def test_a_429_says_for_how_long_and_for_whom(watched: Watched, wrong: dict[str, str]) -> None:
    refusal = {"code": 0, "message": "You are being rate limited."}
    assert watched.send(ROLES, watched.answer(429, refusal, LIMITED)) == []
    assert watched.send(ROLES, watched.answer(429, refusal, LIMITED | wrong)) != []


def test_a_server_error_is_json_or_a_page(watched: Watched) -> None:
    assert (
        watched.send(ROLES, watched.answer(500, {"code": 0, "message": "500: Internal Server Error"})) == []
    )
    page = {"Content-Type": "text/html", "Server": "cloudflare"}
    assert watched.send(ROLES, watched.answer(502, headers=page, raw=b"<html>502</html>")) == []
    assert watched.send(ROLES, watched.answer(500, {"error": "no"})) != []


def test_cloudflare_speaks_for_itself(watched: Watched) -> None:
    page = {"Content-Type": "text/plain", "Retry-After": "600", "Server": "cloudflare"}
    assert watched.send(ROLES, watched.answer(429, headers=page, raw=b"error code: 1015")) == []
    assert watched.send(ROLES, watched.answer(429, headers=page | ALLOWANCE, raw=b"error code: 1015")) != []
    assert watched.send(ROLES, watched.answer(429, headers={"Retry-After": "600"})) != []


@pytest.mark.parametrize(("status", "kind"), [(403, "text/html"), (404, "text/plain"), (500, "text/plain")])
def test_a_page_that_is_not_cloudflares_is_nobodys(watched: Watched, status: int, kind: str) -> None:
    faults = watched.send(ROLES, watched.answer(status, headers={"Content-Type": kind}, raw=b"no"))
    assert faults == [
        f"answered {status}: a refusal is Discord's JSON or a page that says `Server: cloudflare`, not {kind!r}"
    ]
