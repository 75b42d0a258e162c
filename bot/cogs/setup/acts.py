"""What a press in setup does: one call to a room that checks it anew, and the screen that comes next.

Every act is given the actor that Discord vouches for at this moment. The ids come from a custom id or a menu, which
anybody can forge: they are only ever looked up together with the actor.
"""

from collections.abc import Sequence

from bot.cogs.lines import name
from bot.cogs.presses import Press
from bot.cogs.refusals import failure, sentence
from bot.cogs.replies import Reply
from bot.cogs.setup.screens import Screens
from bot.ids import CreatorId, IntegrationId, RoleId, TierId
from bot.integrations import words
from bot.integrations.actors import Actor, Refused
from bot.integrations.attachments import AskAgain, Attached
from bot.integrations.choices import Choices
from bot.integrations.integrations import Integrations
from bot.integrations.references import IntegrationRef, Step, next_step
from bot.integrations.refresh import Refresh, Refreshed


class Acts:
    def __init__(
        self, *, integrations: Integrations, choices: Choices, refresh: Refresh, screens: Screens
    ) -> None:
        self._integrations = integrations
        self._choices = choices
        self._refresh = refresh
        self._screens = screens

    async def begin(self, creator_ids: Sequence[CreatorId], by: Actor) -> Reply:
        """Open at the first unfinished step of whom, and of what, there is no doubt about."""
        if len(creator_ids) > 1:
            return await self._screens.creators(creator_ids)
        return await self._hub(creator_ids[0], by)

    async def speak_for(self, by: Actor, press: Press) -> Reply:
        return await self._hub(CreatorId(press.values[0]), by)

    async def open(self, by: Actor, press: Press) -> Reply:
        return await self._at_step(IntegrationId(int(press.values[0])), by)

    async def named(self, by: Actor, press: Press) -> Reply:
        """The form with the name was sent in: the integration is made, and tied to this server."""
        made = await self._integrations.create_here(
            CreatorId(press.argument), press.fields.get("name", ""), by=by
        )
        return _refused(made) if isinstance(made, Refused) else await self._screens.at_step(made, by)

    async def connect(self, by: Actor, press: Press) -> Reply:
        tied = await self._integrations.connect(_integration_id(press), by=by)
        return _refused(tied) if isinstance(tied, Refused) else await self._screens.at_step(tied, by)

    async def refresh(self, by: Actor, press: Press) -> Reply:
        integration = await self._shown(press, by)
        if isinstance(integration, Refused):
            return _refused(integration)
        outcome = await self._refresh.refresh(by=by)
        if isinstance(outcome, Refused):
            return _refused(outcome)
        if not isinstance(outcome, Refreshed):
            return await self._screens.ladder(integration, news=failure(outcome))
        return await self._screens.ladder(integration, news=news_of(outcome))

    async def add(self, by: Actor, press: Press) -> Reply:
        integration = await self._shown(press, by)
        if isinstance(integration, Refused):
            return _refused(integration)
        return await self._screens.tiers(integration, page=int(_second(press) or 0))

    async def tiers(self, by: Actor, press: Press) -> Reply:
        """Memberships were chosen: their roles are asked one after another."""
        integration = await self._shown(press, by)
        if isinstance(integration, Refused):
            return _refused(integration)
        refused = await self._choices.choose(integration.id, map(TierId, press.values), by=by)
        return _refused(refused) if refused else await self._screens.next_roles(integration, by)

    async def ask(self, by: Actor, press: Press) -> Reply:
        integration = await self._shown(press, by)
        if isinstance(integration, Refused):
            return _refused(integration)
        return await self._screens.roles(integration, _tier_id(press), by)

    async def roles(self, by: Actor, press: Press) -> Reply:
        """Roles were chosen, or (Server only) none."""
        given = await self._choices.give(
            _integration_id(press), _tier_id(press), (RoleId(int(value)) for value in press.values), by=by
        )
        return await self._after(given, by, press)

    async def yes(self, by: Actor, press: Press) -> Reply:
        """The second yes to roles that can moderate."""
        given = await self._choices.confirm(_integration_id(press), _tier_id(press), by=by)
        return await self._after(given, by, press)

    async def skip(self, by: Actor, press: Press) -> Reply:
        refused = await self._choices.forget(_integration_id(press), _tier_id(press), by=by)
        if refused:
            return _refused(refused)
        integration = await self._shown(press, by)
        if isinstance(integration, Refused):
            return _refused(integration)
        return await self._screens.next_roles(integration, by)

    async def done(self, by: Actor, press: Press) -> Reply:
        integration = await self._shown(press, by)
        if isinstance(integration, Refused):
            return _refused(integration)
        return Reply(
            text=(
                f"**{name(integration.name)}** is set up. `/passes memberships` changes what a membership gives, "
                "`/passes refresh-roles` looks at this server's roles again."
            )
        )

    async def _hub(self, creator_id: CreatorId, by: Actor) -> Reply:
        """One integration here: where it goes on. None: a name. Otherwise: which one."""
        found = await self._integrations.to_set_up(creator_id, by=by)
        if isinstance(found, Refused):
            return _refused(found)
        if not found:
            return await self._screens.first(creator_id)
        if len(found) == 1 and next_step(found[0]) is not Step.CONNECT:
            return await self._screens.at_step(found[0], by)
        return await self._screens.several(creator_id, found)

    async def _at_step(self, integration_id: IntegrationId, by: Actor) -> Reply:
        found = await self._integrations.opened(integration_id, by=by)
        return _refused(found) if isinstance(found, Refused) else await self._screens.at_step(found, by)

    async def _after(self, given: Attached | AskAgain | Refused, by: Actor, press: Press) -> Reply:
        integration = await self._shown(press, by)
        if isinstance(integration, Refused):
            return _refused(integration)
        match given:
            case Attached():
                return await self._screens.next_roles(integration, by, news="✅ Attached.")
            case AskAgain(roles=roles):
                return await self._screens.second_question(integration, _tier_id(press), roles)
            case Refused():
                return await self._screens.roles(integration, _tier_id(press), by, news=sentence(given))

    async def _shown(self, press: Press, by: Actor) -> IntegrationRef | Refused:
        return await self._integrations.shown(_integration_id(press), by=by)


def news_of(refreshed: Refreshed) -> str:
    """What Refresh Roles found."""
    heading, *changes = words.news_of(refreshed)
    return "\n".join([heading, *(f"• {change}" for change in changes)])


def _refused(refused: Refused) -> Reply:
    return Reply(text=sentence(refused))


def _integration_id(press: Press) -> IntegrationId:
    return IntegrationId(int(press.argument.partition(":")[0]))


def _tier_id(press: Press) -> TierId:
    return TierId(_second(press))


def _second(press: Press) -> str:
    return press.argument.partition(":")[2]
