"""Figures of agreement on published examples, equal to what three packages give for them.

Fleiss 1971, ten items and fourteen raters, as in every textbook: statsmodels 0.15.0 `fleiss_kappa`, irrCAC 0.4.4 for AC1 and alpha
Cohen, two raters and fifty grants (20, 5, 10, 15), and a second table of the same source: statsmodels 0.15.0 `cohens_kappa`
Krippendorff 2011, four observers and twelve units with missing values, also Gwet's `cac.raw4raters`: krippendorff 0.9.0 for nominal
and ordinal alpha, irrCAC 0.4.4 for AC1 and Fleiss' kappa
"""

import numpy as np
import pandas as pd
import pytest

from tnskit.errors import UsageError
from tnskit.training.agreement import agreement, cohen, pairwise

FLEISS = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip
FOUR = ["123321412---", "1233224125-3", "-3332342251-", "12332441251-"]


def items(counts: list[list[int]]) -> pd.DataFrame:
    return pd.DataFrame([[value for value, many in enumerate(row) for _ in range(many)] for row in counts], dtype=object)


def four_raters() -> pd.DataFrame:
    return pd.DataFrame({f"r{n}": [None if mark == "-" else int(mark) for mark in row] for n, row in enumerate(FOUR)}, dtype=object)


def two_raters(yes: int, first: int, second: int, no: int) -> pd.DataFrame:
    rows = [("y", "y")] * yes + [("y", "n")] * first + [("n", "y")] * second + [("n", "n")] * no
    return pd.DataFrame(rows, columns=["a", "b"], dtype=object)


def test_fleiss_of_1971() -> None:
    found = agreement(items(FLEISS), draws=50)
    assert (found.items, found.raters, found.cohen) == (10, 14, None)
    assert found.fleiss == pytest.approx(0.20993070442195522, abs=1e-9)
    assert found.raw == pytest.approx(0.378021978021978, abs=1e-9)
    assert found.ac1 == pytest.approx(0.2256141508166282, abs=1e-9)
    assert found.alpha == pytest.approx(0.2155740565332269, abs=1e-9)


def test_cohen_on_two_tables() -> None:
    assert agreement(two_raters(20, 5, 10, 15), draws=10).cohen == pytest.approx(0.4, abs=1e-9)
    assert agreement(two_raters(45, 15, 25, 15), draws=10).cohen == pytest.approx(0.13043478260869554, abs=1e-9)


def test_krippendorff_of_2011_with_missing_verdicts() -> None:
    found = agreement(four_raters(), draws=200)
    assert found.alpha == pytest.approx(0.743421052631579, abs=1e-9)
    assert agreement(four_raters(), level="ordinal", draws=10).alpha == pytest.approx(0.8153875037548814, abs=1e-9)
    assert found.ac1 == pytest.approx(0.775444068126995, abs=1e-9)
    assert found.raw == pytest.approx(0.8181818181818182, abs=1e-9)
    assert found.low < found.alpha < found.high


def test_rare_removals_make_kappa_low_and_ac1_high() -> None:
    """94 % raw agreement with 4 % removals: kappa 0.22, AC1 0.94, as the practice specification computes."""
    found = agreement(two_raters(1, 3, 3, 93), draws=10)
    assert found.raw == pytest.approx(0.94)
    assert (round(found.cohen or 0, 2), round(found.ac1, 2)) == (0.22, 0.94)
    assert (found.prevalence, found.commonest) == (0.96, "n")


def test_all_alike_is_told_and_not_divided_by_nothing() -> None:
    found = agreement(two_raters(9, 0, 0, 0), draws=10)
    assert (found.raw, found.cohen, found.fleiss, found.ac1) == (1, 1, 1, 1)
    assert np.isnan(found.alpha)


def test_the_matrix_of_pairs() -> None:
    table = pd.DataFrame({"ana": ["x", "y", None], "luis": ["x", "x", "y"], "mei": [None, None, "y"]}, dtype=object)
    found = pairwise(table)
    assert found.loc["ana", "luis"] == 0.5
    assert found.loc["luis", "mei"] == 1
    assert np.isnan(found.loc["ana", "mei"])
    assert np.isnan(cohen(table["ana"], table["mei"]))


def test_wrong_use_is_told() -> None:
    with pytest.raises(UsageError, match="at least two people"):
        agreement(pd.DataFrame({"ana": ["x"]}))
    with pytest.raises(UsageError, match="no case was decided by two people"):
        agreement(pd.DataFrame({"ana": ["x", None], "luis": [None, "x"]}, dtype=object))
    with pytest.raises(UsageError, match="level='ratio' should be"):
        agreement(two_raters(1, 1, 1, 1), level="ratio")
