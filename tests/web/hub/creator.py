"""A creator in the Hub: presses what is on the page, and nothing else."""

from dataclasses import dataclass
from functools import partial

from bot.sandbox.browser import Browser, Page
from bot.sandbox.tour.stage import Person
from models import Attachment, AttachmentRole, Integration
from tests.system.story import Story
from tests.waiting import until

ROLES = ("Boss", "Gold", "Silver", "Friend")


@dataclass(slots=True, kw_only=True)
class Creator:
    story: Story
    person: Person

    @classmethod
    async def comes(cls, story: Story) -> "Creator":
        person = await story.owner("Ana")
        story.guild = await story.discord.create_guild(person.account, "Ana's Studio")
        for role in ROLES:
            await story.discord.create_role(story.guild, role)
        for tier in ("Gold", "Silver"):
            story.tiers[tier] = await story.platform.create_tier(story.creator, tier)
        await story.platform.settled()
        ana = cls(story=story, person=person)
        await ana.opens("/hub")
        return ana

    @property
    def browser(self) -> Browser:
        return self.person.browser

    @property
    def page(self) -> Page:
        return self.browser.page

    async def opens(self, path: str) -> Page:
        """Handed over by the platform the first time; afterwards the address alone."""
        return await self.browser.open(
            await self.story.platform.launch_url(self.person.at_platform, next_path=path)
        )

    async def names(self, name: str = "VIP rooms") -> Page:
        """Add Integration → Discord → its name; what is shown is Connect your Discord."""
        await self.opens("/hub")
        await self.browser.follow("Add Integration")
        await self.browser.follow("Choose Discord")
        return await self.browser.submit("Next", name=name)

    async def connects(self, name: str = "VIP rooms") -> Page:
        """… and connects her server; what is shown is its roles."""
        await self.names(name)
        await self.browser.submit("Connect your Discord")
        page = await self.browser.submit("Yes, connect")
        assert page.status == 200, page.text
        return page

    async def drags_the_bot_above(self, role: str) -> Page:
        await self.story.discord.move_role(self.story.guild, "Passes Bot", above=role)
        await self.browser.open(f"{self.story.bot_url}/hub/{await self.integration_id()}/roles")
        return await self.browser.submit("Refresh Roles")

    async def sets_up(self, **gives: tuple[str, ...]) -> Page:
        """All of it: each membership with its roles; what is shown is the integration."""
        await self.connects()
        await self.drags_the_bot_above("Gold")
        await self.browser.follow("Add Membership")
        await self.browser.submit("Next", tier=list(gives))
        for _ in gives:
            tier = next(tier for tier in gives if f"Which roles does {tier} give" in self.page.text)
            if gives[tier]:
                await self.browser.submit("Give these roles", role=list(gives[tier]))
            else:
                await self.browser.submit("Server only")
        return self.page

    async def integration_id(self) -> int:
        row = await Integration.filter(creator_id=self.person.at_platform).order_by("-id").first()
        return row.id if row else 0

    async def home(self) -> Page:
        return await self.browser.open(f"{self.story.bot_url}/hub/{await self.integration_id()}")

    async def goes(self, path: str) -> Page:
        return await self.browser.open(f"{self.story.bot_url}/hub/{await self.integration_id()}/{path}")

    async def other_account(self, name: str) -> int:
        """Signs in at Discord with another account, in the same browser."""
        account = await self.story.discord.create_user(name)
        self.browser.authorize = partial(self.story.discord.authorize, account)
        return account

    async def sees_state(self, state: str, attention: str | None = None) -> None:
        async def seen() -> tuple[str, str | None]:
            row = await Integration.get_or_none(id=await self.integration_id())
            return (row.state.value, row.attention) if row else ("gone", None)

        async def so() -> bool:
            return await seen() == (state, attention)

        await until(so, f"the integration {state}, {attention}", otherwise=seen)


async def attached() -> dict[str, int]:
    """How many roles each attached tier gives."""
    rows = await Attachment.all()
    return {row.tier_id: await AttachmentRole.filter(attachment_id=row.id).count() for row in rows}
