"""Schemas made ready once and used for every exchange: Draft 2020-12, the dialect of OpenAPI 3.1.

Objects are closed: a field that Discord's description does not know is a slip of the pen on either side, and nothing else would find it.
The exceptions are the parts of an `allOf`, which see each other's fields.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jsonschema_rs import Draft202012, Draft202012Validator, Registry, ValidationErrorKind

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

type Json = dict[str, Any]

_NAME = "urn:discord:description"
_MOST_SHOWN = 160


class Schemas:
    """Validators for the schemas of one document, made when they are first needed."""

    def __init__(self, document: Json, *, closed: bool = True) -> None:
        self._named: Json = document["components"]["schemas"]
        self._close = _closed if closed else _as_it_is
        content = _closed_document(document) if closed else {"components": document["components"]}
        self._registry = Registry([(_NAME, content)], draft=Draft202012)
        self._ready: dict[str, Draft202012Validator] = {}

    def extended(self, name: str, *, needs: Json | None = None, may: Json | None = None) -> Json:
        """Return a described object with more fields: those that it `needs` and those that it `may` have."""
        described: Json = self._named[name]
        return described | {
            "properties": described["properties"] | (needs or {}) | (may or {}),
            "required": [*described.get("required", ()), *(needs or {})],
        }

    def faults(self, schema: Json, value: Any) -> list[str]:
        """Say where and how `value` does not fit a schema of this document; empty where it does."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self._ready:
            self._ready[key] = Draft202012Validator(
                _absolute(self._close(schema)),
                registry=self._registry,
                validate_formats=True,
                formats={"snowflake": _is_snowflake, "nonce": _is_anything},
            )
        validator = self._ready[key]
        if validator.is_valid(value):
            return []
        return [_said(leaf) for error in validator.iter_errors(value) for leaf in _leaves(error)]


def _closed_document(document: Json) -> Json:
    schemas: Json = document["components"]["schemas"]
    shared = {part.get("$ref", "").rpartition("/")[2] for each in schemas.values() for part in _parts(each)}
    closed = {name: each if name in shared else _closed(each) for name, each in schemas.items()}
    return {"components": {"schemas": closed}}


def _as_it_is(schema: Any) -> Any:
    return schema


def _parts(schema: Json) -> list[Json]:
    """Return the schemas that an object is put together from; one alone is merely a reference."""
    parts: list[Json] = schema.get("allOf", [])
    return parts if len(parts) > 1 else []


def _closed(schema: Any) -> Any:
    """Return a copy in which objects take no fields but those that are named."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if _parts(schema):
        return schema | {"unevaluatedProperties": False}
    copy = {key: _closed(value) for key, value in schema.items()}
    is_object = schema.get("type") == "object" and "properties" in schema
    return {"additionalProperties": False, **copy} if is_object else copy


def _absolute(schema: Any) -> Any:
    """Return a copy whose references name the document that they were written in."""
    if isinstance(schema, list):
        return [_absolute(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _NAME + value if key == "$ref" and str(value).startswith("#") else _absolute(value)
        for key, value in schema.items()
    }


def _leaves(error: ValidationError) -> list[ValidationError]:
    """Return what is wrong in the alternative that comes nearest, where there are several."""
    match error.kind:
        case (
            ValidationErrorKind.AnyOf(context=branches) | ValidationErrorKind.OneOfNotValid(context=branches)
        ):
            nearest = min((branch for branch in branches if branch), key=_distance, default=[])
            return [leaf for each in nearest for leaf in _leaves(each)] or [error]
    return [error]


def _distance(branch: list[ValidationError]) -> tuple[int, int]:
    """A wrong type or a wrong constant says that another alternative was meant; then the fewest mistakes."""
    mistaken = sum(each.kind.name in {"type", "enum", "const"} for each in branch)
    return mistaken, len(branch)


def _said(error: ValidationError) -> str:
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path)
    return f"${where}: {error.message[:_MOST_SHOWN]}"


def _is_snowflake(value: str) -> bool:
    return value.isdecimal() and int(value) < 1 << 64


def _is_anything(_: str) -> bool:
    return True
