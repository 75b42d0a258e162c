"""Who is asking, looked at anew at every command and every press.

An interaction carries the roles that the person holds at this moment; with the picture of the server they say what
the person may do. Nothing else about a press is believed.
"""

from collections.abc import Sequence

import nextcord

from bot.cogs.replies import Interaction, Reply
from bot.config import Config
from bot.discord.components import Button, Link, Style
from bot.identity.requests import PROVE, Requests
from bot.ids import AccountId, GuildId, RoleId
from bot.integrations.actors import Actor, actor
from bot.integrations.refresh import Refresh

IN_A_SERVER = "This works in the server that you want to set up. Open it there and type the command again."
NOT_THERE = "Passes Bot is not in this server yet. Add it first, then type the command again."


class Doorstep:
    def __init__(self, *, config: Config, requests: Requests, refresh: Refresh) -> None:
        self._config = config
        self._requests = requests
        self._refresh = refresh

    async def enter(self, interaction: Interaction) -> Actor | Reply:
        """The person as an actor in the server they are in; a reply to show where that cannot be said."""
        guild_id, user = interaction.guild_id, interaction.user
        if guild_id is None or not isinstance(user, nextcord.Member):
            return Reply(text=IN_A_SERVER)
        await self._refresh.look(GuildId(guild_id))
        found = await actor(AccountId(user.id), GuildId(guild_id), _roles(user))
        return found.narrowed(interaction.permissions.value) if found else Reply(text=NOT_THERE)

    async def prove(self, interaction: Interaction, by: Actor, *, again: str) -> Reply:
        """Ask for the proof that the account is a creator's; ``again``: the custom id of the button to go on by."""
        username = interaction.user.name if interaction.user else ""
        request_id = await self._requests.make(
            PROVE,
            account_id=by.account_id,
            username=username,
            guild_id=by.guild_id,
            # The page names the server too; a guild that nextcord has not cached goes unnamed there.
            data={"guild_name": interaction.guild.name} if interaction.guild else {},
        )
        return Reply(
            text=(
                "**Which creator are you?**\n"
                "Passes has to confirm that this Discord account is yours. Open the page, sign in as the creator, and "
                "press the button there; it names both of you. From then on whoever is signed in as that creator can set "
                "up the servers that you manage. The link is for you alone and works for 10 minutes.\n"
                "Then come back here and go on."
            ),
            rows=(
                (
                    Link(
                        label="Confirm on Passes", url=f"{self._config.public_url}/prove?request={request_id}"
                    ),
                    Button(label="I have confirmed – continue", custom_id=again, style=Style.PRIMARY),  # noqa: RUF001  (a dash is meant)
                ),
            ),
        )


def _roles(user: nextcord.Member) -> Sequence[RoleId]:
    # Member.roles knows only roles that nextcord has cached; the interaction said them all.
    return [RoleId(role_id) for role_id in user._roles]  # noqa: SLF001  (see above)
