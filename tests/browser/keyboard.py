"""Reaching something with the Tab key alone, as people do who use no pointer.

On the way the focus must be seen, must go down the page in the order in which it is read, and must not end before what
is looked for.
"""

import json

from playwright.async_api import Locator, Page

MOST_TABS = 150

STEP = """() => {
    const here = document.activeElement, box = here.getBoundingClientRect(), style = getComputedStyle(here);
    const before = window.focusBefore, isNew = here !== document.body && here !== before;
    window.focusBefore = here;
    const words = (here.innerText || here.getAttribute('aria-label') || here.name || '').trim().slice(0, 60);
    return {
        what: here.tagName.toLowerCase() + ' ' + words,
        nothing: here === document.body,
        outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        on_screen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        in_order: !before || !isNew || !before.isConnected || before === document.body
            || Boolean(before.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING),
    };
}"""


async def reach(page: Page, target: Locator) -> None:
    """Press Tab until ``target`` has the focus."""
    await target.wait_for()
    passed = []
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        step = await page.evaluate(STEP)
        passed.append(step["what"])
        if step["nothing"]:  # past the end of the page: the next Tab begins anew
            continue
        assert step["outlined"], f"the focus cannot be seen: {json.dumps(step)} on {page.url}"
        assert step["on_screen"], f"the focus is outside of the screen: {json.dumps(step)} on {page.url}"
        assert step["in_order"], f"the focus goes back: {passed} on {page.url}"
        if await target.evaluate("here => here === document.activeElement"):
            return
    raise AssertionError(f"the Tab key does not lead there, only to {passed} on {page.url}")
