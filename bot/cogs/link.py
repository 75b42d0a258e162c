"""A fan in Discord: ``/passes link``, ``unlink``, ``mine`` and ``help``.

Discord says which account presses, never who that is on the platform. So ``link`` hands out an opaque request, or
takes a one-time code; the press that links is on a page that names both sides. What else an account can be tied to
(a creator, by a code of theirs) is asked about and ended in the same commands.
"""

from collections.abc import Sequence

from nextcord import SlashOption

from bot.access.views import FanState, IntegrationView
from bot.cogs.accounts import AccountPresses
from bot.cogs.declining import Declining
from bot.cogs.lines import fit
from bot.cogs.passes import Passes
from bot.cogs.presses import Press, Presses
from bot.cogs.replies import Interaction, Reply, answer, defer
from bot.config import Config
from bot.discord.components import Button, Link, Style
from bot.fans.connecting import Connecting
from bot.fans.links import LinkedAccount, Links, NotLinked
from bot.fans.ports import Marks, Views
from bot.fans.steps import next_step
from bot.fans.texts import plain
from bot.identity.codes import Codes, TooManyTries, Typed, WrongCode
from bot.identity.requests import LINK, PROVE, Requests
from bot.ids import AccountId, FanId

LONGEST_TEXT = 1900
"""Of the 2000 characters that Discord allows, with a line to spare."""
LONGEST_NAME = 80
MOST_NAMED = 10
_UNLINK = "link:unlink:"
_KEEP = "link:keep"


class LinkCommands:
    def __init__(  # noqa: PLR0913 - the rooms that the four commands show
        self,
        config: Config,
        *,
        links: Links,
        connecting: Connecting,
        requests: Requests,
        codes: Codes,
        views: Views,
        work: Marks,
        accounts: AccountPresses,
    ) -> None:
        self._url = config.public_url
        self._support_url = config.support_url
        self._links = links
        self._connecting = connecting
        self._requests = requests
        self._codes = codes
        self._views = views
        self._work = work
        self._accounts = accounts
        (page,) = self._page()
        self._declining = Declining(links=links, views=views, connecting=connecting, page=page)

    def attach(self, passes: Passes, presses: Presses) -> None:
        passes.add("link", "Connect this Discord account to what you bought on Passes.", self.link)
        passes.add("unlink", "Disconnect this Discord account from Passes.", self.unlink)
        passes.add("mine", "What your memberships give you in Discord, and what is left to do.", self.mine)
        passes.add("help", "How Passes works in Discord, and where to get help.", self.help)
        presses.on(_UNLINK, self.unlink_pressed)
        presses.on(_KEEP, self.keep_pressed)
        self._accounts.attach(presses)
        self._declining.attach(presses)

    async def link(
        self,
        interaction: Interaction,
        code: str | None = SlashOption(
            description="The code that the page showed you, if it did.", required=False, default=None
        ),
    ) -> None:
        await defer(interaction)
        account_id, username = _account(interaction)
        reply = await (
            self._enter(account_id, username, code) if code else self._request(account_id, username)
        )
        await answer(interaction, reply)

    async def unlink(self, interaction: Interaction) -> None:
        await defer(interaction)
        account_id, _ = _account(interaction)
        link = await self._links.of_account(account_id)
        fans = await self._ask_unlink(link) if link else None
        taken_back, lent = (
            await self._accounts.take_back(account_id),
            await self._accounts.ask_end(account_id),
        )
        said = [each for each in (taken_back, fans, lent) if each]
        await answer(interaction, _joined(said) if said else self._not_linked())

    async def unlink_pressed(self, interaction: Interaction, press: Press) -> None:
        """The button names the account that asked; whoever presses must still be it, and still be linked."""
        await defer(interaction)
        account_id, _ = _account(interaction)
        link = await self._links.of_account(account_id)
        if link is None or press.argument != str(account_id):
            await answer(interaction, self._not_linked())
            return
        was = await self._connecting.disconnect(link.fan_id)
        await answer(interaction, self._not_linked() if isinstance(was, NotLinked) else _UNLINKED)

    async def keep_pressed(self, interaction: Interaction, _: Press) -> None:
        await answer(interaction, Reply(text="Nothing was changed: this account stays connected."))

    async def mine(self, interaction: Interaction) -> None:
        await defer(interaction)
        account_id, _ = _account(interaction)
        link = await self._links.of_account(account_id)
        if link is None:
            await answer(interaction, self._not_linked())
            return
        # Whoever asks may have just come in by themselves, which without the members intent nobody tells us.
        await self._work.mark_fan(link.fan_id, urgent=True)
        await answer(interaction, self._show(await self._views.of_fan(link.fan_id)))

    async def help(self, interaction: Interaction) -> None:
        lines = [
            "**Passes** connects what you bought to Discord servers: you are let in, and given your roles, by itself.",
            "`/passes link` connects this Discord account.",
            "`/passes mine` shows what you hold and what is left to do.",
            "`/passes unlink` disconnects it.",
            "Creators, in your server: `/passes setup` connects it.",
            "`/passes memberships` shows which memberships give what there, and changes it.",
            "`/passes refresh-roles` looks at the server's roles again.",
            "Whoever manages a server sees there what is connected to it, and can disconnect it.",
            f"Creators, on the web: the Integrations Hub, {self._url}/hub",
        ]
        if self._support_url:
            lines.append(f"Help: {self._support_url}")
        await answer(interaction, Reply(text="\n".join(lines), rows=(self._page(),)))

    async def _request(self, account_id: AccountId, username: str) -> Reply:
        request_id = await self._requests.make(LINK, account_id=account_id, username=username)
        return Reply(
            text=(
                f"To connect **@{plain(username)}** to what you bought, open the page and press the button there; it "
                "names both of you. The link is for you alone: it works once, for 10 minutes."
            ),
            rows=((Link(label="Connect on Passes", url=f"{self._url}/link?request={request_id}"),),),
        )

    async def _enter(self, account_id: AccountId, username: str, code: str) -> Reply:
        match await self._codes.enter(code, account_id=account_id, username=username):
            case Typed(purpose=purpose) as typed if purpose == PROVE:
                return self._accounts.ask(typed)
            case Typed(person=person):
                return Reply(
                    text=f"The code is right. Go back to the page that showed it and press the button there: it names "
                    f"**{plain(person.name)}** and **@{plain(username)}**."
                )
            case WrongCode():
                return Reply(
                    text="That code is wrong, used, or older than 10 minutes. Have a new one shown on the page.",
                    rows=((Link(label="Show me a code", url=f"{self._url}/code"),),),
                )
            case TooManyTries(again_at=at):
                return Reply(
                    text=f"Too many wrong codes. You can try again <t:{int(at.timestamp())}:R>, or use "
                    "`/passes link` without a code."
                )

    async def _ask_unlink(self, link: LinkedAccount) -> Reply:
        views = await self._views.of_fan(FanId(link.fan_id))
        servers = sorted({_name(view.guild_name) for view in views if view.gives_access})
        named = ", ".join([*servers[:MOST_NAMED], *(["…"] if len(servers) > MOST_NAMED else [])])
        ends = (
            f"What your memberships gave you is taken away or left, as each creator has chosen, in: {named}."
            if servers
            else ""
        )
        return Reply(
            text=f"Disconnect **@{plain(link.username)}** from Passes? {ends}\n"
            "Your memberships go on, and you can connect again at any time.",
            rows=(
                (
                    Button(label="Disconnect", custom_id=f"{_UNLINK}{link.account_id}", style=Style.DANGER),
                    Button(label="Keep it", custom_id=_KEEP),
                ),
            ),
        )

    def _show(self, views: Sequence[IntegrationView]) -> Reply:
        if not views:
            text = "Your memberships do not come with a Discord server yet."
            return Reply(text=text, rows=(self._page(),))
        shown = _fitting([_describe(view) for view in views])
        if len(views) > len(shown):
            shown.append(f"… and {len(views) - len(shown)} more on your Memberships page.")
        in_need = sorted(views, key=lambda view: view.state is FanState.CONNECTED)
        opens = [step for view in in_need if (step := next_step(view)).opens]
        buttons = [Link(label=step.label[:80], url=step.opens) for step in opens[:4]]
        return Reply(text="\n\n".join(shown), rows=((*buttons, *self._page()), *self._declining.menu(views)))

    def _not_linked(self) -> Reply:
        return Reply(
            text="This Discord account is not connected to Passes. `/passes link` connects it.",
            rows=(self._page(),),
        )

    def _page(self) -> tuple[Link]:
        return (Link(label="Your memberships", url=f"{self._url}/memberships"),)


