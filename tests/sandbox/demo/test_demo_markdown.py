"""Discord's markdown on a page: what is meant is shown, and nothing that was written becomes a tag."""

import time

import pytest

from bot.sandbox.discord.pages.markdown import Markdown
from bot.sandbox.discord.server import Discord


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**Gold** & `/passes setup`", "<strong>Gold</strong> &amp; <code>/passes setup</code>"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        (r"\*not bold\* \<t:1:R\>", "*not bold* &lt;t:1:R&gt;"),
        ("```\n**as** <it> is\n```after", "<pre>**as** &lt;it&gt; is</pre>after"),
        ("[help](https://example.org/a?b=1)", '<a href="https://example.org/a?b=1">help</a>'),
        ("see http://127.0.0.1:1/x", 'see <a href="http://127.0.0.1:1/x">http://127.0.0.1:1/x</a>'),
        ("[no](javascript:alert(1))", "[no](javascript:alert(1))"),
        (
            '[x](http://a/"onclick="b)',
            '<a href="http://a/&quot;onclick=&quot;b">x</a>',
        ),
        ("<t:0:D>", "01 January 1970"),
        ("<@1> <@&2>", "@unknown-user @deleted-role"),
    ],
)
def test_it_reads(written: str, shown: str) -> None:
    assert str(Markdown(Discord().state)(written)) == shown


def test_names_and_moments_are_filled_in() -> None:
    state = Discord().state
    user = state.create_user("fred")
    assert str(Markdown(state)(f"<@{user.id}>")) == "@fred"
    assert str(Markdown(state)(f"<t:{int(time.time()) + 100}:R>")).startswith("in 1 minute")
