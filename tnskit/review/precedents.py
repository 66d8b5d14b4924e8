"""Cases like this one, and how they ended: shown beside a proposal, so that like is treated alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from tnskit.review.fold import Case, blind
from tnskit.review.rulebook import Rulebook


class Precedents(Rulebook):
    """Looks through what was decided before."""

    def similar(self, case: int | str | Case, *, most: int = 5) -> pd.DataFrame:
        """Give decided cases that look like this one, and how they ended.

        Alike are the families of evidence, the label, the innocent reading, the stops and the rule suspected, a fifth each.

        Returns:
            DataFrame `case`, `alike` (0 to 1), `families`, `benign`, `stops`, `decided`, `ended`; the most alike first.
        """
        here, lines = self._read(self.case(case).id, None), []
        for number in {one.case for one in self._audit.events(names=("confirmed", "led"))} - {str(here.id)}:
            whole = self._read(int(number), None)
            if not blind(whole.events) and whole.decision is not None:
                lines.append((whole.id, *_alike(here, whole), _ended(whole)))
        frame = pd.DataFrame(lines, columns=["case", "alike", "families", "benign", "stops", "decided", "ended"])
        return frame.sort_values(["alike", "case"], ascending=[False, True], ignore_index=True).head(most)


def _alike(here: Case, other: Case) -> tuple[float, str, str, str, str]:
    sets = [
        (set(_basis(one, "families").split("+")) - {""}, {_basis(one, "label")} - {""}, {_basis(one, "benign")} - {""},
         {row["code"] for row in one.bundle["stops"]}, {str(one.events[0].facts["policy"])} - {""})
        for one in (here, other)
    ]  # fmt: skip
    shares = [len(a & b) / len(a | b) if a | b else 1.0 for a, b in zip(*sets, strict=True)]
    codes = ", ".join(sorted(sets[1][3], key=lambda code: int(code[1:])))
    held = other.decision
    return round(sum(shares) / len(shares), 2), _basis(other, "families"), _basis(other, "benign"), codes, held["action"] if held else ""


def _basis(case: Case, name: str) -> str:
    basis: Mapping[str, Any] = case.bundle["basis"] or {}
    return str(basis.get(name, ""))


def _ended(case: Case) -> str:
    if case.of("undone"):
        return "overturned"
    answered = case.of("answered")
    return f"appealed, {answered[-1].facts['outcome']}" if answered else "under appeal" if case.state == "appealed" else "stands"
