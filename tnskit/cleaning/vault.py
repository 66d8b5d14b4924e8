"""The one door to raw values: asked for by a person, for a case, with a reason, and written down first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from tnskit.cleaning.identifiers import KINDS
from tnskit.cleaning.market import Market
from tnskit.cleaning.privacy import leaks, quiet
from tnskit.errors import RevealError, TnskitError, UsageError

REASON = 10
"""Characters that a reason has at least. Assumption: "fraud" or "asked" says nothing to whoever reads the log."""


class Log(Protocol):
    """What a reveal is written to, such as the audit log of the cases."""

    def append(self, event: str, *, by: str, case: str, facts: Mapping[str, object]) -> object:
        """Write one event; return only once it would survive a crash, and raise where it cannot be written."""


_OWN = """
WITH owner AS (SELECT survivor FROM people WHERE account_id = $account),
own AS (SELECT account_id FROM people WHERE survivor = (FROM owner)),
seen_values AS (
  SELECT DISTINCT s.raw, c.code FROM vault.sighting s JOIN own USING (account_id)
  JOIN vault.value v ON v.kind = s.kind AND v.raw = s.raw JOIN vault.clean c ON c.kind = v.kind AND c.clean = v.clean
  WHERE s.kind = $kind)
"""


@quiet("revealing")
def reveal(market: Market, account: str, kind: str, *, case: Any, because: str, by: str, log: Log) -> list[str]:
    """Show an account's raw values of one kind, after writing down who asks, for which case, and why.

    The log gets the event `reveal` with the account, the kind, the masks and the reason, never a value. It is written
    before anything is read; where it cannot be written, nothing is shown. Asking for values that are not there is
    written down too. Accounts that were merged into this one count as it.

    Args:
        market: A loaded market.
        account: One account's id.
        kind: One of `identifiers.KINDS`.
        case: The case that this is for: its number, or what the log gave for it.
        because: Why it is needed, in a person's words; raw identifiers are refused.
        by: Who asks.
        log: Where it is written; see `Log`.

    Returns:
        The values as the export wrote them, in the order of the text; the parts of an address with commas between.

    Raises:
        UsageError: No case, person or kind, a reason too short to mean anything, or a raw identifier in one of them.
        UnknownAccountError: The market does not have the account.
        RevealError: The log could not be written.
    """
    number = case if isinstance(case, str) else str(getattr(case, "id", case or ""))
    _check(kind, number, because, by)
    market.code(account)
    asked = {"account": account, "kind": kind}
    masks = market.db.execute(
        f"{_OWN} SELECT DISTINCT shown FROM identifier JOIN seen_values USING (code) ORDER BY shown", asked
    ).fetchall()
    facts = {**asked, "shown": [shown for (shown,) in masks], "because": because.strip()}
    _write(log, by.strip(), number.strip(), facts)
    values = market.db.execute(f"{_OWN} SELECT DISTINCT raw FROM seen_values ORDER BY raw", asked).fetchall()
    return [", ".join(part for part in raw.split("\x1f") if part) for (raw,) in values]


def _check(kind: str, case: str, because: str, by: str) -> None:
    if kind not in KINDS:
        raise UsageError(f"there is no kind '{kind}'; the kinds are {', '.join(KINDS)}")
    for name, told in {"case": case, "because": because, "by": by}.items():
        if not isinstance(told, str) or not told.strip():
            raise UsageError(f"a raw value is shown only for a case, to a person, for a reason; {name}= is empty")
    if len(because.strip()) < REASON:
        raise UsageError(f"because= has to say why in at least {REASON} characters, for the person who reads the log later")
    for name, told in {"case": case, "because": because}.items():
        if found := leaks(told):
            raise UsageError(f"{name}= holds {' and '.join(found)}; the log keeps it for years, so say it without")


def _write(log: Log, by: str, case: str, facts: Mapping[str, object]) -> None:
    """Write the event; what goes wrong there is told without its words, unless they are ours: others may hold anything."""
    failed = ""
    try:
        log.append("reveal", by=by, case=case, facts=facts)
    except TnskitError as problem:
        failed = f"nothing is shown: {problem}"
    except Exception as problem:
        failed = f"nothing is shown, because the log could not be written ({type(problem).__name__}); mend the log and ask again"
    if failed:
        raise RevealError(failed)
