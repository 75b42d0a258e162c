"""What must be true of every page, whatever it is about: no barriers (axe), no sideways scrolling, nothing foreign."""

from importlib.resources import files
from typing import Any

from playwright.async_api import Page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})"

SHAPE = """() => ({
    width: document.documentElement.scrollWidth,
    language: document.documentElement.lang,
    headings: document.querySelectorAll('h1').length,
    scripts: document.querySelectorAll('script').length,
    jumps: document.querySelectorAll('[tabindex]:not([tabindex="0"]):not([tabindex="-1"])').length,
    wide: [...document.querySelectorAll('body *')].filter(each => each.getBoundingClientRect().right > innerWidth + 1)
        .map(each => each.outerHTML.slice(0, 80)).slice(0, 3),
})"""


async def wrong(page: Page, *, width: int) -> list[str]:
    """What can be seen without running anything in the page's own world."""
    shape = await page.evaluate(SHAPE)
    found = []
    if shape["width"] > width:
        found.append(f"has to be scrolled sideways: {shape['width']} px wide; {shape['wide']}")
    if not shape["language"]:
        found.append("does not say its language")
    if shape["headings"] != 1:
        found.append(f"has {shape['headings']} first headings")
    if shape["scripts"]:
        found.append("has scripts")
    if shape["jumps"]:
        found.append("orders the focus by hand")
    return found


async def barriers(page: Page) -> list[str]:
    """What axe finds, in a line for each rule that is broken."""
    await page.evaluate(AXE)
    answer: dict[str, Any] = await page.evaluate(RUN, RULES)
    return [_line(broken) for broken in answer["violations"]]


def _line(broken: dict[str, Any]) -> str:
    where = "; ".join(node["html"] for node in broken["nodes"][:3])
    return f"axe {broken['id']} ({broken['impact']}): {broken['help']}: {where}"
