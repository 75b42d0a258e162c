"""What a form gives for an account's id may be any text: it is nobody's, and no error."""

import pytest

from bot.sandbox.browser import Browser
from tests.web.house import Wired


@pytest.mark.parametrize("account", ["9" * 5000, "9" * 20, "9223372036854775808", "²", "x", ""])
async def test_a_code_is_pressed_only_for_the_account_that_typed_it(house: Wired, account: str) -> None:
    async with Browser() as browser:
        await house.sign_in(browser, await house.fan("Ana"))
        csrf = dict(browser.page.form("Sign out")[0].fields)["csrf"]
        fields = [("csrf", csrf), ("account", account)]
        page = await browser.post(f"{house.url}/code/press", fields, origin=house.url)
    assert (page.status, "used or too old" in page.text) == (410, True)
