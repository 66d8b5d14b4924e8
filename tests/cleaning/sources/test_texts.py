import gzip
import random

import pytest

from tests.cleaning.raw import cells, only
from tnskit.cleaning.sources.texts import CANDIDATES
from tnskit.errors import SourceError

NAMES = {
    "latin": ["José Peña", "Núñez", "Conceição", "João", "María Muñoz", "François", "São Paulo", "Luís Araújo", "Antônio", "Ángel"],
    "cp932": ["東京都", "山田太郎", "大阪市", "鈴木 一郎", "カタカナ"],
    "cp1251": ["Иван", "Москва", "Пётр", "Анна Каренина", "Улица Ленина"],
    "gb18030": ["张伟", "北京市", "王芳", "上海路"],
    "euc_kr": ["김철수", "서울시", "이영희", "박민수"],
    "big5": ["陳小明", "台北市", "林志玲", "王大同"],
}


def export(encoding, rows=60):
    random.seed(encoding)
    names = NAMES.get(encoding, NAMES["latin"])
    return [(f"A{n}", random.choice(names) if n % 3 else "Bob") for n in range(rows)]


def text(rows):
    return "account_id,name\n" + "".join(f"{a},{b}\n" for a, b in rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", *CANDIDATES])
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_is_read_in_the_encoding_that_it_has(tmp_path, encoding, packed):
    rows = export(encoding)
    made = text(rows).encode(encoding)
    file = tmp_path / ("a.csv.gz" if packed else "a.csv")
    file.write_bytes(gzip.compress(made) if packed else made)
    source, found = only(file)
    assert [row[1:] for row in found] == rows
    assert bool(source.notes) != encoding.startswith("utf-8")


@pytest.mark.parametrize("name", NAMES["latin"])
def test_one_name_in_windows_letters_is_enough(tmp_path, name):
    (tmp_path / "a.csv").write_bytes(text([("A1", name)]).encode("cp1252"))
    source, rows = only(tmp_path / "a.csv")
    assert rows == [(None, "A1", name)]
    assert source.notes == ("a.csv is not UTF-8; it was read as Windows-1252",)


def test_windows_letters_appended_to_utf8_spoil_neither(tmp_path):
    (tmp_path / "a.csv").write_bytes(text([("A1", "José"), ("A2", "Núñez")]).encode() + "A3,João\n".encode("cp1252") + b"A4,\x81\n")
    source, rows = only(tmp_path / "a.csv")
    assert [row[2] for row in rows] == ["José", "Núñez", "João", "\ufffd"]
    assert source.notes == (
        "a.csv is UTF-8 with bytes in it that are not; those were read as Windows-1252",
        "a.csv holds 1 character that cannot be read, shown as \ufffd",
    )


def test_a_name_cut_between_two_chunks_stays_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("tnskit.cleaning.sources.texts._CHUNK", 7)
    for encoding in ("utf-8", "utf-16", "cp1252"):
        (tmp_path / "a.csv").write_bytes(text(export("latin")).encode(encoding))
        assert cells(tmp_path / "a.csv") == export("latin")


def test_half_a_pair_in_utf16_is_marked_and_not_lost(tmp_path):
    (tmp_path / "a.csv").write_bytes("account_id,name\nA1,x".encode("utf-16") + b"\x00\xd8" + "y\nA2,z\n".encode("utf-16-le"))
    assert cells(tmp_path / "a.csv") == [("A1", "x\ufffdy"), ("A2", "z")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"0" * 99, "is not text but a picture"), (b"PK\x03\x04" + b"0" * 99, "a .zip or Excel file"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 99, "an old Excel file"), (gzip.compress(b"a", mtime=0), "is not text but a .gz file"), (b"PAR1" + b"0" * 99, "a Parquet file"),
        (b"<!DOCTYPE html><html>login</html>", "is a web page and not an export"), (b"\x81\x8d\x8f\x90" * 40, "not text in any encoding"),
        (b"\x00" * (2 << 20), "no line of column names in its first megabyte"), (b"\n\n\n", "is empty"), (b"", "is empty"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_told(tmp_path, content, words):
    (tmp_path / "accounts.csv").write_bytes(content)
    with pytest.raises(SourceError, match=words) as caught:
        only(tmp_path / "accounts.csv")
    assert "\n" not in str(caught.value)
