"""Answers fit into what Discord takes."""

from hypothesis import given
from hypothesis import strategies as st

from bot.cogs.lines import MOST_OF_ALL, fit, join, label, stack

LINES = st.lists(st.text(st.characters(exclude_characters="\n"), max_size=300), max_size=60)


@given(LINES)
def test_what_does_not_fit_is_counted(lines: list[str]) -> None:
    shown = fit(lines)

    assert len(shown) <= 1900
    if "\n".join(lines) != shown:
        kept, _, more = shown.rpartition("… and ")
        kept_lines = kept.rstrip("\n").split("\n") if kept else []
        assert int(more.removesuffix(" more")) == len(lines) - len(kept_lines)


@given(LINES, st.integers(0, 1600))
def test_news_give_way_to_the_drawing(news: list[str], drawing: int) -> None:
    shown = stack("b" * 350, "d" * drawing, "\n".join(news))

    assert len(shown) <= MOST_OF_ALL
    assert "d" * drawing in shown


def test_names_are_joined_as_people_say_them() -> None:
    assert join(["Gold"]) == "Gold"
    assert join(["Gold", "Silver", "Bronze"]) == "Gold, Silver and Bronze"


def test_a_long_label_is_cut() -> None:
    assert len(label("x" * 300)) == 100
