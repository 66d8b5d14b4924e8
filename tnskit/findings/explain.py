"""One account, one pair, one path: what the evidence says, in words."""

from __future__ import annotations

import html
import itertools
import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tnskit.cleaning.market import rows
from tnskit.errors import UsageError
from tnskit.evidence import benign
from tnskit.evidence.calibrate import left, probability
from tnskit.evidence.company import WORDS, company_beside
from tnskit.evidence.links import Links
from tnskit.evidence.rules import LABELS
from tnskit.findings import whatif

FARTHEST = 6
"""Steps after which a path is no longer looked for. Assumption: past six people almost anybody is reached."""


def lookup(links: Links, account: str, *, label: str = LABELS[0], most: int | None = None) -> pd.DataFrame:
    """Give the accounts that share something with one account, strongest first.

    Args:
        links: What `link` gave.
        account: The account asked about.
        label: Leave out what is weaker than this label.
        most: Give at most so many rows; `frame.attrs["of"]` tells how many there are.

    Returns:
        DataFrame `account_id`, `score`, `label`, `families`, `benign`, `benign_score`, `shared`, `role`, `status`.

    Raises:
        UnknownAccountError: The market does not have the account.
        UsageError: No such label.
    """
    wanted = labels_from(label)
    code = links.code(account)
    found = links.index.neighbours([code], wanted)
    people = links.index.people(found["y"] if most is None else found["y"].head(most))
    of, found = len(found), found.head(len(people)).drop(columns=["x", "y"])
    shown = pd.concat([people[["account_id"]], found, people[["role", "status"]]], axis="columns")
    shown.attrs.update(account=str(account), shown=len(shown), of=of)
    return shown


def labels_from(label: str) -> list[str]:
    """Give a label and all that are stronger."""
    if label not in LABELS:
        raise UsageError(f"'{label}' is not a label; they are {', '.join(LABELS)}")
    return list(LABELS[LABELS.index(label) :])


