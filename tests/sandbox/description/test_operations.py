"""A request that does not fit is the asker's fault, an answer that does not fit the sandbox's; each is named."""

import pytest

from bot.sandbox.discord.description.exchange import BY_HAND
from tests.sandbox.description.small import Watched

ROLE = {"id": "11", "name": "Gold"}
REFUSAL = {"code": 50035, "message": "Invalid Form Body"}
ROLES = "GET /guilds/7/roles"
WITH_FILE = (
    b'--b\r\nContent-Disposition: form-data; name="payload_json"\r\nContent-Type: application/json\r\n\r\n'
    b'{"name": "Gold"}\r\n--b\r\nContent-Disposition: form-data; name="files[0]"; filename="a.png"\r\n'
    b"Content-Type: image/png\r\n\r\n\x89\r\n--b--\r\n"
)
CREATE = "POST /guilds/7/roles"


def test_what_fits_is_counted_and_no_more(watched: Watched) -> None:
    assert watched.send(ROLES, watched.answer(200, ROLE)) == []
    assert watched.watch.ledger.held == {"GET /guilds/{guild_id}/roles": 1}
    assert "1 operations, 1 times, violations: 0" in watched.watch.ledger.table()


def test_a_fixed_path_goes_before_a_parameter(watched: Watched) -> None:
    assert watched.send("GET /guilds/@me/roles", watched.answer(204)) == []
    assert watched.watch.ledger.held == {"GET /guilds/@me/roles": 1}


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ((("limit", "11"),), "asked: query limit: $: 11 is greater than the maximum of 10"),
        ((("limit", "many"),), 'asked: query limit: $: "many" is not of type "integer"'),
        ((("colour", "red"),), "asked: query colour is not described"),
        ((("full", "yes"),), 'asked: query full: $: "yes" is not of type "boolean"'),
    ],
)
def test_a_wrong_query_is_named(watched: Watched, query: tuple[tuple[str, str], ...], fault: str) -> None:
    assert fault in watched.send(ROLES, watched.answer(200, ROLE), query=query)


@pytest.mark.parametrize(
    "query",
    [
        (("full", "True"),),
        (("full", "1"),),
        (("full", "false"),),
        (("ids", "1"),),
        (("ids", "1"), ("ids", "2")),
        (("limit", "3"),),
    ],
)
def test_a_query_is_read_as_documented(watched: Watched, query: tuple[tuple[str, str], ...]) -> None:
    assert watched.send(ROLES, watched.answer(200, ROLE), query=query) == []


def test_a_path_that_is_no_snowflake_is_named(watched: Watched) -> None:
    faults = watched.send("GET /guilds/seven/roles", watched.answer(400, REFUSAL))
    assert any(fault.startswith("asked: path {guild_id}") for fault in faults)


@pytest.mark.parametrize(
    ("headers", "raw"),
    [
        ({"Content-Type": "application/json"}, b'{"name": "Gold", "hoist": true}'),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"name=Gold&hoist=true"),
        (
            {"Content-Type": "multipart/form-data; boundary=b"},
            b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nGold\r\n--b--\r\n',
        ),
        (
            {"Content-Type": "multipart/form-data; boundary=b"},
            WITH_FILE,
        ),
    ],
)
def test_a_body_may_be_of_three_kinds(watched: Watched, headers: dict[str, str], raw: bytes) -> None:
    assert watched.send(CREATE, watched.answer(201, ROLE), headers=headers, raw=raw) == []


@pytest.mark.parametrize(
    ("headers", "raw", "fault"),
    [
        ({"Content-Type": "text/plain"}, b"Gold", "media type 'text/plain'"),
        ({"Content-Type": "application/json"}, b"{", "the body is not JSON"),
        ({"Content-Type": "application/json"}, b'{"nmae": "Gold"}', "'nmae' was unexpected"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"hoist=maybe", "$.hoist"),
        (
            {"Content-Type": "multipart/form-data; boundary=b"},
            b'--b\r\nContent-Disposition: form-data; name="payload_json"\r\n\r\n{"name": 5}\r\n--b--\r\n',
            "$.name",
        ),
        (
            {"Content-Type": "multipart/form-data; boundary=b"},
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nx\r\n--b--\r\n',
            "not files[n]",
        ),
    ],
)
def test_a_wrong_body_is_named(watched: Watched, headers: dict[str, str], raw: bytes, fault: str) -> None:
    faults = watched.send(CREATE, watched.answer(400, REFUSAL), headers=headers, raw=raw)
    assert len(faults) == 1
    assert fault in faults[0]


