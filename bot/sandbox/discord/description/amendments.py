"""Where Discord's description and its documentation differ, the documentation is followed: the description is amended before use.

Each amendment says what stands in the description now; once Discord mends it, loading fails and the amendment can go. The same list
stands in `docs/sandbox.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

type Json = dict[str, Any]

_DOCS = "https://discord.com/developers/docs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """At `pointer` (RFC 6901) the description says `described`; the documentation (`source`) says `documented`."""

    pointer: str
    described: Any
    documented: Any
    reason: str
    source: str


class AmendmentError(Exception):
    """The description does not say what an amendment is about."""


_MOST_BITS = (1 << 54) - 1
_COMMAND = f"{_DOCS}/interactions/application-commands"


def _bits(schema: str, field: str, reference: str, *, described: Json | None = None) -> Amendment:
    return Amendment(
        pointer=f"/components/schemas/{schema}/properties/{field}",
        described=described or {"type": ["integer", "null"], "minimum": 0, "maximum": _MOST_BITS},
        documented={"type": ["string", "null"], "pattern": "^[0-9]+$"},
        reason="Permissions are sent as strings: they are longer than the integers of some languages.",
        source=f"{_DOCS}/{reference}",
    )


def _also(schema: str, field: str, documented: Json, reason: str, source: str) -> Amendment:
    return Amendment(
        pointer=f"/components/schemas/{schema}/properties/{field}",
        described=None,
        documented=documented,
        reason=reason,
        source=source,
    )


def _most(schema: str, limit: str, described: int, documented: int, reference: str) -> Amendment:
    return Amendment(
        pointer=f"/components/schemas/{schema}/properties/{limit}",
        described=described,
        documented=documented,
        reason="The documentation allows fewer; who keeps to it is safe either way.",
        source=f"{_DOCS}/{reference}",
    )


_CHANGED_FIELDS = [
    "$add",
    "$remove",
    "allow",
    "color",
    "colors",
    "communication_disabled_until",
    "deaf",
    "deny",
    "features",
    "hoist",
    "mentionable",
    "mute",
    "name",
    "nick",
    "owner_id",
    "pending",
    "permissions",
    "position",
    "preferred_locale",
    "premium_since",
    "type",
]
"""Of servers, members, roles, channels and overwrites, those that change in the sandbox."""

AMENDMENTS: tuple[Amendment, ...] = (
    Amendment(
        pointer="/components/schemas/InnerErrors/properties/_errors/items",
        described={"$ref": "#/components/schemas/Error"},
        documented={
            "type": "object",
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
            "required": ["code", "message"],
        },
        reason="The code of one field's error is a name (BASE_TYPE_REQUIRED), not a number.",
        source=f"{_DOCS}/reference#error-messages",
    ),
    _bits(
        "ApplicationCommandCreateRequest", "default_member_permissions", "interactions/application-commands"
    ),
    _bits(
        "ApplicationCommandUpdateRequest", "default_member_permissions", "interactions/application-commands"
    ),
    _bits(
        "ApplicationCommandPatchRequestPartial",
        "default_member_permissions",
        "interactions/application-commands",
    ),
    _bits(
        "CreateRoleRequest",
        "permissions",
        "resources/guild#create-guild-role",
        described={"type": ["integer", "null"]},
    ),
    _bits(
        "UpdateRoleRequestPartial",
        "permissions",
        "resources/guild#modify-guild-role",
        described={"type": ["integer", "null"]},
    ),
    *(
        _also(
            name,
            "nsfw",
            {"type": "boolean"},
            "A command can be age-restricted; the answers say so too.",
            _COMMAND,
        )
        for name in (
            "ApplicationCommandCreateRequest",
            "ApplicationCommandUpdateRequest",
            "ApplicationCommandPatchRequestPartial",
        )
    ),
    _most(
        "ApplicationCommandOptionStringChoice",
        "value/maxLength",
        6000,
        100,
        "interactions/application-commands#application-command-object-application-command-option-choice-structure",
    ),
    _most("MessageCreateRequest", "content/maxLength", 4000, 2000, "resources/message#create-message"),
    _most("MessageEditRequestPartial", "content/maxLength", 4000, 2000, "resources/message#edit-message"),
    _most(
        "ModalInteractionCallbackRequestData",
        "components/maxItems",
        40,
        5,
        "interactions/receiving-and-responding#interaction-response-object-modal",
    ),
    Amendment(
        pointer="/components/schemas/AuditLogEntryResponse/properties/changes/items",
        described={"$ref": "#/components/schemas/AuditLogObjectChangeResponse"},
        documented={
            "type": "object",
            "properties": {"key": {"enum": _CHANGED_FIELDS}, "new_value": {}, "old_value": {}},
            "required": ["key"],
            "if": {"properties": {"key": {"enum": ["allow", "deny", "permissions"]}}},
            "then": {"properties": {"new_value": {"type": "string"}, "old_value": {"type": "string"}}},
        },
        reason="A change names a field of the object that was changed, and its value is of that field's type.",
        source=f"{_DOCS}/resources/audit-log#audit-log-change-object",
    ),
    _also(
        "IncomingWebhookUpdateRequestPartial",
        "tts",
        {"type": "boolean"},
        "In neither: nextcord sends it with every edit, and Discord reads over fields that it does not know.",
        "nextcord 3.2.0, nextcord/webhook/async_.py, handle_message_parameters",
    ),
)


def amend(description: Json) -> Json:
    """Change the description in place, and return it; raises AmendmentError where it no longer says what it did."""
    for amendment in AMENDMENTS:
        *way, last = (_unescaped(part) for part in amendment.pointer.split("/")[1:])
        place: Any = description
        for part in way:
            place = place.get(part)
            if place is None:
                raise AmendmentError(f"{amendment.pointer} is not in the description")
        found = place.get(last)
        if found != amendment.described:
            raise AmendmentError(
                f"{amendment.pointer} is now {found!r}: take the amendment away, or renew it"
            )
        place[last] = amendment.documented
    return description


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