_UNLINKED = Reply(
    text="Disconnected. What your memberships gave this account is taken away or left, as each server's creator has "
    "chosen. `/passes link` connects it again."
)


def _describe(view: IntegrationView) -> str:
    step = next_step(view)
    tiers = ", ".join(_name(tier) for tier in view.tiers)
    lines = [f"**{_name(view.guild_name)}** · {tiers} by {_name(view.creator_name)}"]
    if view.roles_due:
        lines.append(f"Roles: {', '.join(_name(role) for role in view.roles_due)}")
    if view.until:
        goes_on = "" if view.ends_for_good else ", and on if it is renewed"
        lines.append(f"Until <t:{int(view.until.timestamp())}:D>{goes_on}")
    lines.append(f"{step.headline}: {plain(step.sentence)}")
    return "\n".join(lines)


def _name(name: str) -> str:
    return plain(name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…")


def _fitting(parts: Sequence[str]) -> list[str]:
    """As many as fit, whole, into a message with a line to spare."""
    taken: list[str] = []
    for part in parts:
        if sum(len(each) + 2 for each in taken) + len(part) > LONGEST_TEXT:
            break
        taken.append(part)
    return taken


def _joined(replies: Sequence[Reply]) -> Reply:
    return Reply(
        text=fit("\n\n".join(reply.text for reply in replies).split("\n")),
        rows=tuple(row for reply in replies for row in reply.rows),
    )


def _account(interaction: Interaction) -> tuple[AccountId, str]:
    user = interaction.user
    if user is None:
        raise LookupError("an interaction without a user")
    return AccountId(user.id), user.name
