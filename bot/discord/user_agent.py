"""Who asks, in the words that Discord demands of every client; one that does not say so may be blocked by Cloudflare.

nextcord says it for its own requests; this is for those that do not go through it.
https://discord.com/developers/docs/reference#user-agent
"""

VERSION = "0.1"


def user_agent(public_url: str) -> str:
    """``DiscordBot ($url, $versionNumber)``, with the address under which the operator's bot is found."""
    return f"DiscordBot ({public_url}, {VERSION})"
