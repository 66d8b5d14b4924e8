"""`link`: pair the accounts that share identifiers, and say what that proves."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from tnskit.cleaning.asof import as_of as known
from tnskit.cleaning.market import Market, utc
from tnskit.cleaning.updates import updated
from tnskit.errors import UsageError
from tnskit.evidence import benign, conduct, facts, groups, meetings, remembered, rules, stars, steps, store
from tnskit.evidence.engine import Duck, Engine
from tnskit.evidence.index import Index, index_of
from tnskit.evidence.remembered import Remembered
from tnskit.evidence.rules import LABELS, Rule, Rules
from tnskit.evidence.spark import Spark, SparkSteps

MOST = 50
"""Accounts above which a value is set aside whatever its rule says. Assumption: 10 times a large household."""

_numbers = itertools.count(1)


@dataclass(frozen=True, eq=False)
class Links:
    """Pairs of accounts that share identifiers, with the evidence for and against each.

    Attributes:
        market: What was linked; None where a saved folder was opened.
        rules: The rule table used.
        settings: What `link` was told, with the versions and digests that make a run repeatable.
    """

    market: Market | None = field(repr=False)
    rules: Rules = field(repr=False)
    settings: dict[str, Any] = field(repr=False)
    engine: Engine = field(repr=False)

    @cached_property
    def index(self) -> Index:
        """The pairs by account, made when they are first asked for."""
        return index_of(self.engine)

    def __repr__(self) -> str:
        counts = self.engine.run("SELECT label, count(*) AS pairs FROM pair GROUP BY label").set_index("label")["pairs"]
        told = ", ".join(f"{int(counts.get(label, 0)):,} {label}" for label in reversed(LABELS))
        return f"Links of {len(self.index) if self.market is None else len(self.market):,} accounts: {told}"

    @property
    def reads_innocent(self) -> bool:
        """Whether an innocent reading was looked for in each pair; links of a long table, which tells too little for one, have none."""
        return not self.settings.get("table", False)

    def loaded(self) -> Market:
        """Give the market that was linked.

        Raises:
            UsageError: The links were opened from a folder, and no market is behind them.
        """
        if self.market is None:
            raise UsageError("these links were opened from a folder; load the exports and link them for this")
        return self.market

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of identifier that the exports had data for."""
        return tuple(word for word in str(self.settings.get("kinds", "")).split(", ") if word)

    @property
    def pairs(self) -> pd.DataFrame:
        """DataFrame, one row a pair: `a`, `b` (a < b), `score`, `label`, `families`, `benign`, `benign_score`, `shared`.

        `score` is in points, higher is more surely the same person. `benign_score` (0 to 1) is how likely the innocent
        reading `benign` is. `shared` counts the identifiers that both have. In the order of the ids.
        """
        return self.engine.run(
            "SELECT x.account_id AS a, y.account_id AS b, score, label, families, benign, benign_score, shared::BIGINT AS shared "
            "FROM pair JOIN main.people x ON x.code = pair.a JOIN main.people y ON y.code = pair.b ORDER BY pair.a, pair.b"
        )

    @property
    def crowded(self) -> pd.DataFrame:
        """DataFrame `kind`, `shown` (masked), `accounts`, `why`: identifiers set aside, most shared first."""
        return self.engine.run(
            "SELECT kind, shown, accounts::BIGINT AS accounts, why FROM crowded ORDER BY accounts DESC, kind, shown, value"
        )

    @property
    def sha256(self) -> str:
        """Digest of the settings; a memo cites it."""
        text = repr(sorted((key, str(value)) for key, value in self.settings.items()))
        return hashlib.sha256(text.encode()).hexdigest()

    def evidence(self, a: str, b: str) -> pd.DataFrame:
        """What two accounts share and what speaks against it.

        Args:
            a: One account.
            b: The other; the order does not matter, the columns follow the order given.

        Returns:
            DataFrame, one row per piece, strongest first: `kind`, `family`, `shown` (masked), `accounts` (how many share
            it), `points` (signed), `first_a`, `last_a`, `first_b`, `last_b` (UTC), `overlap_days` (negative: a gap),
            `reading` (in words), `counted` (what of the points entered the score: the best of each family does),
            `rule`. Empty where the two share nothing.

        Raises:
            UnknownAccountError: An account that the market does not have.
            UsageError: Twice the same account.
        """
        x, y = self.code(a), self.code(b)
        if x == y:
            raise UsageError(f"'{a}' and '{b}' are the same account; evidence is about two")
        first, second = ("a", "b") if x < y else ("b", "a")
        found = self.engine.run(
            f"SELECT c.kind, c.family, coalesce(i.shown, '') AS shown, c.accounts::BIGINT AS accounts, c.points, "
            f"first_{first} AS first_a, last_{first} AS last_a, first_{second} AS first_b, last_{second} AS last_b, "
            "round(-gap, 2) AS overlap_days, counted, rule, holders FROM counted c LEFT JOIN main.identifier i ON i.code = c.value "
            "WHERE a = ? AND b = ? ORDER BY abs(counted) DESC, points DESC, c.kind, shown",
            [min(x, y), max(x, y)],
        )
        found.insert(10, "reading", [self._reading(row) for row in found.itertuples()])
        return utc(found.drop(columns="holders"))

    def clusters(self, label: str = "strong") -> pd.DataFrame:
        """Group the accounts that are linked at a label or above, or as surely by other things, and are not more likely two people.

        A pair below the label holds a group too where strength and innocent reading together make it one person with a
        probability of at least `sure` (in the rule table), as a name, a line and a removal the week before do without any card.

        Args:
            label: `possible`, `likely` or `strong`.

        Returns:
            DataFrame `account_id`, `cluster_id` (the first account of the group); every account once, the unlinked alone.

        Raises:
            UsageError: Another label.
        """
        if label not in LABELS[1:]:
            raise UsageError(f"'{label}' is not a label of a link; they are {', '.join(LABELS[1:])}")
        people = self.engine.run("SELECT account_id, survivor FROM main.people ORDER BY code")
        if isinstance(self.engine, SparkSteps):
            sql, values = groups.holding_sql(label, self.rules, reads_innocent=self.reads_innocent)
            self.engine.run(f"CREATE OR REPLACE TABLE held AS {sql}", values)
            first = stars.grouped(self.engine, len(people))
        else:
            edges = holding(self, label)
            sure = edges["sure"].to_numpy(dtype=bool)
            first = groups.grouped(edges[sure], edges[~sure], len(people))
        first = first[people["survivor"].to_numpy()]
        ids = people["account_id"].to_numpy()
        return pd.DataFrame({"account_id": ids, "cluster_id": ids[first]})

    def update(
        self, new_rows: Any = None, *, removed: Any = None, erased: Iterable[str] = (), mapping: Any = None, log: Remembered | None = None
    ) -> Links:
        """Give the links as if the exports had been loaded and linked again with rows added, corrected and taken out.

        Identifiers that were cleaned before are not cleaned again; every account is linked again, for what a link says
        depends on how common things are in the whole market.

        Args:
            new_rows: Exports of a day, as `load` takes them: a folder, a file, or a dict of table name to frame or path. A row
                of `accounts` takes the place of the row that the account had.
            removed: The same, for rows that were wrong: every row goes that agrees with one of them in all the cells given.
            erased: Accounts whose rows go, from every table; see `docs/speed.md` for what stays of a row about two.
            mapping: How the columns are called; see `load`.
            log: As in `link`.

        Returns:
            Links with a Market of their own. These links and their market stay as they are as long as somebody holds them.

        Raises:
            UsageError: The links show what was known on a day, or were opened from a folder.
        """
        market = updated(self.loaded(), new_rows, removed=removed, erased=erased, mapping=mapping)
        name = f"links_{next(_numbers)}"
        runner = self.engine.again(market, name) if isinstance(self.engine, SparkSteps) else Duck(market.db, name)
        return _linked(market, self.rules, runner, int(self.settings["most"]), log, progress=False)

    def write(self, folder: str | Path) -> Path:
        """Write `pairs.parquet` and `crowded.parquet` without holding them in memory, and give the folder."""
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        pairs = (
            "SELECT x.account_id AS a, y.account_id AS b, score, label, families, benign, benign_score, "
            "shared::BIGINT AS shared FROM pair JOIN main.people x ON x.code = pair.a "
            "JOIN main.people y ON y.code = pair.b ORDER BY pair.a, pair.b"
        )
        for name, sql in {
            "pairs": pairs,
            "crowded": "SELECT kind, shown, accounts, why FROM crowded ORDER BY value",
        }.items():
            part = target / f"{name}.parquet.part"
            file = str(part).replace("'", "''")
            self.engine.run(f"COPY ({sql}) TO '{file}' (FORMAT parquet)")
            part.replace(target / f"{name}.parquet")
        return target

    def code(self, account: str) -> int:
        """Give the integer code of an account; see `Market.code`."""
        return self.index.code(account) if self.market is None else self.market.code(account)

    def id(self, code: int) -> str:
        """Give the account of an integer code."""
        return self.index.ids([code])[0]

    def save(self, folder: str | Path) -> Path:
        """Save all that `lookup`, `explain`, `path`, `graph` and `rings` need, for `open`, and give the folder.

        What is in it: account ids, roles, status, dates, scores, evidence, and masks of identifiers. What is not: any
        identifier, name, message or other private value. A folder of saved links is replaced in one step.

        Raises:
            UsageError: The folder holds something else.
        """
        inputs: dict[str, str] = {}
        if self.market is not None:
            for row in self.market.report.tables.itertuples():
                inputs |= {
                    file: digest for file, digest in zip(str(row.file).split(" + "), str(row.sha256).split(" "), strict=False) if digest
                }
        index = None if isinstance(self.engine, SparkSteps) else self.index
        return store.write(folder, index=index, engine=self.engine, table=self.rules, settings=self.settings, inputs=inputs)

    def _reading(self, row: Any) -> str:
        """Say in words what one piece proves and what weakened it."""
        rule = self.rules[row.rule]
        words = [rule.proves]
        if rule.cut and row.accounts > rule.cut:
            words.append(_shared(row.accounts, row.holders, rule, row.points))
        if row.points and not row.counted:
            words.append(f"Not counted: another piece of {row.family} says more.")
        elif row.points and row.counted != row.points:
            words.append("Counts half: a shared device or home brings its network along, and conduct needs something beside it.")
        if rule.kind not in {"pair", "set"} and not pd.isna(row.overlap_days):
            words.append(_times(-row.overlap_days, row.points))
        elif rule.kind not in {"pair", "set"}:
            words.append("The export tells no dates.")
        return " ".join(words)


