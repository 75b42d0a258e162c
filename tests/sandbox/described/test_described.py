"""The sandbox beside Discord's real description; left out where ``DISCORD_OPENAPI`` is not set."""

import os
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.discord import callbacks, oauth
from bot.sandbox.discord.calls import Route
from bot.sandbox.discord.description import oauth2
from bot.sandbox.discord.description.operations import Description, load
from bot.sandbox.discord.rest import TABLES

ROUTES = [route for table in (*TABLES, callbacks.TABLE, oauth.TABLE) for route in table.routes]


def form(fields: int) -> dict[str, Any]:
    text = {"type": 10, "content": "x"}
    return {"custom_id": "form", "title": "A form", "components": [text] * fields}


@pytest.fixture
def description() -> Description:
    return load(Path(os.environ["DISCORD_OPENAPI"]))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_endpoint_of_the_sandbox_is_one_of_discords(route: Route, description: Description) -> None:
    shape = "/".join("1" if part.startswith("{") else part for part in route.template.split("/"))
    described = description.find(route.method, shape)
    assert described or route.template in {oauth2.TOKEN, oauth2.REVOKE}


@pytest.mark.parametrize(
    ("schema", "most", "more"),
    [
        (
            "ApplicationCommandOptionStringChoice",
            {"name": "a", "value": "x" * 100},
            {"name": "a", "value": "x" * 101},
        ),
        ("MessageCreateRequest", {"content": "x" * 2000}, {"content": "x" * 2001}),
        ("MessageEditRequestPartial", {"content": "x" * 2000}, {"content": "x" * 2001}),
        ("ModalInteractionCallbackRequestData", form(5), form(6)),
    ],
)
def test_a_limit_is_the_documented_one(
    description: Description, schema: str, most: dict[str, Any], more: dict[str, Any]
) -> None:
    asked = {"$ref": f"#/components/schemas/{schema}"}
    assert description.schemas.faults(asked, most) == []
    assert description.schemas.faults(asked, more) != []


def test_every_operation_can_be_held(description: Description) -> None:
    assert len(description.operations) > 200
    for operation in description.operations:
        for media in operation.described.get("requestBody", {}).get("content", {}).values():
            description.schemas.faults(media["schema"], {})
        for response in operation.described["responses"].values():
            for media in response.get("content", {}).values():
                description.schemas.faults(media["schema"], {})
