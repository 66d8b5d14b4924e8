"""A made-up market by seed, with its truth beside it.

Nobody in it exists. `sample` makes the tables in memory, `write_sample` writes them; the same number of
accounts and the same seed give the same bytes. The columns are those of `cleaning/schema.py`. Of the common
columns only `source_system` and `exported_at` are written: `row_hash` is computed by whoever loads a file,
from what it holds.

Where the tables come from:

    world        who owns what: every account a person with things of its own
    schemes      rings and other structures in which rules were broken, with bystanders
    lookalikes   couples, offices, dorms, recycled numbers: innocent structures that share as much
    people, contacts, firms, habits, trade, money, desk      the rows of that world, a column at a time
    dirt         what real exports do to such rows
    truth        who is who, kept apart

Source of the quantities: the numbers to plant of the practice specification (Facebook 10-K, census,
Cloudflare, FCC and others, named there); each is a rough figure to train and measure on, not a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from tnskit.errors import UsageError
from tnskit.training import contacts, desk, firms, habits, money, people, trade
from tnskit.training.dirt import soil
from tnskit.training.lookalikes import plant_lookalikes
from tnskit.training.metros import metros, most_accounts
from tnskit.training.networks import ip_ranges
from tnskit.training.schemes import plant_schemes
from tnskit.training.text import Texts, column, numbered
from tnskit.training.truth import truth_tables
from tnskit.training.world import END, World, begin

LEAST = 50
ACCOUNT_COLUMNS = frozenset(
    [
        "account_id",
        "referrer_account_id",
        "customer_account_id",
        "pro_account_id",
        "sender_account_id",
        "reporter_account_id",
        "subject_account_id",
        "author_account_id",
        "payer_id",
        "payee_id",
        "account_a",
        "account_b",
    ]
)
BY_ACCOUNT = (
    "accounts",
    "business_members",
    "pro_profiles",
    "phones",
    "emails",
    "instruments",
    "payout_accounts",
    "addresses",
)
"""Tables whose rows stand in the order of their accounts' ids; the others stand in the order of time."""

MARK = "made-up"
"""The `source_system` of every row, by which we know our own files again."""


@dataclass(frozen=True, eq=False)
class Sample:
    """A made-up market."""

    tables: dict[str, pd.DataFrame]
    """The tables of the market, as an export would hold them."""
    truth: dict[str, pd.DataFrame]
    """What is true of them: `accounts`, `controllers`, `clusters`, `innocents`, `reviews`, `dirt`."""

    def __repr__(self) -> str:
        return f"Sample({len(self.truth['accounts']):,} accounts, {sum(map(len, self.tables.values())):,} rows)"


def sample(accounts: int = 2_000, *, seed: int = 1) -> Sample:
    """Make up a market.

    Args:
        accounts: How many; at least 50.
        seed: A whole number from 0; another one gives another market of the same kind.

    Returns:
        The tables and their truth. Text columns hold strings, times are ISO 8601 in UTC, money is in cents.

    Raises:
        UsageError: Too few accounts, more than there are numbers that belong to nobody, or a negative seed.
    """
    _check(accounts, seed)
    world = _world(accounts, seed)
    tables, fake = _tables(world)
    tables["accounts"]["_free"] = world.who["cluster"] < 0
    world.who["number"] = people.account_numbers(world)
    ids = numbered("A", world.who["number"])
    tables = {name: _identified(world, frame, ids, by_account=name in BY_ACCOUNT) for name, frame in tables.items()}
    truth = truth_tables(world, ids, fake)
    truth["dirt"] = soil(tables, world)
    del tables["accounts"]["_free"]
    return Sample(tables, truth)


def _check(accounts: int, seed: int) -> None:
    if not LEAST <= accounts <= most_accounts():
        raise UsageError(f"a made-up market has {LEAST} to {most_accounts():,} accounts, not {accounts:,}")
    if seed < 0:
        raise UsageError(f"the seed is a whole number from 0, not {seed}")


def _world(accounts: int, seed: int) -> World:
    world = begin(accounts, seed, [place.weight for place in metros()])
    plant_schemes(world)
    desk.plant_alone(world)
    plant_lookalikes(world)
    who = world.who
    np.clip(who["created"], 0, END - 7_200, out=who["created"])
    np.clip(who["last"], who["created"] + 3_600, END - 60, out=who["last"])
    return world


def _tables(world: World) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    names = people.name(world)
    day = habits.visits(world)
    logins, devices = habits.logins(world, day)
    cards, doors = contacts.instruments(world), contacts.addresses(world)
    work = trade.jobs(world)
    door: Texts = np.full(world.accounts, None, dtype=object)
    door[doors["account_id"].to_numpy()[::-1]] = doors["address_id"].to_numpy(dtype=object)[::-1]
    reviews, why = trade.reviews(world, work)
    fake = pd.DataFrame({"review_id": reviews["review_id"], "why": np.array(["", "farm", "bought"], dtype=object)[why]})
    actions, appeals = desk.actions(world)
    suppressions, dissociations = desk.settled(world)
    tables = {
        "accounts": people.accounts_table(world, names),
        "business_members": firms.business_members(world),
        "pro_profiles": firms.pro_profiles(world),
        "phones": contacts.phones(world),
        "emails": contacts.emails(world, names),
        "instruments": cards,
        "payout_accounts": contacts.payout_accounts(world),
        "logins": logins,
        "devices": devices,
        "security_events": desk.security_events(world),
        "addresses": doors,
        "jobs": trade.jobs_table(world, work, door),
        "messages": trade.messages(world, work),
        "payments": money.payments(world, work, cards),
        "reviews": reviews,
        "reports": desk.reports(world, work),
        "actions": actions,
        "appeals": appeals,
        "suppressions": suppressions,
        "dissociations": dissociations,
        "ip_ranges": ip_ranges(),
    }
    return tables, fake[why > 0].reset_index(drop=True)


