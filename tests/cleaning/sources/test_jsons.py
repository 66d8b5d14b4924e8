import gzip
import json

import pytest

from tests.cleaning.raw import only
from tnskit.errors import SourceError


def table(path):
    """Rows as dicts of what is filled."""
    source, rows = only(path)
    return [{name: cell for name, cell in zip(("fault", *source.columns), row, strict=True) if cell is not None} for row in rows]


ROWS = [{"id": 123456789012345678, "phone": "1"}, {"id": "A2", "at": "2024-01-01T00:00:00+02:00"}]
TOLD = [{"id": "123456789012345678", "phone": "1"}, {"id": "A2", "at": "2024-01-01T00:00:00+02:00"}]
LINES = "\n".join(json.dumps(row) for row in ROWS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", LINES), ("a.ndjson", LINES + "\n\n"), ("a.json", LINES), ("a.json", json.dumps(ROWS)), ("a.json", json.dumps(ROWS, indent=2)),
        ("a.jsonl", LINES.replace("\n", "\r\n")), ("a.jsonl", "\ufeff" + LINES), ("a.json", "\ufeff" + json.dumps(ROWS)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["plain", "gz", "utf-16"])
def test_json_is_read_in_every_form_it_comes_in(tmp_path, name, content, form):
    made = content.lstrip("\ufeff").encode("utf-16") if form == "utf-16" else content.encode()
    file = tmp_path / (f"{name}.gz" if form == "gz" else name)
    file.write_bytes(gzip.compress(made) if form == "gz" else made)
    assert table(file) == TOLD


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (12345678901234567890123, "12345678901234567890123"), (True, "true"), (None, None), ("", ""), ("null", "null"), (1.5, "1.5"),
        ("2024-01-01 10:00", "2024-01-01 10:00"), ("x\x00y", "x\x00y"), ("\u202e<b>", "\u202e<b>"),
    ],
)  # fmt: skip
def test_a_value_keeps_its_digits_and_letters(tmp_path, value, told):
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "A", "x": value}))
    assert table(tmp_path / "a.jsonl") == [{"id": "A"} | ({"x": told} if told is not None else {})]


def test_nested_fields_and_lists_become_columns(tmp_path):
    row = {
        "id": "A",
        "user": {"contact": {"phone": "1"}},
        "phones": ["a", "b"],
        "devices": [{"id": "d1"}, {"id": "d2", "os": "x"}],
        "a/b~c": {"'\"": 1},
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(row) + '\n{"id": "B", "user": "plain"}')
    assert table(tmp_path / "a.jsonl") == [
        {"id": "A", "user": '{"contact":{"phone":"1"}}', "phones": '["a","b"]', "phones.0": "a", "phones.1": "b", "devices": '[{"id":"d1"},{"id":"d2","os":"x"}]',
         "devices.0.id": "d1", "devices.1.id": "d2", "devices.1.os": "x", "a/b~c.'\"": "1"},
        {"id": "B", "user": "plain"},
    ]  # fmt: skip


def test_an_object_with_very_many_fields_stays_one_column(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "A", "seen": {f"user{n}": n for n in range(1000)}}))
    assert only(tmp_path / "a.jsonl")[0].columns == ("id", "seen")


def test_a_line_that_is_no_object_stays_a_row_with_a_fault(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "A"}\ncall 312 555 2368\n[1, 2]\n{"id": "B"\n{"id": "C", "x": "\\ud800"}\n5\n{"id": "D"}\n')
    assert table(tmp_path / "a.jsonl") == [
        {"id": "A"}, {"fault": "a line that is not JSON"}, {"fault": "JSON that is no object with named fields"}, {"fault": "a line that is not JSON"},
        {"fault": "a line that is not JSON"}, {"fault": "JSON that is no object with named fields"}, {"id": "D"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[{"id": 1}, {"id"', "is not JSON: neither one object a line, nor a whole list"), ("[]", "holds no JSON object with named fields"),
        ("5", "holds no JSON object"), ("call 312 555 2368", "holds no JSON object|is not JSON"), ("{}", "holds no JSON object with named fields"), ("", "is empty"),
    ],
)  # fmt: skip
def test_what_is_no_json_is_told_without_showing_it(tmp_path, content, words):
    (tmp_path / "accounts.json").write_text(content)
    with pytest.raises(SourceError, match=words) as caught:
        only(tmp_path / "accounts.json")
    assert "312" not in str(caught.value)


def test_ten_megabytes_in_one_field_are_read(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "A", "x": "y" * 10_000_000}) + '\n{"id": "B"}')
    assert [len(row.get("x", "")) for row in table(tmp_path / "a.jsonl")] == [10_000_000, 0]
