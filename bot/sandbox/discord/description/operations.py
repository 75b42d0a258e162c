"""Discord's own description of its HTTP API, made answerable: which operation is this, and does it fit?

Requests and answers are held against it separately: a request that does not fit is the asker's fault, unless the sandbox lets it
through; an answer that does not fit is always the sandbox's.
"""

from __future__ import annotations

import email
import email.policy
import json
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from bot.sandbox.discord.description.amendments import amend
from bot.sandbox.discord.description.exchange import UnreadableError
from bot.sandbox.discord.description.schemas import Schemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from bot.sandbox.discord.description.exchange import Answer, Exchange

type Json = dict[str, Any]

_METHODS = ("get", "put", "post", "patch", "delete")
_TRUE, _FALSE = {"True", "true", "1"}, {"False", "false", "0"}
_FORM, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method on a path, as described."""

    method: str
    template: str
    segments: tuple[str, ...]
    parameters: tuple[Json, ...]
    described: Json = field(repr=False)

    @property
    def name(self) -> str:
        """`METHOD /template`."""
        return f"{self.method} {self.template}"

    def takes(self, given: list[str]) -> bool:
        """Tell whether this path, as long as the template, is one of its."""
        pairs = zip(self.segments, given, strict=True)
        return all(theirs.startswith("{") or theirs == ours for theirs, ours in pairs)


class Description:
    """Discord's OpenAPI, amended where its documentation says otherwise."""

    def __init__(self, document: Json) -> None:
        self._document = amend(document)
        self.schemas = Schemas(self._document)
        self._open = Schemas(self._document, closed=False)
        self.operations = tuple(self._read())
        self._by_length: dict[int, list[Operation]] = {}
        for each in self.operations:
            self._by_length.setdefault(len(each.segments), []).append(each)

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation that this is; fixed parts of a path go before parameters."""
        fitting = (each for each in self._like(path) if each.method == method)
        return min(fitting, key=lambda each: each.template.count("{"), default=None)

    def knows(self, path: str) -> bool:
        """Tell whether any method is described for this path."""
        return any(True for _ in self._like(path))

    def _like(self, path: str) -> Iterator[Operation]:
        given = path.split("/")
        return (each for each in self._by_length.get(len(given), ()) if each.takes(given))

    def faults_of_request(self, operation: Operation, exchange: Exchange) -> list[str]:
        """Say how the request does not fit."""
        return [
            *self._in_path(operation, exchange.path),
            *self._in_query(operation, exchange.query),
            *_in_authorization(operation, exchange.headers.get("Authorization", "")),
            *self._in_body(operation, exchange),
        ]

    def faults_of_answer(self, operation: Operation, answer: Answer) -> list[str]:
        """Say how the answer does not fit."""
        responses = operation.described["responses"]
        response = responses.get(str(answer.status), responses.get(f"{answer.status // 100}XX"))
        if response is None:
            return [f"status {answer.status} is not described; it is one of {', '.join(responses)}"]
        response = self._resolved(response)
        return [*self._in_headers(response, answer), *self._in_content(response.get("content"), answer)]

    def faults_of_refusal(self, answer: Answer) -> list[str]:
        """Say how a refusal is none of Discord's, where no operation says what may come."""
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorResponse"}}}
        return self._in_content(content, answer)

    def _read(self) -> Iterator[Operation]:
        for template, item in self._document["paths"].items():
            for method in _METHODS:
                if method in item:
                    described = item[method]
                    parameters = (*item.get("parameters", ()), *described.get("parameters", ()))
                    yield Operation(
                        method=method.upper(),
                        template=template,
                        segments=tuple(template.split("/")),
                        parameters=parameters,
                        described=described,
                    )

    def _resolved(self, item: Json) -> Json:
        while "$ref" in item:
            _, kind, name = item["$ref"].removeprefix("#/").split("/")
            item = self._document["components"][kind][name]
        return item

    def _in_path(self, operation: Operation, path: str) -> Iterator[str]:
        schemas = {each["name"]: each["schema"] for each in operation.parameters if each["in"] == "path"}
        for theirs, ours in zip(operation.segments, path.split("/"), strict=True):
            if theirs.startswith("{"):
                yield from self._fitted(f"path {theirs}", schemas[theirs.strip("{}")], [ours])

    def _in_query(self, operation: Operation, query: Sequence[tuple[str, str]]) -> Iterator[str]:
        known = {each["name"]: each for each in operation.parameters if each["in"] == "query"}
        given: dict[str, list[str]] = {}
        for name, text in query:
            given.setdefault(name, []).append(text)
        for name, parameter in known.items():
            if parameter.get("required") and name not in given:
                yield f"query {name} is required"
        for name, texts in given.items():
            if name in known:
                yield from self._fitted(f"query {name}", known[name]["schema"], texts)
            else:
                yield f"query {name} is not described"

    def _fitted(self, what: str, schema: Json, texts: list[str]) -> Iterable[str]:
        """Say how text does not fit, whichever of the values that it may stand for is taken."""
        tries = [self.schemas.faults(schema, value) for value in _meant(texts)]
        return () if not all(tries) else (f"{what}: {fault}" for fault in tries[0])

    def _in_body(self, operation: Operation, exchange: Exchange) -> list[str]:
        content = operation.described.get("requestBody", {}).get("content")
        if content is None:
            return ["a body is sent where none is described"] if exchange.body else []
        if not exchange.body:
            needed = operation.described["requestBody"].get("required")
            return [] if not needed or _may_be_empty(self, content) else ["the body is missing"]
        if exchange.media_type not in content:
            return [f"media type {exchange.media_type!r} is not one of {', '.join(content)}"]
        schema = content[exchange.media_type]["schema"]
        try:
            schemas = self._open if exchange.guest else self.schemas
            tries = [schemas.faults(schema, body) for body in _bodies(exchange)]
        except UnreadableError as error:
            return [str(error)]
        return [f"body {fault}" for fault in tries[0]] if all(tries) else []

    def _in_headers(self, response: Json, answer: Answer) -> Iterator[str]:
        for name, header in response.get("headers", {}).items():
            if name in answer.headers:
                schema = self._resolved(header)["schema"]
                yield from self._fitted(f"header {name}", schema, [answer.headers[name]])

    def _in_content(self, content: Json | None, answer: Answer) -> list[str]:
        if not content:
            return [f"a body with a {answer.status} that has none"] if answer.body else []
        if answer.media_type not in content:
            return [f"media type {answer.media_type!r} is not one of {', '.join(content)}"]
        if answer.media_type != "application/json":
            return []
        try:
            return self.schemas.faults(content[answer.media_type]["schema"], answer.json())
        except UnreadableError as error:
            return [str(error)]