def holding(links: Links, label: str = "strong") -> pd.DataFrame:
    """Give the pairs that may hold a group together.

    Args:
        links: What `link` gave.
        label: As for `Links.clusters`.

    Returns:
        DataFrame by code: `a`, `b`, `score`, `label`, `benign`, `benign_score`, and `sure`: whether the pair holds by itself.
    """
    return links.engine.run(*groups.holding_sql(label, links.rules, reads_innocent=links.reads_innocent))


def _shared(accounts: int, people: int, rule: Rule, points: float) -> str:
    """Say how many have a crowded value, and what that left of its points."""
    if people <= rule.cut:
        who = "person" if people == 1 else "people"
        return f"{accounts:,} accounts have it, who by what else they share look like {people:,} {who}; it counts whole."
    name, share = ("half", 0.5) if people <= 2 * rule.cut else ("a quarter", 0.25)
    if points > share * rule.points:
        return (
            f"{accounts:,} accounts have it; it counts whole, for half of them broke a rule or most leave few traces of an ordinary life."
        )
    return f"{accounts:,} accounts have it, so it counts {name}."


def _times(gap: float, points: float) -> str:
    if gap <= 0:
        return f"Both used it during the same {_days(-gap)}."
    tail = "." if points else ", too far apart to count."
    return f"Between their uses lie {_days(gap)}{tail}"