def _identified(world: World, frame: pd.DataFrame, ids: Texts, *, by_account: bool) -> pd.DataFrame:
    """Write account numbers as ids, put the rows into an order that says nothing, add the common columns."""
    if by_account:
        order = np.argsort(world.who["number"][frame["account_id"].to_numpy()], kind="stable")
        frame = frame.iloc[order].reset_index(drop=True)
    for name in ACCOUNT_COLUMNS.intersection(frame.columns):
        frame[name] = column(ids, frame[name].to_numpy(dtype=np.int64))
    if "prefix" not in frame:
        first = np.zeros(len(frame), dtype=np.int64)
        frame["source_system"] = column([MARK], first)
        frame["exported_at"] = column(["2026-01-01T00:00:00Z"], first)
    return frame


def write_sample(
    folder: str | Path,
    truth_folder: str | Path,
    *,
    accounts: int = 2_000,
    seed: int = 1,
    progress: bool = False,
) -> dict[str, int]:
    """Make up a market and write it, one CSV file a table, and its truth into another folder.

    Args:
        folder: Where the tables go; made if it is not there.
        truth_folder: Where the truth goes; never inside `folder`, so that no notebook finds it by accident.
        accounts: How many.
        seed: As for `sample`.
        progress: Print a line a table.

    Returns:
        How many rows each table has.

    Raises:
        UsageError: As for `sample`; the truth would lie inside the market; a folder holds files not ours.
    """
    _check(accounts, seed)
    here, there = Path(folder), Path(truth_folder)
    if there.resolve().is_relative_to(here.resolve()):
        raise UsageError("the truth has to lie outside the folder of the market")
    made = sample(accounts, seed=seed)
    _refuse_foreign(here, {f"{name}.csv" for name in made.tables})
    _refuse_foreign(there, {f"{name}.csv" for name in made.truth} | {"README.md"})
    with duckdb.connect(":memory:") as database:
        database.execute("SET enable_progress_bar = false")
        for target, frames in ((here, made.tables), (there, made.truth)):
            target.mkdir(parents=True, exist_ok=True)
            for name, frame in frames.items():
                _write(database, frame, target / f"{name}.csv")
                if progress:
                    print(f"{name}: {len(frame):,} rows", flush=True)
    (there / "README.md").write_text(_truth_readme(accounts, seed), encoding="utf-8")
    return {name: len(frame) for name, frame in made.tables.items()}


def _refuse_foreign(folder: Path, ours: set[str]) -> None:
    """Refuse a folder with a file that we did not write."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder.name} is a file; a folder is needed")
    for path in sorted(folder.iterdir()):
        if path.name not in ours or not _is_ours(path):
            raise UsageError(f"{folder.name} holds {path.name}, which is not of a made-up market; name another folder")


def _is_ours(path: Path) -> bool:
    """Tell whether we wrote a file: its first row says so, or its folder's README does."""
    if path.name == "ip_ranges.csv":
        return (path.parent / "accounts.csv").exists() and _is_ours(path.parent / "accounts.csv")
    readme = path.parent / "README.md"
    if readme.is_file():
        return readme.read_text(encoding="utf-8").startswith(TITLE)
    with path.open(encoding="utf-8") as file:
        head, row = file.readline().rstrip("\n").split(","), file.readline()
    return "source_system" in head and (not row or f",{MARK}," in row)


def _write(database: duckdb.DuckDBPyConnection, frame: pd.DataFrame, path: Path) -> None:
    database.register("made_up", frame)
    try:
        database.execute("COPY (SELECT * FROM made_up) TO $path (FORMAT csv, HEADER true)", {"path": str(path)})
    finally:
        database.unregister("made_up")


TITLE = "# The truth of a made-up market"
_README = """{title}

Made by `tnskit sample --accounts {accounts} --seed {seed}`. Keep it away from notebooks: it is the
answer key.

- `accounts.csv`: who is behind each account (`person_id`), with whom that person lives (`household_id`)
  and works (`business_id`), which structure it belongs to (`cluster_id`, `scheme`), its part in it, and
  the rule it broke (`breach`; empty if none). `guilty` broke a rule; `bystander` broke none and shares
  something with the cluster it is entered under; `innocent` is everybody else. Two accounts are one
  person's if and only if `person_id` is the same.
- `controllers.csv`: who held an account from when to when, for accounts that changed hands (taken over,
  rented, lent); all others were their person's all the time.
- `clusters.csv`: the structures, their accounts without bystanders, and what they share.
- `innocents.csv`: pairs of accounts that share something and are not one person's, with the reason.
- `reviews.csv`: the reviews that are not genuine.
- `dirt.csv`: the kinds of dirt that were planted, and on how many rows.
"""


def _truth_readme(accounts: int, seed: int) -> str:
    return _README.format(title=TITLE, accounts=accounts, seed=seed)