@cache
def load(file: Path) -> Description:
    """Read a description, once per process."""
    return Description(json.loads(file.read_text(encoding="utf-8")))


def _may_be_empty(description: Description, content: Json) -> bool:
    """Nextcord and others leave out a body in which every field is optional; Discord takes that for an empty object."""
    return "application/json" in content and not description.schemas.faults(
        content["application/json"]["schema"], {}
    )


def _in_authorization(operation: Operation, header: str) -> list[str]:
    kind = header.partition(" ")[0]
    taken = [("Bot" if name == "BotToken" else "Bearer") for each in _security(operation) for name in each]
    if kind in taken or (not header and {} in _security(operation)):
        return []
    return [f"authorization {kind or 'missing'}: described is {' or '.join(taken) or 'none'}"]


def _security(operation: Operation) -> list[Json]:
    security: list[Json] = operation.described.get("security", [{}])
    return security


def _meant(texts: list[str]) -> list[Any]:
    """Return what text in a query may stand for: several values are an array, and so may one be; 1 and 0 may be truths."""
    # https://discord.com/developers/docs/reference#boolean-query-strings and #array-query-strings
    several = [[_read(text) for text in texts], texts]
    alone = [_read(texts[0]), texts[0]] if len(texts) == 1 else []
    truth = [texts[0] == "1"] if texts in (["1"], ["0"]) else []
    return [*alone, *truth, *several]


def _read(text: str) -> Any:
    if text in _TRUE | _FALSE and not text.isdecimal():
        return text in _TRUE
    try:
        return json.loads(text) if text.lstrip("-").replace(".", "", 1).isdecimal() else text
    except ValueError:
        return text


def _bodies(exchange: Exchange) -> list[Any]:
    """Return what the body may stand for; raises UnreadableError."""
    if exchange.media_type == _FORM:
        fields = dict(parse_qsl(exchange.body.decode(errors="replace"), keep_blank_values=True))
    elif exchange.media_type == _MULTIPART:
        fields = _parts(exchange)
        if "payload_json" in fields:
            return [_json_of(fields["payload_json"])]
    else:
        return [exchange.json()]
    return [{name: _read(text) for name, text in fields.items()}, fields]


def _parts(exchange: Exchange) -> dict[str, str]:
    """Return the fields of a multipart body; files are Discord's to look into, their names are checked here."""
    # https://discord.com/developers/docs/reference#uploading-files
    head = f"Content-Type: {exchange.headers['Content-Type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + exchange.body, policy=email.policy.HTTP)
    fields: dict[str, str] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            raise UnreadableError("a part of the form has no name")
        if part.get_filename() is None:
            fields[name] = part.get_content().rstrip("\r\n") if part.get_content_maintype() == "text" else ""
            if part.get_content_type() == "application/json":
                fields[name] = part.get_content().decode()
        elif not (name.startswith("files[") and name[6:-1].isdecimal() and name.endswith("]")):
            raise UnreadableError(f"a file is named {name!r}, not files[n]")
    return fields


def _json_of(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UnreadableError(f"payload_json is not JSON: {error}") from None
