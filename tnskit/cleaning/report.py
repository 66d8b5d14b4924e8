"""The load report: what came in, what was kept, what was set aside, and what of it deserves a look."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from tnskit.cleaning.report_page import Part, page

HUBS = 10
"""Shared values that the text names; the table `hubs` has all of them."""


@dataclass(frozen=True)
class Finding:
    """One thing about an export that is worth telling.

    Attributes:
        about: What it is about, in a word or two.
        table: The table, or an empty text.
        column: The column, or an empty text.
        count: How many rows, cells or values.
        says: The rest of the sentence that begins with the count; never a raw value.
        look: Whether somebody should look at it before links are trusted.
    """

    about: str
    table: str
    column: str
    count: int
    says: str
    look: bool = False

    def __str__(self) -> str:
        where = f"{self.table}.{self.column}" if self.column else self.table
        return f"{where}: {self.count:,} {self.says}" if where else f"{self.count:,} {self.says}"


def as_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Give findings as a table, those to look at first."""
    ordered = sorted(findings, key=lambda one: (not one.look, one.about, one.table, one.column, one.says))
    return pd.DataFrame([asdict(one) for one in ordered], columns=["about", "table", "column", "count", "says", "look"])


@dataclass(frozen=True, eq=False)
class LoadReport:
    """What came in, what was kept and what was set aside, table by table.

    Attributes:
        tables: DataFrame `table`, `file`, `rows_in`, `kept`, `rejected`, `sha256`.
        reasons: DataFrame `table`, `column`, `why`, `rows`: rejected rows by reason.
        faults: DataFrame `table`, `column`, `why`, `cells`: cells left empty in rows that were kept.
        columns: DataFrame `table`, `column`, `rows`, `filled`, `null_rate` (0 to 1) of every column that was brought.
        hubs: DataFrame `kind`, `class`, `shown` (masked), `accounts`, `share` (0 to 1): values that many accounts share.
        findings: DataFrame `about`, `table`, `column`, `count`, `says`, `look` (bool), those to look at first.
        notes: Findings about the files themselves, in words.
        redacted: Number of cells in which a full card number was removed.
        settings: What decided over the reading: `tz`, `region`.
    """

    tables: pd.DataFrame
    reasons: pd.DataFrame
    faults: pd.DataFrame
    columns: pd.DataFrame
    hubs: pd.DataFrame
    findings: pd.DataFrame
    notes: tuple[str, ...]
    redacted: int
    settings: dict[str, Any]

    @property
    def sha256(self) -> str:
        """Digest of all this; a memo cites it."""
        frames = (self.tables, self.reasons, self.faults, self.columns, self.hubs, self.findings)
        text = "\f".join(frame.to_csv(index=False) for frame in frames)
        return hashlib.sha256(f"{text}{self.notes}{self.redacted}{self.settings}".encode()).hexdigest()

    @property
    def rows_in(self) -> int:
        """Rows that came in."""
        return int(self.tables["rows_in"].sum())

    @property
    def kept(self) -> int:
        """Rows that were kept."""
        return int(self.tables["kept"].sum())

    def __str__(self) -> str:
        lines = [self._headline()]
        lines += [f"  {r.table}: {r.rows_in:,} in, {r.kept:,} kept, {r.rejected:,} set aside" for r in self.tables.itertuples()]
        lines += [f"  {r.rows:,} of {r.table}: {r.why}" for r in self.reasons.itertuples()]
        lines += [f"  {r.cells:,} cells of {r.table}.{r.column}: {r.why}" for r in self.faults.itertuples()]
        lines += [f"  {line}" for line in [*self._cards(), *self._found(look=True), *self._hubs(), *self._found(look=False)]]
        lines += [f"  {line}" for line in [*self._empty(), *self.notes]]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        parts = [
            Part("Look at these first", lines=(*self._cards(), *self._found(look=True)), empty="Nothing stands out."),
            Part("Why rows were set aside", table=self.reasons.rename(columns={"why": "reason"}), empty="No row was set aside."),
            Part("Cells left empty in rows that were kept", table=self.faults.rename(columns={"why": "reason"}), empty="None."),
            Part("Values that many accounts share", table=self.hubs, most=15, empty="None is shared by so many that it stands out."),
            Part("Also found", lines=(*self._found(look=False), *self.notes), empty="Nothing else."),
            Part("How full the columns are", table=self.columns, bar="null_rate", folded=True, most=500),
        ]
        told = ", ".join(f"{name} {value}" for name, value in self.settings.items() if value is not None)
        return page(self._headline(), self.tables, parts, foot=f"Read with {told}. Digest of this report: {self.sha256}.")

    def _headline(self) -> str:
        return f"{self.rows_in:,} rows in, {self.kept:,} kept, {self.rows_in - self.kept:,} set aside"

    def _hubs(self) -> list[str]:
        top = [f"{r.shown} is shared by {r.accounts:,} accounts ({r.share:.1%})" for r in self.hubs.head(HUBS).itertuples()]
        left = len(self.hubs) - len(top)
        return [*top, f"{left:,} more values are shared by many accounts; see report.hubs"] if left > 0 else top

    def _empty(self) -> list[str]:
        partly = self.columns[self.columns["null_rate"] > 0]
        told: dict[str, list[str]] = {}
        for table, column, rate in zip(partly["table"], partly["column"], partly["null_rate"].astype(float), strict=True):
            told.setdefault(table, []).append(f"{column} {rate:.0%}" if rate >= 0.005 else f"{column} < 1%")
        return [f"{table}: empty cells in {', '.join(some)}" for table, some in told.items()]

    def _cards(self) -> list[str]:
        return [f"{self.redacted:,} cells held a full card number; it was removed"] if self.redacted else []

    def _found(self, *, look: bool) -> list[str]:
        some = self.findings[self.findings["look"] == look].drop(columns="look")
        return [str(Finding(*row)) for row in some.itertuples(index=False, name=None)]
