"""The servers that memberships lead to, as Discord shows them now: permissions and the order of roles."""

from collections.abc import AsyncIterator, Sequence

from bot.config import Config
from bot.discord.inspection import Application, Inspection, NoAnswer
from bot.discord.permissions import INVITATION, Permission
from bot.integrations.checkup import Checked, Checkup, Server
from bot.integrations.health import Attention
from bot.operations.doctor.findings import Finding, bad, good, unknown

_GONE = frozenset({403, 404})
_ROLES = "Server Settings → Roles"

_ADVICE = {
    Attention.NO_MANAGE_ROLES: ("may not give roles", f"Switch on Manage Roles for its role in {_ROLES}."),
    Attention.NO_CREATE_INVITE: (
        "may not bring people in",
        f"Switch on Create Invite for its role in {_ROLES}.",
    ),
    Attention.NO_KICK: (
        "may not kick, so nobody is put out at the end",
        f"Switch on Kick Members for its role in {_ROLES}, or change the end policy to roles.",
    ),
    Attention.ROLES_DELETED: (
        "has nothing to give: all roles of a membership were deleted",
        "The creator chooses others: /passes memberships.",
    ),
    Attention.ROLE_OUT_OF_REACH: (
        "stands below a role that it is to give",
        f"Drag its role higher in {_ROLES}.",
    ),
    Attention.ROLE_GAINED_POWER: (
        "does not give a role any more that gained a power over people",
        "The creator says yes to it in /passes memberships, or takes the permission away.",
    ),
    Attention.UNVOUCHED: (
        "was added again, but the creator is not known to manage the server, so nothing new is given",
        "The creator asks its owner for Manage Server, then presses Refresh Roles.",
    ),
    Attention.BOT_ABSENT: ("is not in the server", "Its owner adds the bot again; nothing is forgotten."),
}


async def each(config: Config, inspection: Inspection, application: Application) -> AsyncIterator[Finding]:
    checkup = Checkup()
    servers = await checkup.servers()
    if not servers:
        yield unknown("Servers", "no integration is connected to one yet.")
    for server in servers:
        about = f"Server {server.name} ({server.id})"
        snapshot = await inspection.guild(server.id, application.bot_id)
        if isinstance(snapshot, NoAnswer):
            yield _no_answer(config, about, server, snapshot)
            continue
        findings = _judged(about, await checkup.against(snapshot))
        if snapshot.joins_paused:
            findings.append(bad(about, "joins are paused.", "A moderator resumes them in Server Settings."))
        if snapshot.bot_permissions & Permission.ADMINISTRATOR:
            do = f"Switch it off for the bot's role in {_ROLES}: it is never needed."
            findings.append(bad(about, "the bot has Administrator.", do))
        for finding in findings or [good(about, "permissions and the order of roles are right.")]:
            yield finding


def _judged(about: str, found: Sequence[Checked]) -> list[Finding]:
    findings = []
    for checked in found:
        if checked.attention is not None:
            says, do = _ADVICE[checked.attention]
            advice = tuple(line.replace("**", "") for line in checked.ladder) or (do,)
            findings.append(bad(about, f"for {checked.integration} the bot {says}.", *advice))
    return findings


def _no_answer(config: Config, about: str, server: Server, answer: NoAnswer) -> Finding:
    if answer.status not in _GONE:
        return unknown(about, f"Discord answered {answer.status}.", "Ask again in a minute.")
    invitation = (
        f"{config.invite_url}?client_id={config.discord_client_id}&scope=bot+applications.commands"
        f"&permissions={int(INVITATION)}&guild_id={server.id}"
    )
    return bad(about, "the bot is not in it.", f"Its owner adds it again: {invitation}")
