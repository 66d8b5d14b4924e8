import json
import shutil

import pytest

from tests.review.desks import desk
from tnskit.cleaning.market import load
from tnskit.evidence.links import link
from tnskit.review.memo import memo
from tnskit.review.precheck import precheck
from tnskit.workbench.cli import main


@pytest.fixture
def exports(tmp_path):
    """A folder in which A and B share a bank account and a phone."""
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "accounts.csv").write_text("account_id,status\nA,active\nB,removed\n")
    rows = [
        f"{n},{kind},{value},2024-01-01,2024-03-01" for n in "AB" for kind, value in (("payout", "ba_77aa88"), ("phone", "312 555 2368"))
    ]
    (folder / "identifiers.csv").write_text("account_id,kind,value,first_seen,last_seen\n" + "\n".join(rows) + "\n")
    return folder


@pytest.fixture
def written(exports, tmp_path):
    """A log with one case, and its memo in both forms."""
    log = desk(tmp_path)
    market = load(exports)
    made = memo(log.open(precheck(market, link(market), "A")))
    for ending, text in {"html": made.html, "md": made.markdown}.items():
        (tmp_path / f"memo.{ending}").write_text(text)
    return log


def test_verify_says_that_a_log_is_sound(written, capsys):
    assert main(["verify", str(written.path)]) == 0
    assert capsys.readouterr().out == f"cases.db: 1 events, sound; the head is {written.head}\n"
    assert main(["verify", str(written.path), "--head", written.head, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"sound": True, "events": 1, "head": written.head, "event": None, "why": ""}


def test_verify_names_the_first_event_that_is_not(written, capsys):
    for n in range(4):
        written.note(1, f"Note {n}.")
    written.close()
    written.path.write_bytes(written.path.read_bytes().replace(b"Note 1.", b"Note 9."))
    assert main(["verify", str(written.path)]) == 1
    assert capsys.readouterr().out == "cases.db, event 3 does not match its seal; events 1 to 2 are sound\n"
    assert main(["verify", str(written.path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["event"] == 3


def test_verify_sees_what_was_cut_off_by_the_head_on_a_memo(written, tmp_path, capsys):
    early = shutil.copy(written.path, tmp_path / "early.db")
    written.close()
    shutil.copy(written.path, early)
    written.note(1, "So it is.")
    assert main(["verify", str(early), "--head", written.head]) == 1
    assert "early.db, event 2 and what came after it were cut off; event 1 is sound" in capsys.readouterr().out


@pytest.mark.parametrize("ending", ["html", "md"])
def test_replay_of_a_memo(written, exports, tmp_path, ending, capsys):
    assert main(["replay", str(tmp_path / f"memo.{ending}"), str(exports)]) == 0
    assert capsys.readouterr().out == "A: the same. 1 pairs, label 'strong', stops and verdict as in the memo.\n"


def test_replay_says_what_differs_and_ends_with_one(written, exports, tmp_path, capsys):
    file = exports / "identifiers.csv"
    file.write_text("\n".join(line for line in file.read_text().splitlines() if not line.startswith("B,phone")) + "\n")
    assert main(["replay", str(tmp_path / "memo.html"), str(exports), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert not told["same"]
    assert "input: the table identifiers has changed" in told["differs"]
    assert any(line.startswith("link: the score was") for line in told["differs"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["verify", "{here}/none.db"], "there is no case log 'none.db'"), (["verify", "{here}/memo.md"], "'memo.md' is not a case log"), (["verify", "{here}/cases.db", "--head", "x"], "a head is a place and a seal"),
        (["replay", "{here}/none.html", "{here}/exports"], "cannot be read"), (["replay", "{here}/exports/accounts.csv", "{here}/exports"], "this is no memo with a record"), (["replay", "{here}/memo.md", "{here}/nowhere"], "there is no file or folder"),
        (["replay", "{here}/memo.md", "{here}/exports", "--log", "{here}/none.db"], "there is no case log 'none.db'"),
    ],
)  # fmt: skip
def test_wrong_use_is_one_line_on_stderr_and_ends_with_two(written, tmp_path, words, told, capsys):
    assert main([word.format(here=tmp_path) for word in words]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
