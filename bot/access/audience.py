"""Whom a fact reaches: the members of a fan, of an account, and of what a fan-out names, page by page.

It only reads, like ``facts``. Too many is harmless (a converged member's plan is empty), one too few is access that
stays for ever; so a page of an integration is a page of its whole guild.
"""

from collections.abc import Iterable

from bot.ids import AccountId, FanId, GuildId, Member
from models import Attachment, Integration, Link, Membership, Stay
from models import Work as Row

type Page = tuple[list[Member], str | None]
"""Members, and the cursor of the next page; None: that was the last."""


async def members_of_fan(fan_id: FanId) -> set[Member]:
    return await members_of_fans([fan_id])


async def members_of_fans(fan_ids: Iterable[str]) -> set[Member]:
    """Every guild that these fans' memberships, or what was seen of their accounts, have to do with."""
    links = await Link.filter(fan_id__in=list(fan_ids)).values_list("fan_id", "account_id")
    if not links:
        return set()
    account_of = {str(fan_id): AccountId(account_id) for fan_id, account_id in links}
    held = await Membership.filter(fan_id__in=list(account_of)).values_list("fan_id", "tier_id")
    guilds_of = await _guilds_of_tiers({str(tier_id) for _, tier_id in held})
    due = {
        Member(guild_id, account_of[str(fan_id)])
        for fan_id, tier_id in held
        for guild_id in guilds_of.get(str(tier_id), ())
    }
    return due | await _seen(account_of.values())


async def members_of_account(account_id: AccountId) -> set[Member]:
    """Every guild in which something was seen of this account, or is due to it."""
    link = await Link.get_or_none(account_id=account_id)
    due = await members_of_fan(FanId(link.fan_id)) if link else set()
    return due | await _seen([account_id])


async def page(kind: str, subject: str, cursor: str, *, size: int) -> Page:
    """One page of the members whom ``kind`` and ``subject`` concern, from ``cursor`` on.

    An integration or a guild goes through everybody seen in the guild (``a:``), then, as a tier or a creator does at
    once, through the memberships that lead there (``m:``).
    """
    guild_id = await _guild_of(kind, subject)
    if guild_id is not None and not cursor.startswith("m:"):
        return await _page_of_guild(guild_id, cursor.removeprefix("a:"), size=size)
    return await _page_of_memberships(kind, subject, guild_id, cursor.removeprefix("m:"), size=size)


async def _seen(account_ids: Iterable[AccountId]) -> set[Member]:
    accounts = list(account_ids)
    rows = [
        *await Stay.filter(account_id__in=accounts).values_list("guild_id", "account_id"),
        *await Row.filter(account_id__in=accounts).values_list("guild_id", "account_id"),
    ]
    return {Member(GuildId(guild_id), AccountId(account_id)) for guild_id, account_id in rows}


async def _guilds_of_tiers(tier_ids: set[str]) -> dict[str, set[GuildId]]:
    rows = await Attachment.filter(tier_id__in=list(tier_ids)).values_list("tier_id", "integration__guild_id")
    guilds: dict[str, set[GuildId]] = {}
    for tier_id, guild_id in rows:
        if guild_id is not None:
            guilds.setdefault(str(tier_id), set()).add(GuildId(guild_id))
    return guilds


async def _guild_of(kind: str, subject: str) -> GuildId | None:
    if kind == "guild":
        return GuildId(int(subject))
    if kind == "integration":
        integration = await Integration.get_or_none(id=int(subject))
        return GuildId(integration.guild_id) if integration and integration.guild_id else None
    return None


async def _page_of_guild(guild_id: GuildId, after: str, *, size: int) -> Page:
    stays = Stay.filter(guild_id=guild_id, account_id__gt=int(after or 0))
    accounts = await stays.order_by("account_id").limit(size).values_list("account_id", flat=True)
    members = [Member(guild_id, AccountId(int(str(account)))) for account in accounts]
    return members, f"a:{accounts[-1]}" if len(accounts) == size else "m:"


async def _page_of_memberships(
    kind: str, subject: str, guild_id: GuildId | None, after: str, *, size: int
) -> Page:
    memberships = Membership.filter(id__gt=after)
    if kind == "creator":
        memberships = memberships.filter(creator_id=subject)
    elif kind == "tier":
        memberships = memberships.filter(tier_id=subject)
    else:
        tiers = await Attachment.filter(integration__guild_id=guild_id).values_list("tier_id", flat=True)
        memberships = memberships.filter(tier_id__in=list(tiers))
    rows = await memberships.order_by("id").limit(size).values_list("id", "fan_id")
    members = await members_of_fans({str(fan_id) for _, fan_id in rows})
    if guild_id is not None:
        members = {member for member in members if member.guild_id == guild_id}
    return sorted(members), f"m:{rows[-1][0]}" if len(rows) == size else None
