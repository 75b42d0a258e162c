"""The page on which a person allows the application, in plain HTML.

A person opens it in a browser and the sandbox's driver reads it like one: the same form serves both, so what the tests approve is what
a person would have seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.sandbox.discord.model import Guild, User

SCOPES = {
    "identify": "Know your username",
    "email": "Know your e-mail address",
    "guilds": "Know what servers you are in",
    "guilds.join": "Join servers for you",
    "guilds.members.read": "Read your member information in the servers you are in",
    "role_connections.write": "Update your connection and its details",
    "connections": "Know your linked accounts",
    "applications.commands": "Create commands",
    "bot": "Add a bot to a server",
}

NOBODY = "0"  # no account has this id, so the page asks who it is

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; color: #1f2024; background: #f4f4f6; margin: 0; }}
main {{ max-width: 30rem; margin: 3rem auto; padding: 1.5rem 2rem; background: #fff; border-radius: .75rem; }}
label {{ display: block; margin: 1rem 0 .25rem; font-weight: 600; }}
select, button {{ font: inherit; padding: .5rem .75rem; border-radius: .4rem; border: 1px solid #767680; }}
select {{ width: 100%; }}
button[value=approve], button.go {{ background: #4752c4; border-color: #4752c4; color: #fff; }}
.note {{ color: #55565e; }}
:focus-visible {{ outline: 3px solid #4752c4; outline-offset: 3px; }}
</style>
</head>
<body>
<main>
<p class="note">Sandbox Discord</p>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What is asked of whom."""

    app_name: str
    user: User
    scopes: tuple[str, ...]
    redirect_uri: str
    permissions: int = 0
    guilds: Sequence[Guild] = ()
    guild_id: int | None = None
    guild_fixed: bool = False


def page(title: str, body: str) -> str:
    """Return a whole page; `body` is HTML."""
    return _PAGE.format(title=escape(title), body=body)


def notice(title: str, sentence: str) -> str:
    """Return a page that says one thing."""
    return page(title, f"<p>{escape(sentence)}</p>")


def account_page(users: Sequence[User], query: Mapping[str, str]) -> str:
    """Ask the person which sandbox account they are."""
    kept = "".join(_hidden(name, value) for name, value in query.items() if name != "as")
    options = "".join(f'<option value="{each.id}">{escape(_name(each))}</option>' for each in users)
    body = (
        "<p>Which sandbox account are you?</p>"
        f'<form method="get" action="">{kept}'
        f'<label for="as">Account</label><select id="as" name="as">{options}</select>'
        '<p><button class="go" type="submit">Continue</button></p></form>'
    )
    return page("Sign in", body)


def consent_page(consent: Consent, query: Mapping[str, str]) -> str:
    """Ask the person whether the application may; `query` is what the page was opened with."""
    asked = "".join(f"<li>{escape(SCOPES[scope])}</li>" for scope in consent.scopes)
    body = (
        f"<p>Signed in as <strong>{escape(_name(consent.user))}</strong>. "
        f'<a href="?{escape(urlencode({**query, "as": NOBODY}))}">Not you?</a></p>'
        f"<p><strong>{escape(consent.app_name)}</strong> wants to:</p><ul>{asked}</ul>"
        f'<form method="post" action="">{_hidden("as", str(consent.user.id))}{_guild_part(consent)}'
        '<p><button type="submit" name="decision" value="approve">Authorize</button> '
        '<button type="submit" name="decision" value="deny">Cancel</button></p></form>'
    )
    if consent.redirect_uri:
        body += f'<p class="note">Afterwards you go to {escape(consent.redirect_uri)}</p>'
    return page(f"{consent.app_name} wants to access your account", body)


def _guild_part(consent: Consent) -> str:
    if "bot" not in consent.scopes:
        return ""
    if not consent.guilds:
        return "<p>You manage no server that the bot could be added to.</p>"
    shown = [each for each in consent.guilds if not consent.guild_fixed or each.id == consent.guild_id]
    options = "".join(
        f'<option value="{each.id}"{" selected" if each.id == consent.guild_id else ""}>{escape(each.name)}</option>'
        for each in shown
    )
    return (
        f'<label for="guild_id">Server</label><select id="guild_id" name="guild_id">{options}</select>'
        f'<p class="note">The bot asks for the permissions {consent.permissions}.</p>'
        f"{_hidden('permissions', str(consent.permissions))}"
    )


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def _name(user: User) -> str:
    return f"{user.global_name or user.username} (@{user.username})"
