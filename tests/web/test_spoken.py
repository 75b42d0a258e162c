"""Sentences of both doors on a page: a little markdown is drawn, everything else is shown as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fans.texts import plain
from bot.sandbox.page import read
from bot.web.spoken import spoken


@pytest.mark.parametrize(
    ("said", "drawn"),
    [
        ("You are in **Ana's**.", "You are in <strong>Ana&#39;s</strong>."),
        ("Type `/passes link`.", "Type <code>/passes link</code>."),
        ("one\ntwo", "one<br>two"),
        ("**a \\*\\* b**", "<strong>a ** b</strong>"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("see https://x.example/a?b=1", 'see <a href="https://x.example/a?b=1">https://x.example/a?b=1</a>'),
        ("**", "**"),
    ],
)
def test_what_is_drawn(said: str, drawn: str) -> None:
    assert spoken(said) == drawn


@given(st.text(st.characters(codec="ascii", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40))
def test_a_name_reads_as_it_was_written(name: str) -> None:
    assert read(str(spoken(f"**{plain(name)}**"))).text == " ".join(name.split())
