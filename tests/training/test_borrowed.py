import re

import pandas as pd
import pytest

from tests.training.answers import perfect
from tnskit.cleaning.market import load
from tnskit.errors import LessonError, UnknownAccountError, WordsError
from tnskit.training.borrowed import borrow_case
from tnskit.training.grading import grade
from tnskit.training.lessons import answer_key, lesson

ORIGINAL = {
    "accounts": [
        {"account_id": "ORIG-77001", "role": "pro", "status": "removed", "created_at": "2024-02-11T08:13:27Z", "closed_at": "2024-09-03T17:44:09Z",
         "display_name": "Zephyrine Quillfeather", "legal_name": "Zephyrine Quillfeather", "country": "US", "tz": "America/Boise", "birth_year": 1971},
        {"account_id": "ORIG-77002", "role": "pro", "status": "removed", "created_at": "2024-09-07T06:21:33Z", "closed_at": "2024-11-01T00:00:01Z",
         "display_name": "Quillfeather Roofs", "legal_name": "Zeph Quillfeather", "country": "US", "tz": "America/Boise", "birth_year": 1971},
        {"account_id": "ORIG-77003", "role": "pro", "status": "active", "created_at": "2024-09-09T06:21:33Z",
         "display_name": "Bartholomew Inkwell", "legal_name": "Bartholomew Inkwell", "country": "US", "tz": "America/Boise"},
    ],
    "phones": [
        {"account_id": name, "phone_raw": "208 555 8361", "verified_at": at, "first_seen": at, "last_seen": "2024-10-30T11:12:13Z"}
        for name, at in (("ORIG-77001", "2024-02-11T08:14:00Z"), ("ORIG-77002", "2024-09-07T07:00:00Z"))
    ],
    "payout_accounts": [
        {"account_id": name, "payout_token": "bank_ZQ9917xk", "last4": "8361", "added_at": "2024-09-08T07:00:00Z"}
        for name in ("ORIG-77001", "ORIG-77002")
    ],
    "logins": [
        {"login_id": f"LG-{n}-5551", "account_id": name, "at": f"2024-10-{n + 10}T09:31:17Z", "ip": "11.87.64.193", "device_id": "dev-kestrel-4471"}
        for n, name in enumerate(["ORIG-77001", "ORIG-77002", "ORIG-77003"])
    ],
    "actions": [
        {"action_id": "ACT-90017", "account_id": "ORIG-77001", "action": "remove", "policy_code": "PAY-04", "decided_at": "2024-09-03T17:44:09Z",
         "decided_by": "inspector.marigold", "reason": "Took a deposit of 913 dollars in Garden City and vanished."},
    ],
    "reports": [
        {"report_id": "REP-31173", "reporter_account_id": "ORIG-88881", "subject_account_id": "ORIG-77002", "received_at": "2024-10-20T01:02:03Z",
         "channel": "phone", "policy_code": "ACC-01", "narrative": "It is Zephyrine again, at 14 Larkspur Mews.", "lang": "en"},
    ],
    "payments": [
        {"payment_id": "PMT-61119", "payer_id": "ORIG-77002", "kind": "chargeback", "amount_minor": 91377, "currency": "USD",
         "at": "2024-10-21T01:02:03Z", "status": "settled", "dispute_code": "10.4"},
    ],
}  # fmt: skip
WORDS = {
    "title": "Back after four days", "task": "ORIG-77001 was removed. Are ORIG-77002 and ORIG-77003 the same person?",
    "mistake": "Removing ORIG-77003 too.", "point": "Two families, in order of time.",
}  # fmt: skip
KEPT = {"pro", "remove", "removed", "active", "phone", "en", "US", "USD", "chargeback", "settled", "PAY-04", "ACC-01", "10.4", "208"}
"""Words of the trade, which say nothing about anybody."""


def borrowed(**changed: object) -> str:
    market = load({name: pd.DataFrame(rows) for name, rows in ORIGINAL.items()})
    told = {
        "verdicts": {"ORIG-77002": "remove", "ORIG-77003": "no action"}, "beside": ["ORIG-77001"], "rule": "ACC-01",
        "explanation": "same person", "words": WORDS, "stops": ["H7"], "letters": {"ORIG-77002": ["L08"]},
    } | changed  # fmt: skip
    return borrow_case(market, told.pop("verdicts"), **told)  # type: ignore[arg-type]


def values() -> set[str]:
    """Every value of the original, and the words and numbers inside longer ones."""
    every = {str(value) for rows in ORIGINAL.values() for row in rows for value in row.values()}
    inner = {word for text in every for word in re.findall(r"[\w.'-]{4,}", text)}
    common = {"again", "deposit", "dollars", "City", "Garden", "vanished", "Took", "America", "Roofs", "2024"}
    return {value for value in every | inner if len(value) > 2} - KEPT - common


def test_nothing_of_the_original_remains(tmp_path) -> None:
    text = borrowed()
    assert [value for value in sorted(values()) if value in text] == []
    (tmp_path / "own.toml").write_text(text)
    made = lesson(tmp_path / "own.toml", seed=4)
    # what any made-up market may hold: cities of the generator, years, and the day and hour that a moment begins with
    shared = re.compile(r"19\d\d|America/Boise|Boise|\d{4}-\d\d-\d\dT\d\d")
    told = made.task + "".join(frame.to_csv() for frame in made.tables.values())
    mine = [value for value in sorted(values()) if not shared.fullmatch(value)]
    assert [value for value in mine if re.search(rf"(?<![\w.]){re.escape(value)}(?![\w.])", told)] == []


def test_the_shape_remains_and_can_be_taught(tmp_path) -> None:
    (tmp_path / "own.toml").write_text(borrowed())
    key = answer_key(tmp_path / "own.toml", seed=4)
    assert sorted(truth.verdict for truth in key.accounts.values()) == ["no action", "remove"]
    assert {(proof.kind, len(proof.accounts)) for proof in key.proofs} == {("phone", 2), ("payout", 2), ("device", 3), ("ip", 3)}
    assert grade(lesson(tmp_path / "own.toml", seed=4), perfect(key)).total == 100


def test_the_days_are_moved_and_kept_nowhere() -> None:
    assert len({borrowed() for _ in range(4)}) > 1


def test_what_cannot_be_taught_is_told() -> None:
    with pytest.raises(WordsError, match="title= holds"):
        borrowed(words=WORDS | {"title": "Call 208 555 8361"})
    with pytest.raises(UnknownAccountError):
        borrowed(beside=["nobody"])
    with pytest.raises(LessonError, match="explanation = 'magic'"):
        borrowed(explanation="magic")
