"""The sandbox's README is true: its snippets run, one after the other, as `python -m asyncio` runs them."""

import ast
import asyncio
import inspect
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
README = ROOT / "bot" / "sandbox" / "README.md"


async def test_its_snippets_run() -> None:
    text = README.read_text()
    names: dict[str, Any] = {"asyncio": asyncio}
    ran = 0
    try:
        for found in re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            above = "\n" * text.count("\n", 0, found.start(1))  # a failure names the README's own line
            code = compile(above + found[1], str(README), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            result = eval(code, names)  # noqa: S307  our own README
            if inspect.isawaitable(result):
                await result
            ran += 1
    finally:
        await names["house"].aclose()
    assert ran == text.count("```python")


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)", README.read_text())
    assert [link for link in links if not (README.parent / link).exists()] == []