def _days(count: float) -> str:
    whole = max(1, round(count))
    return f"{whole:,} day" + ("s" if whole > 1 else "")


def link(
    market: Market,
    *,
    most: int = MOST,
    rule_file: str | Path | None = None,
    as_of: Any = None,
    engine: Engine | Spark | None = None,
    log: Remembered | None = None,
    progress: bool = False,
) -> Links:
    """Pair the accounts that were seen with the same identifier, and add up what that says.

    Args:
        market: A loaded market.
        most: An identifier seen with more accounts than this is set aside, whatever its rule says.
        rule_file: A rule table of your own, in the form of `rules.toml`.
        as_of: A date or moment: see only what was known then (the end of the day, in UTC). Later rows of every table are left
            out, later dates emptied; what tells no date is taken as it stands.
        engine: What runs the SQL; DuckDB inside this process if left out, `Spark(session)` for a market past one machine.
        log: A `CaseLog`; its suppressions and dissociations are obeyed beside those of the export.
        progress: Show a progress bar.

    Returns:
        Links: `pairs`, `crowded`, `evidence(a, b)`, `clusters(label)`.

    Raises:
        UsageError: `most` is below 2, or `as_of` is not a date.
        RuleError: The rule table is incomplete.

    Source: the points come from `rules.toml`, where each rule names its own.
    """
    if most < 2:
        raise UsageError(f"most={most} would set every shared identifier aside; it should be 2 or more")
    if as_of is not None:
        market = known(market, as_of)
    table = rules.read(rule_file) if rule_file else rules.default()
    name = f"links_{next(_numbers)}"
    runner = engine.beside(market, name) if isinstance(engine, Spark) else engine or Duck(market.db, name)
    return _linked(market, table, runner, most, log, progress=progress)


