"""What differs from the description is told to people where it is told to the machine."""

from pathlib import Path

import pytest

from bot.sandbox.discord.description.amendments import AMENDMENTS, Amendment, AmendmentError, amend
from bot.sandbox.discord.description.ledger import Ledger, read
from tests.sandbox.description.small import document

PAGE = Path(__file__).parents[3] / "docs" / "sandbox.md"


@pytest.mark.parametrize("amendment", AMENDMENTS, ids=lambda each: each.pointer)
def test_every_difference_stands_in_the_documentation(amendment: Amendment) -> None:
    _, _, _, schema, _, field, *_ = amendment.pointer.split("/")
    assert f"`{schema}.{field}`" in PAGE.read_text(encoding="utf-8")


def test_an_amendment_whose_reason_is_gone_is_refused() -> None:
    mended = amend(document())
    with pytest.raises(AmendmentError, match="take the amendment away"):
        amend(mended)


def test_ledgers_of_several_processes_are_one(tmp_path: Path) -> None:
    ledger = Ledger()
    ledger.note("GET /gateway", [])
    ledger.note("GET /gateway", ["asked: wrongly"])
    ledger.write(tmp_path)
    (tmp_path / "1.json").write_text('{"held": {"GET /gateway": 3}, "violations": []}')
    whole = read(tmp_path)
    assert whole.held == {"GET /gateway": 5}
    assert [each.fault for each in whole.violations] == ["asked: wrongly"]
    assert "test_ledgers_of_several" in whole.violations[0].test
