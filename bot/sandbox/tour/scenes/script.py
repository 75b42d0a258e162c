"""What all chapters share: the server in which they play, and the requests that they wait for."""

from collections.abc import Awaitable, Callable

from bot.sandbox.tour.stage import Stage

type Scene = Callable[[Stage], Awaitable[None]]

ROLES = ("Vault", "Platinum", "Gold", "Silver", "Lounge", "Friend")
GIVES = {
    "Gold": ("Gold", "Lounge"),
    "Silver": ("Silver", "Lounge"),
    "Platinum": ("Platinum", "Lounge"),
}
NOTHING: set[str] = set()
ROLE_ROUTE = "PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}"
JOIN_ROUTE = "PUT /guilds/{guild_id}/members/{user_id}"