def test_who_tries_may_be_wrong_if_it_is_refused(watched: Watched) -> None:
    by_hand = {BY_HAND: "true"}
    assert watched.send(CREATE, watched.answer(400, REFUSAL), body={"name": 5}, headers=by_hand) == []
    assert watched.send(CREATE, watched.answer(201, ROLE), body={"name": 5}, headers=by_hand) != []


def test_a_token_of_the_wrong_kind_is_named(watched: Watched) -> None:
    faults = watched.send(ROLES, watched.answer(401, REFUSAL), headers={"Authorization": "Bearer x"})
    assert faults == ["asked: authorization Bearer: described is Bot"]


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (202, ROLE, "answered 202: status 202 is not described; it is one of 200, 4XX"),
        (200, {"id": "11"}, 'answered 200: $: "name" is a required property'),
        (200, ROLE | {"id": "eleven"}, 'answered 200: $.id: "eleven" is not a "snowflake"'),
        (
            200,
            ROLE | {"nick": "G"},
            "answered 200: $: Additional properties are not allowed ('nick' was unexpected)",
        ),
        (404, {"message": "Unknown"}, 'answered 404: $: "code" is a required property'),
    ],
)
def test_a_wrong_answer_is_named(watched: Watched, status: int, body: dict[str, str], fault: str) -> None:
    assert fault in watched.send(ROLES, watched.answer(status, body))


def test_an_answer_without_its_body_is_named(watched: Watched) -> None:
    assert watched.send(ROLES, watched.answer(200))
    assert watched.send("GET /guilds/@me/roles", watched.answer(204, ROLE))


def test_what_is_not_described_must_be_refused_and_is_not_asked_by_a_bot(watched: Watched) -> None:
    gone = {"code": 0, "message": "404: Not Found"}
    assert watched.send("GET /nowhere", watched.answer(404, gone), headers={BY_HAND: "true"}) == []
    assert watched.send("PUT /guilds/7/roles", watched.answer(405, gone), headers={BY_HAND: "true"}) == []
    assert watched.send("GET /nowhere", watched.answer(200, ROLE), headers={BY_HAND: "true"}) != []
    assert watched.send("GET /nowhere", watched.answer(404, gone)) != []


def test_a_refusal_of_what_is_not_described_is_discords_too(watched: Watched) -> None:
    by_hand = {BY_HAND: "true"}
    picture = watched.answer(429, headers={"Content-Type": "image/png"}, raw=b"no")
    assert watched.send("GET /nowhere", picture, headers=by_hand) != []
    faults = watched.send("GET /nowhere", watched.answer(404, {"message": "no"}), headers=by_hand)
    assert 'answered 404: $: "code" is a required property' in faults
    assert watched.send("GET /nowhere", watched.answer(404), headers=by_hand) != []


def test_a_cut_answer_leaves_the_request_to_be_judged(watched: Watched) -> None:
    assert watched.send(CREATE, None, body={"name": "Gold"}) == []
    assert watched.send(CREATE, None, body={"name": 5}) != []


def test_a_guest_may_send_more_but_is_answered_no_worse(watched: Watched) -> None:
    more = {"name": "Gold", "enforce_nonce": False}
    named = {"User-Agent": "Python/3.12 aiohttp"}
    assert watched.send(CREATE, watched.answer(201, ROLE), body=more, headers=named, guest=True) == []
    assert watched.send(CREATE, watched.answer(201, ROLE), body={"name": 5}, guest=True) != []
    assert watched.send(CREATE, watched.answer(201, ROLE | {"nick": "G"}), body=more, guest=True) != []
