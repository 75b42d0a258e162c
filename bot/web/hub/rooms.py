"""The rooms the Hub calls: the same that ``/passes setup`` calls, so that a way begun in one door is ended in the other."""

from dataclasses import dataclass

from bot.access.explain import Explain
from bot.access.held import HeldEnds
from bot.access.holds import Holds
from bot.access.reached import Reached
from bot.integrations.accounts import CreatorAccounts, Proofs
from bot.integrations.adoption import Adoption
from bot.integrations.attachments import Attachments
from bot.integrations.choices import Choices
from bot.integrations.closing import Closing
from bot.integrations.deputies import Deputies
from bot.integrations.guilds import Guilds
from bot.integrations.integrations import Integrations
from bot.integrations.refresh import Refresh
from bot.integrations.tying import Tying
from bot.memberships.catalogue import Catalogue
from bot.memberships.offers import Offers


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRooms:
    accounts: CreatorAccounts
    adoption: Adoption
    attachments: Attachments
    catalogue: Catalogue
    choices: Choices
    closing: Closing
    deputies: Deputies
    explain: Explain
    guilds: Guilds
    held: HeldEnds
    holds: Holds
    integrations: Integrations
    offers: Offers
    proofs: Proofs
    reached: Reached
    refresh: Refresh
    tying: Tying
