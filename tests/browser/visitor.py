"""A person with a real browser: presses, types, reads, and looks at every page they come to.

They come in three manners: at a desk; with a phone in the dark; and with nothing but the keyboard and scripts off. How
a button is reached differs, what is done does not. Each page that is come to is held against ``looks``.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urldefrag, urlsplit

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    expect,
)

from tests.browser import looks
from tests.browser.keyboard import reach

PATIENCE_MS = 10_000
PICTURES = os.environ.get("PASSES_PICTURES")
"""A folder for a picture of every page that is come to, for people to look at."""

type Enter = Callable[..., Awaitable["Visitor"]]
type Role = Literal["button", "link", "textbox", "combobox", "checkbox", "radio"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    name: str
    width: int = 1280
    height: int = 800
    by_keyboard: bool = False
    scripts: bool = True
    dark: bool = False
    phone: bool = False

    def profile(self) -> dict[str, Any]:
        return {
            "viewport": {"width": self.width, "height": self.height},
            "java_script_enabled": self.scripts,
            "color_scheme": "dark" if self.dark else "light",
            "is_mobile": self.phone,
            "has_touch": self.phone,
            "reduced_motion": "reduce",
        }


DESK = Manner(name="desk")
PHONE = Manner(name="phone", width=390, height=844, phone=True, dark=True)
KEYS = Manner(name="keys", by_keyboard=True, scripts=False)


def played(*manners: Manner) -> pytest.MarkDecorator:
    """The test is played in each of these manners."""
    return pytest.mark.parametrize("manner", manners, ids=[manner.name for manner in manners])


@dataclass(slots=True, kw_only=True)
class Visitor:
    page: Page
    manner: Manner
    hosts: set[str] = field(default_factory=set)
    grumbles: list[str] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def entering(cls, browser: Browser, manner: Manner) -> AsyncIterator[Self]:
        """In a fresh profile; at the end, no request may have left this machine, nor the browser have complained."""
        context = await browser.new_context(**manner.profile())
        context.set_default_timeout(PATIENCE_MS)
        visitor = cls(page=await context.new_page(), manner=manner)
        visitor._listen(context)
        try:
            yield visitor
        finally:
            await context.close()
        assert visitor.hosts <= {"127.0.0.1"}
        assert visitor.grumbles == []

    def _listen(self, context: BrowserContext) -> None:
        def asked(request: Request) -> None:
            address = urlsplit(request.url)
            if address.scheme != "data":
                self.hosts.add(address.hostname or request.url)

        def said(message: ConsoleMessage) -> None:
            # A page with an error's status is complained about too; its words are what the tests read.
            if message.type in {"error", "warning"} and "responded with a status of" not in message.text:
                self.grumbles.append(f"{message.text} ({message.location})")

        context.on("request", asked)
        context.on("console", said)
        context.on("weberror", lambda error: self.grumbles.append(str(error.error)))

    # going places

    async def open(self, url: str) -> None:
        await self.page.goto(url)
        await self.look()

    async def press(self, name: str, *, role: Role = "button", within: str | None = None) -> None:
        """Press a button or link by its name (``within``: the section of this heading), and look at where it leads."""
        target = self._named(role, name, within)
        async with self.page.expect_navigation(wait_until="load"):
            await self._press(target)
        await self.look()

    async def follow(self, name: str, *, within: str | None = None) -> None:
        await self.press(name, role="link", within=within)

    async def opens_tab(self, link: str) -> Self:
        """Follow a link that opens a tab; returns the visitor in that tab."""
        target = self._named("link", link, None)
        async with self.page.context.expect_page() as opened:
            await self._press(target)
        page = await opened.value
        await page.wait_for_load_state("load")
        tab = replace(self, page=page)
        await tab.look()
        return tab

    async def another_tab(self, url: str) -> Self:
        tab = replace(self, page=await self.page.context.new_page())
        await tab.open(url)
        return tab

    async def walk(self, start: str, *, within: str) -> set[str]:
        """Open every page below ``within`` that links lead to from ``start``; returns their addresses."""
        seen, waiting = set[str](), [start]
        while waiting:
            url = waiting.pop()
            if url in seen:
                continue
            seen.add(url)
            await self.open(url)
            links = await self.page.get_by_role("link").evaluate_all("all => all.map(each => each.href)")
            waiting += [each for link in links if (each := urldefrag(link).url).startswith(within)]
        return seen

    # filling in

    async def fill(self, label: str, text: str) -> None:
        target = self._named("textbox", label, None)
        if not self.manner.by_keyboard:
            await target.fill(text)
            return
        await reach(self.page, target)
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.type(text)

    async def choose(self, label: str, option: str) -> None:
        """In a menu, by the beginning of what the option says."""
        target = self._named("combobox", label, None)
        if self.manner.by_keyboard:
            await reach(self.page, target)
            await self.page.keyboard.type(option)
        else:
            texts = await target.locator("option").all_inner_texts()
            await target.select_option(label=next(text for text in texts if text.startswith(option)))
        chosen = await target.evaluate("menu => menu.selectedOptions[0].text")
        assert chosen.startswith(option), f"{label!r} stands at {chosen!r}"

    async def tick(self, label: str, *, role: Role = "checkbox") -> None:
        target = self._named(role, label, None)
        if self.manner.by_keyboard:
            await reach(self.page, target)
            await self.page.keyboard.press("Space")
        else:
            await target.check()
        await expect(target).to_be_checked()

    # reading

    async def sees(self, text: str) -> None:
        """The page says so, soon: a page that waits looks again by itself."""
        await expect(self.page.locator("body")).to_contain_text(
            text, use_inner_text=True, timeout=PATIENCE_MS
        )

    async def sees_after_a_while(self, text: str) -> None:
        """The page says so once it was loaded anew as often as it takes; for what no page says that it waits for."""
        async with asyncio.timeout(PATIENCE_MS / 1000):
            while text not in await self.page.locator("body").inner_text():
                await self.page.reload()
        await self.look()

    async def look(self) -> None:
        """Hold the page against everything that must be true of any page."""
        self.looked_at.append(self.page.url)
        if PICTURES:
            await self._picture(Path(PICTURES))
        found = await self._undisturbed(self._what_is_wrong)
        assert found == [], f"{self.page.url} ({self.manner.name}): " + "\n".join(found)

    async def _what_is_wrong(self) -> list[str]:
        found = await looks.wrong(self.page, width=self.manner.width)
        return found + (await looks.barriers(self.page) if self.manner.scripts else [])

    async def _undisturbed[T](self, do: Callable[[], Awaitable[T]]) -> T:
        """A page that waits may go on to itself in the middle of a look; then it is looked at once more."""
        for _ in range(3):
            try:
                return await do()
            except Error as error:
                if "Execution context was destroyed" not in error.message:
                    raise
                await self.page.wait_for_load_state("load")
        return await do()

    async def _picture(self, folder: Path) -> None:
        name = re.sub(r"\W+", "-", await self.page.title()).strip("-").lower()
        test = re.sub(r"\W+", "-", os.environ.get("PYTEST_CURRENT_TEST", "").split("::")[-1].split(" ")[0])
        await self.page.screenshot(
            path=folder / f"{test}-{len(self.looked_at):02}-{name}.png", full_page=True
        )

    async def _press(self, target: Locator) -> None:
        if self.manner.by_keyboard:
            await reach(self.page, target)
            await self.page.keyboard.press("Enter")
        elif self.manner.phone:
            await target.tap()
        else:
            await target.click()

    def _named(self, role: Role, name: str, within: str | None) -> Locator:
        where = self.page.get_by_role("region", name=within) if within else self.page
        exact = where.get_by_role(role, name=name, exact=True)
        return exact.or_(
            where.get_by_role(role, name=re.compile("^" + re.escape(name).replace("/", r"\/") + r"\b"))
        ).first
