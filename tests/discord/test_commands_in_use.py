"""What a person sees of ``/passes``: answers, presses, forms, and words when something breaks."""

from collections.abc import AsyncIterator

import pytest
from nextcord import SlashOption

from bot.cogs.passes import WENT_WRONG, Passes
from bot.cogs.presses import OUT_OF_DATE, Press, Presses
from bot.cogs.replies import Interaction, Reply, answer, ask, defer
from bot.config import Config
from bot.discord.client import Client
from bot.discord.components import Button, Field, Form, Link, Menu, Option, RoleMenu
from bot.ids import RoleId
from bot.sandbox.discord.driver import Driver
from tests.discord.conftest import Place
from tests.discord.wire import connected


class Show:
    """A cog for these tests: a greeting with buttons, menus and a form, and a way to break."""

    def __init__(self, gold: int) -> None:
        self._gold = RoleId(gold)

    def attach(self, passes: Passes, presses: Presses) -> None:
        passes.add("hello", "Says hello.", self.hello)
        passes.add("slow", "Says hello after a while.", self.slow)
        passes.add("broken", "Breaks.", self.broken)
        passes.add("form", "Opens a form.", self.form)
        presses.on("show:", self.pressed)
        presses.on("show:broken", self.broken_press)
        presses.on("show:ask", self.asked)
        presses.on("show:form", self.filled)

    async def hello(
        self,
        interaction: Interaction,
        name: str = SlashOption(description="Whom?", required=False, default="you"),
    ) -> None:
        rows = (
            (
                Button(label="Again", custom_id="show:again"),
                Button(label="Break", custom_id="show:broken"),
                Button(label="Old", custom_id="gone:1"),
                Button(label="Rename", custom_id="show:ask"),
                Link(label="Page", url="https://example.com/"),
            ),
            Menu(
                custom_id="show:menu",
                options=(Option(label="One", value="1"), Option(label="Two", value="2")),
                at_most=2,
                placeholder="Pick",
            ),
            RoleMenu(custom_id="show:roles", placeholder="Roles", at_most=5, chosen=(self._gold,)),
        )
        await answer(interaction, Reply(text=f"Hello {name}", rows=rows))

    async def slow(self, interaction: Interaction) -> None:
        await defer(interaction)
        await answer(interaction, Reply(text="Hello at last"))

    async def form(self, interaction: Interaction) -> None:
        await ask(interaction, _FORM)

    async def broken(self, interaction: Interaction) -> None:
        await defer(interaction)
        raise ValueError("a bug")

    async def pressed(self, interaction: Interaction, press: Press) -> None:
        await defer(interaction)
        await answer(interaction, Reply(text=f"{press.argument} {sorted(press.values)}"))

    async def broken_press(self, _interaction: Interaction, _press: Press) -> None:
        raise ValueError("a bug")

    async def asked(self, interaction: Interaction, _press: Press) -> None:
        await ask(interaction, _FORM)

    async def filled(self, interaction: Interaction, press: Press) -> None:
        await answer(interaction, Reply(text=f"{press.argument} {press.fields}"))


_FORM = Form(
    custom_id="show:form:7", title="Name it", fields=(Field(custom_id="name", label="Name", value="old"),)
)


@pytest.fixture
async def showing(config: Config, place: Place) -> AsyncIterator[Client]:
    passes, presses = Passes(support="https://help.example"), Presses(support="https://help.example")
    Show(place.gold).attach(passes, presses)
    async with connected(config, passes.install, presses.install) as client:
        yield client


@pytest.mark.usefixtures("showing")
class TestPasses:
    async def test_a_command_answers_only_the_person(self, driver: Driver, place: Place) -> None:
        seen = await driver.command(place.bob, "passes hello", guild=place.guild, options={"name": "Bob"})

        assert (seen.content, seen.ephemeral) == ("Hello Bob", True)
        assert seen.link("Page") == "https://example.com/"

    async def test_it_works_in_the_bots_direct_messages(self, driver: Driver, place: Place) -> None:
        assert (await driver.command(place.bob, "passes hello")).content == "Hello you"

    async def test_a_deferred_answer_arrives(self, driver: Driver, place: Place) -> None:
        seen = await driver.command(place.bob, "passes slow", guild=place.guild)

        assert (seen.content, seen.ephemeral) == ("Hello at last", True)

    async def test_an_exception_is_answered_in_words(self, driver: Driver, place: Place) -> None:
        seen = await driver.command(place.bob, "passes broken", guild=place.guild)

        assert WENT_WRONG in seen.text
        assert "https://help.example" in seen.text

    async def test_a_press_redraws_its_message(self, driver: Driver, place: Place) -> None:
        hello = await driver.command(place.bob, "passes hello", guild=place.guild)

        again = await driver.press(place.bob, hello, label="Again")

        assert (again.kind, again.content, again.message_id) == ("update", "again []", hello.message_id)

    async def test_choices_arrive_as_values(self, driver: Driver, place: Place) -> None:
        hello = await driver.command(place.bob, "passes hello", guild=place.guild)
        chosen = await driver.choose(place.bob, hello, ["One", "Two"], placeholder="Pick")
        assert chosen.content == "menu ['1', '2']"

        hello = await driver.command(place.bob, "passes hello", guild=place.guild)
        chosen = await driver.choose(place.bob, hello, ["Silver"], placeholder="Roles")
        assert chosen.content == f"roles ['{place.silver}']"

    async def test_a_broken_press_is_answered_in_words(self, driver: Driver, place: Place) -> None:
        hello = await driver.command(place.bob, "passes hello", guild=place.guild)

        seen = await driver.press(place.bob, hello, label="Break")

        assert WENT_WRONG in seen.text

    async def test_a_button_nobody_knows_is_answered(self, driver: Driver, place: Place) -> None:
        hello = await driver.command(place.bob, "passes hello", guild=place.guild)

        assert (await driver.press(place.bob, hello, label="Old")).content == OUT_OF_DATE

    async def test_a_form_is_asked_and_filled(self, driver: Driver, place: Place) -> None:
        form = await driver.command(place.bob, "passes form", guild=place.guild)
        assert (form.kind, form.title) == ("modal", "Name it")

        filled = await driver.fill(place.bob, form, {"Name": "new"})

        assert filled.content == ":7 {'name': 'new'}"
        assert filled.ephemeral

    async def test_a_form_opened_by_a_button_redraws_its_message(self, driver: Driver, place: Place) -> None:
        hello = await driver.command(place.bob, "passes hello", guild=place.guild)
        form = await driver.press(place.bob, hello, label="Rename")

        filled = await driver.fill(place.bob, form, {"Name": "new"})

        assert (filled.content, filled.message_id) == (":7 {'name': 'new'}", hello.message_id)


async def test_a_press_works_after_a_restart(config: Config, driver: Driver, place: Place) -> None:
    def parts() -> tuple[Passes, Presses]:
        passes, presses = Passes(), Presses()
        Show(place.gold).attach(passes, presses)
        return passes, presses

    passes, presses = parts()
    async with connected(config, passes.install, presses.install):
        hello = await driver.command(place.bob, "passes hello", guild=place.guild)

    passes, presses = parts()
    async with connected(config, passes.install, presses.install):
        again = await driver.press(place.bob, hello, label="Again")

    assert again.content == "again []"


def test_two_handlers_for_one_prefix_are_a_mistake() -> None:
    presses = Presses()

    async def nothing(interaction: Interaction, press: Press) -> None:
        """Answer nothing."""

    presses.on("a:", nothing)
    with pytest.raises(ValueError, match="a:"):
        presses.on("a:", nothing)