UNREAD = "No innocent reading was looked for: a long table tells too little for one. Load and link the exports before anybody decides."


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why two accounts may belong together, and what speaks against it.

    Attributes:
        a: One account.
        b: The other.
        score: Points, as everywhere.
        label: Its word, as everywhere.
        families: Families that counted, joined by "+".
        benign: The most likely innocent reading, or "".
        benign_score: How likely that is, 0 to 1.
        evidence: The pieces, as `Links.evidence` gives them.
        missing: Kinds of identifier that one of the two has no data for; their absence is not innocence.
        bounds: Label to the score from which it is given.
        likely: How likely one person is, 0 to 1, by the map of the rule table (`calibrate`); NaN for links of a long table, where no
            innocent reading was looked for.
        company: Whom else the two are strongly linked to, in words, or "": it counts in `likely` and nowhere else.
        lacks: What a link that is not strong lacks for it.
        turns: The smallest change of evidence that would give another label, in words, or "".
    """

    a: str
    b: str
    score: float
    label: str
    families: str
    benign: str
    benign_score: float
    evidence: pd.DataFrame = field(repr=False)
    missing: tuple[str, ...] = ()
    bounds: dict[str, float] = field(default_factory=dict, repr=False)
    likely: float = 0.0
    lacks: tuple[str, ...] = field(default=(), repr=False)
    turns: str = field(default="", repr=False)
    company: str = field(default="", repr=False)

    @property
    def steps(self) -> pd.DataFrame:
        """The sum as a waterfall: `family`, `shown`, `rule`, `points`, `total` (running sum)."""
        return whatif.steps(self.evidence)

    @property
    def supports(self) -> pd.DataFrame:
        """The pieces that speak for one person."""
        return self.evidence[self.evidence["counted"] > 0]

    @property
    def against(self) -> pd.DataFrame:
        """The pieces that speak against it."""
        return self.evidence[self.evidence["points"] < 0]

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> list[str]:
        if self.evidence.empty:
            return [f"{self.a} and {self.b} share nothing that was seen.", *self._missing()]
        lines = [f"{self.a} and {self.b}: {self.label}, {self.score:g} points"]

        lines += [f"  {_signed(r.counted)}  {_about(r)}: {r.reading}" for r in rows(self.supports)]
        lines += [f"  {_signed(r.counted)}  against: {r.reading}" for r in rows(self.against)]
        lines.append(f"  = {self.score:g} points from {self.families.replace('+', ' + ') or 'no family'}")
        rest = self.evidence[(self.evidence["counted"] == 0) & (self.evidence["points"] >= 0)]
        lines += [f"  (not added) {_about(r)}: {r.reading}" for r in rows(rest)]
        if math.isnan(self.likely):
            lines.append(UNREAD)
        if (reading := benign.named(self.benign)) is not None:
            lines.append(f"Innocent reading: {self.benign} ({self.benign_score:.0%}). {reading.looks_for}")
            lines.append(f"  What would settle it: {reading.settles} Ask: {reading.ask}")
        if self.company:
            lines.append(self.company)
        if self.lacks:
            lines.append(f"Not strong: it lacks {' and '.join(self.lacks)}.")
        if self.turns:
            lines.append(f"What would change the label: {self.turns}")
        if span := self._span():
            lines.append(span)
        return [
            *lines,
            *self._missing(),
            "A link says who may be the same person. It does not say that anybody broke a rule.",
        ]

    def _span(self) -> str:
        """Say when what they share was used, and who had most of it first."""
        dated = self.evidence.dropna(subset=["first_a", "first_b"])
        if dated.empty:
            return ""
        first, last = dated[["first_a", "first_b"]].min().min(), dated[["last_a", "last_b"]].max().max()
        ahead = int((dated["first_a"] < dated["first_b"]).sum()), int((dated["first_b"] < dated["first_a"]).sum())
        who = f"; {self.a if ahead[0] > ahead[1] else self.b} had {max(ahead)} of {len(dated)} first" if ahead[0] != ahead[1] else ""
        return f"Dates: what they share was used from {first:%d %b %Y} to {last:%d %b %Y}{who}."

    def _missing(self) -> list[str]:
        if not self.missing:
            return []
        return [f"Not known for both: {', '.join(self.missing)}. What is missing is no sign of innocence or of guilt."]

    def _repr_html_(self) -> str:
        head, *rest = self._lines()
        items = "".join(f"<li>{html.escape(line.strip())}</li>" for line in rest)
        return f"<p><b>{html.escape(head)}</b></p><ul>{items}</ul>"


def _about(row: object) -> str:
    shown, kind, family = (str(getattr(row, name)) for name in ("shown", "kind", "family"))
    return shown or (family.lower() if kind == "pair" else f"several {kind}s")


def _signed(points: float) -> str:
    return f"{points:+6.2f}"


def explain(links: Links, a: str, b: str) -> Explanation:
    """Say why two accounts may belong together, and what speaks against it.

    Args:
        links: What `link` gave.
        a: One account.
        b: The other.

    Returns:
        Explanation; printed, it is a signed sum in words.

    Raises:
        UnknownAccountError: The market does not have an account.
        UsageError: Twice the same account.
    """
    evidence = links.evidence(a, b)
    x, y = sorted((links.code(a), links.code(b)))
    pair = links.index.neighbours([x])
    pair = pair[pair["y"] == y]
    row = pair.iloc[0] if len(pair) else pd.Series([0.0, LABELS[0], "", "", 0.0], ["score", "label", "families", "benign", "benign_score"])
    bare = whatif.is_bare(links.kinds)
    likely, company = _likely(links, (x, y), row) if len(evidence) else (0.0, "")
    return Explanation(
        str(a), str(b), float(row["score"]), row["label"], row["families"], row["benign"], float(row["benign_score"]),
        evidence, _missing(links, (x, y)), dict(links.rules.labels), likely,
        tuple(whatif.lacks(evidence, links.rules, bare=bare)) if len(evidence) else (), _turns(links, evidence, bare), company,
    )  # fmt: skip


def _likely(links: Links, codes: tuple[int, int], row: pd.Series) -> tuple[float, str]:
    """How likely one person is, and whose company says so; of no probability where nobody looked for an innocent reading."""
    if not links.reads_innocent:
        return math.nan, ""
    beside = company_beside(links, *codes)
    counted = pd.DataFrame({"score": [row["score"] + links.rules.company[beside]], "benign_score": [row["benign_score"]]})
    return float(left(probability(links.rules, counted), counted, np.array([beside]))[0]), WORDS[beside]


def _turns(links: Links, evidence: pd.DataFrame, bare: bool) -> str:
    gone, after = whatif.flip(evidence, links.rules, bare=bare)
    names = " and ".join(_about(piece) for piece in evidence.iloc[gone].itertuples())
    return f"without {names} it would be '{after}'." if gone else ""


def _missing(links: Links, codes: tuple[int, ...]) -> tuple[str, ...]:
    have = links.engine.run(
        # named one by one, so that a saved folder is read only where they stand
        "SELECT kind FROM main.seen WHERE account IN (?, ?) GROUP BY kind HAVING count(DISTINCT account) = 2",
        list(codes),
    )["kind"]
    every = ("address", "card", "device", "email", "identity", "ip", "payout", "phone")
    return tuple(kind for kind in every if kind not in set(have))


@dataclass(frozen=True, eq=False)
class Path:
    """How one account leads to another without passing through a value that many share.

    Attributes:
        accounts: The accounts in order; empty where there is no path without hubs.
        sentences: One per step.
    """

    accounts: tuple[str, ...]
    sentences: tuple[str, ...] = field(repr=False)

    def __str__(self) -> str:
        if not self.accounts:
            return self.sentences[0]
        steps = "\n".join(f"  {n}. {sentence}" for n, sentence in enumerate(self.sentences, 1))
        tail = "" if len(self.accounts) < 3 else (
            f"\nThe two ends share nothing themselves; a path of {len(self.accounts) - 1} steps carries no points."
        )  # fmt: skip
        return f"{' – '.join(self.accounts)}\n{steps}{tail}"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"


def path(links: Links, a: str, b: str, *, most: int = FARTHEST) -> Path:
    """Find the shortest path between two accounts that avoids crowded identifiers; among equals the strongest.

    Args:
        links: What `link` gave.
        a: Where to begin.
        b: Where to end.
        most: The largest number of steps.

    Returns:
        Path; where there is none, its text says "no path without hubs".

    Raises:
        UnknownAccountError: The market does not have an account.
        UsageError: Twice the same account.
    """
    start, goal = links.code(a), links.code(b)
    if start == goal:
        raise UsageError(f"'{a}' and '{b}' are the same account; a path is between two")
    before = _search(links, start, goal, most)
    if goal not in before:
        return Path((), (f"no path without hubs between {a} and {b} within {most} steps",))
    codes = [goal]
    while codes[-1] != start:
        codes.append(before[codes[-1]])
    names = [links.id(code) for code in reversed(codes)]
    return Path(tuple(names), tuple(_step(links, x, y) for x, y in itertools.pairwise(names)))


def _search(links: Links, start: int, goal: int, most: int) -> dict[int, int]:
    """Breadth first, one lookup a step; gives each reached account the strongest one it was reached from."""
    before, edge = {start: start}, [start]
    for _ in range(most):
        if not edge or goal in before:
            break
        x, y, score = links.index.reach(edge, LABELS)
        order = np.lexsort((y, x, -score))
        order = order[score[order] > 0]
        # The strongest way to each account comes first, and only accounts that are new go on.
        found, first = np.unique(y[order], return_index=True)
        new = np.sort(first[[int(code) not in before for code in found]])
        edge = [int(code) for code in y[order][new]]
        before |= zip(edge, (int(code) for code in x[order][new]), strict=True)
    return before


def _step(links: Links, a: str, b: str) -> str:
    pieces = links.evidence(a, b)
    best = pieces[pieces["counted"] > 0].iloc[0]
    told = explain(links, a, b)
    what = best["shown"] or best["family"].lower()
    times = ""
    if not pd.isna(best["first_a"]):
        days = [day for day in (best["first_a"], best["first_b"], best["last_a"], best["last_b"]) if not pd.isna(day)]
        times = f", {min(days):%d %b %Y} to {max(days):%d %b %Y}"
    return f"{a} and {b} share {what} (seen with {best['accounts']:,} accounts{times}): {told.label}, {told.score:g} points"
