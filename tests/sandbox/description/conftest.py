"""A watch over a small description."""

import pytest

from tests.sandbox.description.small import Watched


@pytest.fixture
def watched() -> Watched:
    return Watched()