def _linked(market: Market, table: Rules, runner: Engine, most: int, log: Remembered | None, *, progress: bool) -> Links:
    try:
        obeyed = _run(runner, market, table, most=most, log=log, progress=progress)
    except BaseException:
        # A stopped or failed run leaves the market as it was.
        if isinstance(runner, Duck | SparkSteps):
            runner.forget()
        raise
    settings = {**market.settings, "most": most, "rules": table.sha256, "rules_version": table.version,
                "load_report": market.report.sha256, "kinds": ", ".join(market.kinds), **obeyed}  # fmt: skip
    return Links(market, table, settings, runner)


def open_links(folder: str | Path, *, source: str | Path | None = None, whole: bool | None = None) -> Links:
    """Open a folder that `Links.save` wrote; nothing is loaded or linked again, so it takes well under a second.

    Args:
        folder: The folder, or its URL on object storage, such as `s3://bucket/links` (needs the extra `cloud`); of that, only the
            pieces that a question needs cross the wire.
        source: The exports it was made from, to refuse a folder that is older than they are.
        whole: Check every byte, not only that no file is missing or cut off; if left out, folders of this machine up to 64 MB are.

    Returns:
        Links for `lookup`, `explain`, `path`, `graph` and `rings`. There is no market behind it: what asks the exports
        themselves, such as `precheck` and `timeline`, needs them loaded.

    Raises:
        StoreError: No such folder, damaged, or made with another version, other rules or other exports.
    """
    saved = store.read(folder, source=source, whole=whole)
    links = Links(None, saved.rules, saved.settings, saved.engine)
    links.__dict__["index"] = saved.index
    return links


def _run(runner: Engine, market: Market, table: Rules, *, most: int, log: Remembered | None, progress: bool) -> dict[str, str]:
    """Run every step, and give what people decided that was obeyed."""
    classes = runner.run("SELECT DISTINCT kind, class FROM main.identifier ORDER BY ALL")
    runner.run("CREATE OR REPLACE TABLE rule AS SELECT * FROM rules_frame", rules_frame=table.frame())
    runner.run("CREATE OR REPLACE TABLE choice AS SELECT * FROM choices_frame", choices_frame=table.choices(classes))
    obeyed = remembered.obey(runner, market, log)
    for sql, values in tqdm(_steps(table, most), desc="linking", unit="step", disable=not progress, leave=False):
        runner.run(sql, values)
    return obeyed


def _steps(table: Rules, most: int) -> list[tuple[str, list[Any]]]:
    """Every step in order, with its values."""
    recency = " ".join(f"WHEN gap <= {days} THEN {share}" if days != float("inf") else f"ELSE {share}" for days, share in table.recency)
    scored = steps.PAIRS.format(
        strong=list(table.strong_families), weak=list(table.weak_families), beside=list(table.beside_families),
        possible=table.labels["possible"], likely=table.labels["likely"], strong_from=table.labels["strong"],
    )  # fmt: skip
    plain = [
        steps.CROWDED, steps.SHARED, steps.PORTIONS, steps.HOLDERS, steps.PIECES.format(recency=recency, main=steps.MAIN),
        steps.NETWORK_SETS, facts.FACTS, steps.ERAS, steps.HANDED_ON.format(one_hand=conduct.ONE_HAND), steps.WORKED, steps.REMOVED,
        steps.EBB, steps.NAMESAKES, *steps.PAIR_RULES.values(),
        steps.usual_sql(), benign.features_sql(steps.MAIN), benign.two_sql(), steps.FACTS_AGREE,
        steps.COUNTED.format(beside=list(table.beside_families)), remembered.DECISIVE, scored,
        benign.readings_sql(), benign.BEST, steps.PAIRS_OUT,
    ]  # fmt: skip
    lives = [steps.SIZED, steps.BREACHED, conduct.life_sql(), conduct.signs_sql(), conduct.purpose_sql(), conduct.SPOTS, conduct.HABITS]
    bounded = (steps.BOUNDED.format(one_hand=conduct.ONE_HAND), [most])
    met = [(meetings.BURSTS, [most]), (meetings.MEETINGS, [most])]
    return [*((sql, []) for sql in lives), bounded, *met, *((sql, []) for sql in plain)]
