"""What the tests of casework begin with: a check, a desk, a clock in hand."""

import pytest

from tests.disputes import Hand
from tests.review.desks import HELD, checked, desk


@pytest.fixture(scope="module")
def check():
    return checked()


@pytest.fixture(scope="module")
def stopped():
    """The same account, with money held: stop H7."""
    return checked(payments=[HELD])


@pytest.fixture
def log(tmp_path):
    return desk(tmp_path)


@pytest.fixture
def hand() -> Hand:
    return Hand()
