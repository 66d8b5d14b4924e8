import json

import duckdb
import pytest

from tests.markets import HOME
from tnskit.workbench.cli import main, parser


@pytest.fixture
def exports(tmp_path):
    """A folder in which A and B share a bank account and a phone, and C nothing."""
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "accounts.csv").write_text("account_id,status\nA,active\nB,removed\nC,active\n")
    rows = [
        f"{n},{kind},{value},2024-01-01,2024-03-01" for n in "AB" for kind, value in (("payout", "ba_77aa88"), ("phone", "312 555 2368"))
    ]
    (folder / "identifiers.csv").write_text("account_id,kind,value,first_seen,last_seen\n" + "\n".join([*rows, "C,phone,1.8E+10,,"]) + "\n")
    return folder


def test_link_writes_pairs_crowded_and_rejected_rows(exports, tmp_path, capsys):
    assert main(["link", str(exports), "--out", str(tmp_path / "out"), "--limit", "0.5"]) == 0
    found = duckdb.execute(f"SELECT a, b, score, label FROM '{tmp_path}/out/pairs.parquet'").fetchall()
    # By hand: `payout` 8, `phone` 5 (the only one of both, confirmation not told), `breadth` 3 for two personal kinds, and `facts_agree` 6:
    # one bank account of at most three people is -3.8 log-odds of two people, and -3 is enough for all of its points.
    assert found == [("A", "B", 22.0, "strong")]
    assert "identifiers,5,value,a phone number that a spreadsheet" in (tmp_path / "out/rejected.csv").read_text()
    assert "8 rows in, 7 kept, 1 set aside" in capsys.readouterr().out


def test_link_ends_with_one_where_many_rows_were_set_aside(exports, tmp_path):
    assert main(["link", str(exports), "--out", str(tmp_path / "out"), "--limit", "0.1"]) == 1


def test_check_prints_and_writes_one_page_that_loads_nothing(exports, tmp_path, capsys):
    page = tmp_path / "check.html"
    assert main(["check", str(exports), "A", "--out", str(page)]) == 0
    text = page.read_text()
    assert "A: " in capsys.readouterr().out
    assert "A – B" in text or "B" in text
    assert not [
        word for word in ("http://", "https://", "312 555", "ba_77aa88", HOME["line1"]) if word in text.replace("http://www.w3.org", "")
    ]


def test_check_for_machines(exports, capsys):
    assert main(["check", str(exports), "A", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["account"], told["verdict"]) == ("A", "ask")
    assert set(told) == {"account", "verdict", "stops", "against", "collateral"}


def test_rings_are_listed_and_saved(exports, tmp_path, capsys):
    assert main(["rings", str(exports), "--out", str(tmp_path / "rings.csv")]) == 0
    assert "R-A" in capsys.readouterr().out
    assert "R-A" in (tmp_path / "rings.csv").read_text()
    assert main(["rings", str(exports), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["accounts"] == ["A", "B"]
    assert main(["rings", str(exports), "--chains"]) == 0
    assert capsys.readouterr().out.startswith("No chain:")


def test_doctor_says_what_is_installed_and_writes_a_mapping(tmp_path, capsys):
    assert main(["doctor"]) == 0
    assert "investigate_account" in capsys.readouterr().out
    (tmp_path / "shops.csv").write_text("Shop id,Phone\n1,312 555 2368\n2,312 555 9911\n")
    assert main(["doctor", str(tmp_path), "--out", str(tmp_path / "mapping.toml")]) == 0
    assert 'phone_raw = "Phone"' in (tmp_path / "mapping.toml").read_text()


def test_scan_finds_raw_identifiers(tmp_path, capsys):
    (tmp_path / "bad.ipynb").write_text('{"text": "call 312-555-2368"}')
    (tmp_path / "good.ipynb").write_text('{"text": "phone ••• •••-2368"}')
    assert main(["scan", str(tmp_path / "good.ipynb")]) == 0
    assert capsys.readouterr().out == "no raw identifier found in 1 file\n"
    assert main(["scan", str(tmp_path / "bad.ipynb")]) == 1
    assert capsys.readouterr().out == "bad.ipynb, line 1: a phone number\n1 raw identifier found in 1 of 1 file\n"


def test_scan_cleans_into_a_copy_and_speaks_to_machines(tmp_path, capsys):
    (tmp_path / "note.md").write_text("call 312-555-2368")
    (tmp_path / "picture.md").write_bytes(b"\x89PNG")
    assert main(["scan", str(tmp_path), "--clean", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "files": 1, "found": [{"file": "note.md", "where": "line 1", "kind": "a phone number"}],
        "not_searched": [{"file": "picture.md", "why": "a picture, a PDF or an encrypted file, which cannot be searched"}],
        "written": [str(tmp_path / "note.clean.md")], "left": [],
    }  # fmt: skip
    assert (tmp_path / "note.clean.md").read_text() == "call phone ••• •••-2368"
    assert main(["scan", str(tmp_path / "note.md"), "--in-place"]) == 1
    assert main(["scan", str(tmp_path / "note.md")]) == 0


def test_scan_knows_the_values_of_a_market(exports, tmp_path, capsys):
    (tmp_path / "note.md").write_text("paid out to ba_77aa88")
    assert main(["scan", str(tmp_path / "note.md")]) == 0
    assert main(["scan", str(tmp_path / "note.md"), "--market", str(exports)]) == 1
    assert "note.md, line 1: a bank account" in capsys.readouterr().out


def test_keys_are_made_and_named_and_never_shown(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TNSKIT_KEY_FILE", str(tmp_path / "settings/keys"))
    monkeypatch.delenv("TNSKIT_KEY", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    assert main(["key", "new"]) == 0
    assert main(["key", "new"]) == 0
    assert main(["key", "list"]) == 0
    told = capsys.readouterr().out
    secrets = (tmp_path / "settings/keys").read_text().split()
    assert [line.partition(" ")[2] for line in told.splitlines()[2:]] == ["in use", "kept to read older tokens"]
    assert [secret for secret in secrets if secret[:12] in told] == []


def test_sample_makes_a_market_that_links(tmp_path, capsys):
    assert main(["sample", "--accounts", "200", "--seed", "4", "--out", str(tmp_path / "made")]) == 0
    assert "the truth is in" in capsys.readouterr().out
    assert (tmp_path / "made-truth/accounts.csv").is_file()
    assert main(["rings", str(tmp_path / "made")]) == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["check", "{exports}", "Z"], "account 'Z' is not among the 3 accounts"), (["rings", "{exports}/nowhere"], "there is no file or folder"),
        (["rings", "{exports}", "--most", "1"], "most=1 would set every"), (["check", "{exports}", "A", "--out", "x.pdf"], "should end in .html"),
        (["run", "start_here", "-p", "novalue", "--out", "x.html"], "should be written name=value"), (["scan", "{exports}/none"], "cannot be read"),
        (["rings", "{exports}", "--tz", "Mars"], "is not a time zone"), (["check", "{exports}", "A", "--now", "soon"], "should be a moment"),
    ],
)  # fmt: skip
def test_wrong_use_is_one_line_on_stderr_and_ends_with_two(exports, words, told, capsys):
    assert main([word.format(exports=exports) for word in words]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_every_command_has_help_with_an_example(capsys):
    names = next(a.choices for a in parser()._actions if a.choices and a.dest != "version")
    for name in names:
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        assert f"Example: tnskit {name}" in " ".join(capsys.readouterr().out.split())
