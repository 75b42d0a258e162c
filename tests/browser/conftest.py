"""A Chromium per worker, a fresh profile per visitor, and the whole bot on the whole sandbox to visit.

Everything here lives in the session's event loop, because the browser does: modules of this folder mark their tests
with ``loop_scope="session"``.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser.presence import chromium
from tests.browser.visitor import DESK, Enter, Manner, Visitor
from tests.system.story import Story, begun

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",  # not even the browser itself calls home
)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def story(database_url: str) -> AsyncIterator[Story]:
    async with begun(database_url) as told:
        yield told


@pytest_asyncio.fixture(loop_scope="session")
async def enter(browser: Browser) -> AsyncIterator[Enter]:
    """Lets somebody in, with a profile of their own; what was wrong on any of their pages fails the test."""
    async with AsyncExitStack() as stack:

        async def one(manner: Manner = DESK) -> Visitor:
            return await stack.enter_async_context(Visitor.entering(browser, manner))

        yield one
