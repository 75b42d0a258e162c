"""What setup shows at each step: values read from the rooms, turned into replies.

Custom ids name the integration and the tier they are about and nothing else; what was chosen so far is in the
database. The steps, in their order, are :class:`~bot.integrations.references.Step`.
"""

from collections.abc import Sequence
from typing import assert_never

from bot.cogs.lines import MOST, fit, label, name, stack
from bot.cogs.refusals import sentence
from bot.cogs.replies import Reply
from bot.cogs.setup import words
from bot.cogs.setup.menus import PAGE, add_membership, draw_roles, draw_second_question, draw_tiers, rest_of
from bot.discord.components import Button, Menu, Option, Style
from bot.ids import CreatorId, TierId
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.attaching import Powerful
from bot.integrations.attachments import Attachments
from bot.integrations.choices import Choices
from bot.integrations.guilds import Guilds
from bot.integrations.references import IntegrationRef, Step, next_step
from bot.integrations.words import STATES
from bot.memberships.catalogue import Catalogue, TierRef
from bot.memberships.offers import Given, Offers


class Screens:
    def __init__(
        self,
        *,
        attachments: Attachments,
        choices: Choices,
        catalogue: Catalogue,
        guilds: Guilds,
        offers: Offers,
    ) -> None:
        self._offers = offers
        self._attachments = attachments
        self._choices = choices
        self._catalogue = catalogue
        self._guilds = guilds

    async def at_step(self, integration: IntegrationRef, by: Actor) -> Reply:
        """The first unfinished step."""
        match next_step(integration):
            case Step.CONNECT:
                return _connect(integration)
            case Step.REFRESH_ROLES:
                return await self.ladder(integration)
            case Step.ADD_MEMBERSHIP:
                return await self.tiers(integration, page=0)
            case Step.CHOOSE_ROLES:
                return await self.next_roles(integration, by)
            case Step.DONE:
                return await self.summary(integration)
            case step:
                assert_never(step)

    async def creators(self, creator_ids: Sequence[CreatorId]) -> Reply:
        """The account is confirmed for several creators."""
        options = [
            Option(label=label(await self._catalogue.creator_name(creator_id)), value=creator_id)
            for creator_id in creator_ids[:PAGE]
        ]
        return Reply(
            text=f"**Which creator are you setting this up for?**{rest_of(creator_ids)}",
            rows=(Menu(custom_id="setup:as:", options=tuple(options), placeholder="Choose a creator"),),
        )

    async def first(self, creator_id: CreatorId) -> Reply:
        """No integration yet: it begins with a name."""
        who = name(await self._catalogue.creator_name(creator_id))
        return Reply(
            text=(
                f"**Integrations Hub of {who}**\nAdd an integration to sell access to this server, or roles in it, "
                "with your memberships. Give it a name first; you and your fans will see it."
            ),
            rows=((_add_integration(creator_id, Style.PRIMARY),),),
        )

    async def several(self, creator_id: CreatorId, found: Sequence[IntegrationRef]) -> Reply:
        """Which integration to go on with, or another one."""
        who = name(await self._catalogue.creator_name(creator_id))
        options = tuple(
            Option(
                label=label(each.name),
                value=str(each.id),
                description=STATES[each.state],
            )
            for each in found[:PAGE]
        )
        return Reply(
            text=f"**Integrations Hub of {who}**\nWhich integration do you want to set up here?{rest_of(found)}",
            rows=(
                Menu(custom_id="setup:open:", options=options, placeholder="Choose an integration"),
                (_add_integration(creator_id, Style.SECONDARY),),
            ),
        )

    async def ladder(self, integration: IntegrationRef, *, news: str = "") -> Reply:
        """The bot's role and the others, and what to drag where."""
        ladder = await self._guilds.ladder(integration.server_id)
        drawing = ladder.as_text() if ladder else ""
        begin = (
            f"**{name(integration.name)}: roles**\nPasses Bot gives only roles that stand below its own. Drag it above "
            "all the roles that you want to attach to a membership, then press Refresh Roles."
        )
        refresh = Button(
            label="Refresh Roles", custom_id=f"setup:refresh:{integration.id}", style=_style(not news)
        )
        onwards = (add_membership(integration, Style.PRIMARY),) if news else ()
        return Reply(text=stack(begin, drawing, news), rows=((refresh, *onwards),))

    async def tiers(self, integration: IntegrationRef, *, page: int) -> Reply:
        """Add Membership: which ones, of those that are sold and not attached yet."""
        shelf = await self._offers.shelf(integration)
        if not shelf.free:
            return self._nothing_to_add(integration, shelf.sold)
        return draw_tiers(integration, shelf.free, page=page)

    async def next_roles(self, integration: IntegrationRef, by: Actor, *, news: str = "") -> Reply:
        """The roles of the next membership that was chosen; the summary when there is none."""
        tier_id = await self._choices.next(integration.id)
        if tier_id is None:
            return await self.summary(integration, news=news)
        return await self.roles(integration, tier_id, by, news=news)

    async def roles(
        self, integration: IntegrationRef, tier_id: TierId, by: Actor, *, news: str = ""
    ) -> Reply:
        """Which roles one membership gives; what cannot be chosen is named with why."""
        tier = await self._offers.tier(integration, tier_id)
        if tier is None:
            return Reply(text=sentence(Refused(why=Refusal.TIER_UNKNOWN)))
        could = await self._attachments.attachable(by=by)
        gives = {each.tier_id: each.role_ids for each in await self._attachments.of(integration.id)}
        return draw_roles(integration, tier, could, chosen=gives.get(tier.id, ()), news=news)

    async def second_question(
        self, integration: IntegrationRef, tier_id: TierId, roles: Sequence[Powerful]
    ) -> Reply:
        """Roles that can moderate are asked about a second time, by name."""
        tier = await self._catalogue.tier(tier_id)
        return draw_second_question(integration, tier_id, tier.name if tier else tier_id, roles)

    async def summary(self, integration: IntegrationRef, *, news: str = "") -> Reply:
        """What each membership gives, how it ends, and what fans do next."""
        attached = await self._offers.given(integration)
        if not attached:
            return await self.tiers(integration, page=0)
        begin = [
            *([news, ""] if news else []),
            f"**{name(integration.name)}**: {words.status(integration)}",
            "",
        ]
        end = ["", words.policy(integration), words.fans_next([each.title for each in attached[:5]])]
        room = MOST - len("\n".join([*begin, *end])) - 2
        lines = [*begin, fit(map(line, attached), most=room), *end]
        done = Button(label="Done", custom_id=f"setup:done:{integration.id}", style=Style.SUCCESS)
        another = Button(label="Add another membership", custom_id=f"setup:add:{integration.id}:0")
        return Reply(text=fit(lines), rows=((done, another),))

    def _nothing_to_add(self, integration: IntegrationRef, sold: Sequence[TierRef]) -> Reply:
        text = (
            "All your memberships are attached already. Type `/passes memberships` to change what they give."
            if sold
            else "You have no memberships yet. Create one on Passes, then press Add Membership."
        )
        return Reply(text=text, rows=((add_membership(integration, Style.SECONDARY),),))


def line(given: Given) -> str:
    """What a membership gives, as a line of a list."""
    return f"• **{name(given.title)}** gives {given.gives}"


def _connect(integration: IntegrationRef) -> Reply:
    return Reply(
        text=f"**{name(integration.name)}** is **Not Connected**. Connect it to this server?",
        rows=(
            (
                Button(
                    label="Connect this server",
                    custom_id=f"setup:connect:{integration.id}",
                    style=Style.PRIMARY,
                ),
            ),
        ),
    )


def _add_integration(creator_id: CreatorId, style: Style) -> Button:
    return Button(label="Add Integration", custom_id=f"setup:name:{creator_id}", style=style)


def _style(first: bool) -> Style:  # noqa: FBT001  (a private either-or)
    return Style.PRIMARY if first else Style.SECONDARY
