import pytest

from tnskit.cleaning.headings import distinct, header_at, shown, words


@pytest.mark.parametrize(
    ("names", "made"),
    [
        (["a", "b"], ("a", "b")), (["a", "A", "a"], ("a", "A_2", "a_3")), (["", None, " "], ("column0", "column1", "column2")),
        ([" a \n b "], ("a b",)), (["\ufeffid"], ("id",)), (["__row", "__FAULT"], ("__row_", "__FAULT_")), (["a", "a_2", "a"], ("a", "a_2", "a_3")), ([], ()),
    ],
)  # fmt: skip
def test_names_differ_even_without_capital_letters(names, made):
    assert distinct(names) == made


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("312-555-2368.csv", "a phone number"), ("jo.smith@mail.example", "an e-mail address"), ("visits of 11.20.30.40", "an IP address"),
        ("4242 4242 4242 4242", "a full card number"), ("4242424242424242.csv", "a full card number"), ("１２３４５６７８９０１２", "a"), ("123456789012345678", "a"),
        ("account 312 555 23 68 99", "a"), ("+52 1 55 1234 5670", "a phone number"),
    ],
)  # fmt: skip
def test_a_name_that_holds_a_raw_identifier_is_described(name, holds):
    assert shown(name).startswith(f"[a name of {len(name)} characters that holds {holds}")
    assert not any(part in shown(name) for part in ("555", "4242", "smith", "20.30", "12345678"))


@pytest.mark.parametrize(
    "name",
    [
        "accounts.csv",
        "logins-2024-07-01.csv",
        "export_20240701.csv",
        "export_20240701120000.csv",
        "2024-07-01T12-00-00Z.parquet",
        "A1 to A99",
        "año",
        "line1",
    ],
)
def test_a_plain_name_is_shown_as_it_is(name):
    assert shown(name) == name


def test_a_long_name_is_cut_and_stays_on_one_line():
    assert shown("a\nb\t\x00c") == "a b c"
    assert len(shown("x" * 500)) == 60
    assert words(["a", "b"]) == "'a', 'b'"
    assert words(map(str, range(9)), most=2) == "'0', '1' ..."


NAMES, ROW = ["id", "phone", "signup day"], ["A1", "312 555 2368", "2024-01-01"]


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([["Members"], [], NAMES, ROW, ROW], 2), ([["Run by", "ops"], NAMES, ROW], 1), ([["Members", "", ""], NAMES, ROW, ["Total", "1"]], 1),
        ([NAMES, ROW], 0), ([["id", "x"], ["A", "1", "more"]], 0), ([["id"], ["A1"], ["A2"]], 0), ([["id"], ROW, ROW], 0), ([["Members"], NAMES], 0), ([["Members"]], 0),
        ([], 0), ([["Members"], ["a", "b", "a"], ROW], 0), ([["note"], ["ana", "bea", "cy"], ["dan", "eva", "flo"]], 0), ([["note"], NAMES, ["1"], ["2"], ROW], 0),
    ],
)  # fmt: skip
def test_the_names_of_columns_are_found_under_a_title_and_only_there(rows, place):
    assert header_at(rows) == place
