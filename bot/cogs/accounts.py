"""An account that is, or becomes, a creator's: it is asked before its rights are lent, and can end it.

Whoever is signed in as the creator acts in the Hub with the rights of the accounts that are theirs (DESIGN §5.3). A
code that a creator showed is typed as easily as a fan's, so what it is for is said here, and takes a press of its own.
"""

from collections.abc import Mapping

from bot.cogs.lines import join
from bot.cogs.presses import Press, Presses
from bot.cogs.replies import Interaction, Reply, answer, defer
from bot.discord.components import Button, Row, Style
from bot.fans.texts import plain
from bot.identity.codes import Codes, Typed
from bot.identity.requests import PROVE
from bot.ids import AccountId, CreatorId
from bot.integrations.accounts import CreatorAccounts, Proofs
from bot.memberships.catalogue import Catalogue

_YES = "account:yes:"
_NO = "account:no:"
_END = "account:end:"
_MOST = 5
"""Buttons in a row; hardly an account acts for more than two."""
_LABEL = 80
"""Of a button: Discord's documentation, "Component Reference"."""


class AccountPresses:
    def __init__(
        self, *, codes: Codes, accounts: CreatorAccounts, proofs: Proofs, catalogue: Catalogue
    ) -> None:
        self._codes = codes
        self._accounts = accounts
        self._proofs = proofs
        self._catalogue = catalogue

    def attach(self, presses: Presses) -> None:
        presses.on(_YES, self.yes)
        presses.on(_NO, self.no)
        presses.on(_END, self.end)

    def ask(self, typed: Typed) -> Reply:
        """A creator's code was typed: what it is for, and whether that is wanted."""
        who = plain(typed.person.name)
        return Reply(
            text=(
                f"**Let {who} act with your rights in servers you manage?**\n"
                f"This code was shown to **{who}** on Passes. If you say yes, whoever is signed in there as **{who}** can "
                "connect the servers that you manage, give the roles below your own to fans, and remove those whose "
                f"membership ended. Only say yes if **{who}** is you, or somebody you want to do that for. "
                "`/passes unlink` ends it at any time."
            ),
            rows=(
                (
                    Button(
                        label=_short(f"Yes, let {typed.person.name}"),
                        custom_id=f"{_YES}{typed.id}",
                        style=Style.DANGER,
                    ),
                    Button(label="No", custom_id=f"{_NO}{typed.id}"),
                ),
            ),
        )

    async def yes(self, interaction: Interaction, press: Press) -> None:
        await defer(interaction)
        typed = await self._codes.agree(int(press.argument), _presser(interaction))
        await answer(interaction, _agreed(typed) if typed else _TOO_LATE)

    async def no(self, interaction: Interaction, press: Press) -> None:
        await defer(interaction)
        await self._codes.decline(int(press.argument), _presser(interaction))
        await answer(interaction, _DECLINED)

    async def take_back(self, account_id: AccountId) -> Reply | None:
        """What the account may have said yes to and the creator has not pressed yet is void; None: there is nothing."""
        whose = await self._codes.take_back(account_id, PROVE)
        if not whose:
            return None
        names = join(f"**{plain(_short(each.name))}**" for each in whose[:_MOST])
        more = f" and {len(whose) - _MOST} more" if len(whose) > _MOST else ""
        return Reply(
            text=f"The code that {names}{more} showed you does not work any more: nobody comes to act with the rights of "
            "this account by it."
        )

    async def ask_end(self, account_id: AccountId) -> Reply | None:
        """For whom the account acts, with a button to end each; None: for nobody."""
        creators = await self._accounts.creators_of(account_id)
        if not creators:
            return None
        names = {each: await self._catalogue.creator_name(each) for each in creators[:_MOST]}
        more = f" and {len(creators) - _MOST} more" if len(creators) > _MOST else ""
        return Reply(
            text=(
                f"This account acts for {join(f'**{plain(_short(name))}**' for name in names.values())}{more}: whoever is "
                "signed in as them on Passes can set up the servers that you manage."
            ),
            rows=(_ends(names),),
        )

    async def end(self, interaction: Interaction, press: Press) -> None:
        """Whoever presses ends what their own account is to the creator, and nothing else."""
        await defer(interaction)
        creator_id = CreatorId(press.argument)
        await self._codes.take_back(_presser(interaction), PROVE, person_id=creator_id)
        await self._proofs.withdraw(creator_id, _presser(interaction))
        who = plain(await self._catalogue.creator_name(creator_id))
        await answer(
            interaction,
            Reply(
                text=f"This account does not act for **{who}** any more. What is set up goes on; to end an integration in "
                "a server, type `/passes memberships` there."
            ),
        )


_TOO_LATE = Reply(
    text="That code is used, or older than 10 minutes. Nothing was changed. Have a new one shown on the page."
)
_DECLINED = Reply(text="Nothing was changed, and the code does not work any more.")


def _agreed(typed: Typed) -> Reply:
    who = plain(typed.person.name)
    return Reply(
        text=f"One step left: **{who}** goes back to the page that showed the code and presses the button there; it "
        f"names **{who}** and **@{plain(typed.username)}**."
    )


def _ends(names: Mapping[CreatorId, str]) -> Row:
    return tuple(
        Button(label=_short(f"Stop acting for {name}"), custom_id=f"{_END}{creator_id}", style=Style.DANGER)
        for creator_id, name in names.items()
    )


def _short(text: str) -> str:
    return text if len(text) <= _LABEL else text[: _LABEL - 1] + "…"


def _presser(interaction: Interaction) -> AccountId:
    if interaction.user is None:
        raise LookupError("an interaction without a user")
    return AccountId(interaction.user.id)
