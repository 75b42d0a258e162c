"""Discord's ban by address: what counts towards it, and for how long."""

from bot.discord.invalid_requests import InvalidRequests


def test_only_what_discord_counts_is_counted_and_only_for_ten_minutes() -> None:
    now = 0.0
    requests = InvalidRequests(lambda: now)
    for status in (200, 204, 400, 401, 403, 404, 429, 500):
        requests.count(status, {})
    requests.count(429, {"X-RateLimit-Scope": "shared"})
    requests.count(429, {"X-RateLimit-Scope": "user"})
    assert requests.recent == 4
    now = 599.0
    requests.count(403, {})
    assert requests.recent == 5
    now = 601.0
    assert requests.recent == 1
