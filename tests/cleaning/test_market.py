import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.markets import PHONE, market, seen
from tnskit.cleaning.market import load
from tnskit.errors import TableError, UnknownAccountError, UsageError


def reasons(m):
    return [tuple(row) for row in m.rejected.itertuples(index=False)]


def test_the_same_number_written_two_ways_is_one_value():
    m = market("A B", identifiers=seen("A phone (312)_555-2368 2024-01-01", "B mobile +1-312-555-2368 2024-02-01"))
    assert m.db.execute("SELECT count(DISTINCT value), count(*) FROM seen").fetchall() == [(1, 2)]
    assert m.db.execute("SELECT shown FROM identifier").fetchall() == [("phone ••• •••-2368",)]


def test_two_numbers_with_one_mask_are_told_apart():
    m = market("A B", identifiers=seen("A phone 312_555_2368", "B phone 415_555_2368"))
    assert m.db.execute("SELECT shown FROM identifier ORDER BY code").fetchall() == [
        ("phone ••• •••-2368 (1)",), ("phone ••• •••-2368 (2)",),
    ]  # fmt: skip


def test_every_row_is_kept_or_rejected_with_table_row_column_and_reason():
    m = load(
        {
            "accounts": pd.DataFrame(
                {
                    "account_id": ["A", "A", "B", None, "1.2E+17"],
                    "birth_year": ["1980", "1980", "old", "1", "2"],
                }
            ),
            "phones": pd.DataFrame({"account_id": ["A", "B", "Z", "A"], "phone_raw": [PHONE, "1.8E+10", PHONE, None]}),
        }
    )
    assert reasons(m) == [
        ("accounts", 2, "", "an exact repeat of row 1"),
        ("accounts", 4, "account_id", "empty, and the row says nothing without it"),
        (
            "accounts",
            5,
            "account_id",
            "an id that was read as a number and has lost digits; export ids as text",
        ),
        (
            "phones",
            2,
            "phone_raw",
            "a phone number that a spreadsheet turned into a rounded figure; export the column as text",
        ),
        ("phones", 3, "account_id", "an account that the accounts table does not have"),
        ("phones", 4, "phone_raw", "empty, and the row says nothing without it"),
    ]
    assert m.report.tables[["table", "rows_in", "kept", "rejected"]].values.tolist() == [
        ["accounts", 5, 2, 3],
        ["phones", 4, 1, 3],
    ]
    assert m.report.faults.values.tolist() == [["accounts", "birth_year", "no year between 1900 and 2099; left empty", 1]]


def test_a_second_row_with_the_same_id_is_rejected_not_merged():
    m = load({"accounts": pd.DataFrame({"account_id": ["A", "A"], "display_name": ["Ana", "Bea"]})})
    assert reasons(m) == [("accounts", 2, "account_id", "an account id that row 1 already has")]


def test_long_ids_as_floats_are_refused_and_small_ones_mended():
    m = load({"accounts": pd.DataFrame({"account_id": [1042.0, 123456789012345678.0]})})
    assert m.accounts["account_id"].tolist() == ["1042"]
    assert reasons(m)[0][:3] == ("accounts", 2, "account_id")


def test_naive_times_are_refused_unless_the_zone_is_told():
    rows = seen("A phone 312_555_2368 2024-07-01T12:00:00")
    with pytest.raises(TableError, match="1 times without a zone in 'first_seen'"):
        market("A", identifiers=rows, tz=None)
    m = market("A", identifiers=rows, tz="America/Chicago")
    assert m.db.execute("SELECT first_at::VARCHAR FROM seen").fetchall() == [("2024-07-01 17:00:00",)]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2024-07-01T12:00:00Z", "2024-07-01 12:00:00"), ("2024-07-01 12:00:00-05:00", "2024-07-01 17:00:00"),
        ("2024-07-01 12:00:00+0000", "2024-07-01 12:00:00"), ("2024-07-01", "2024-07-01 00:00:00"),
        ("1719835200", "2024-07-01 12:00:00"), ("1719835200000", "2024-07-01 12:00:00"),
        ("7/1/2024 12:00", "2024-07-01 12:00:00"), ("1970-01-01T00:00:00Z", None), ("soon", None),
    ],
)  # fmt: skip
def test_moments_are_read_as_they_are_written(text, means):
    m = market([{"account_id": "A", "created_at": text}])
    assert m.db.execute("SELECT created::VARCHAR FROM people").fetchall() == [(means,)]


def test_an_unknown_zone_region_table_and_account_are_told():
    with pytest.raises(UsageError, match="'Mars' is not a time zone"):
        market("A", tz="Mars")
    with pytest.raises(UsageError, match="region 'usa' is not a country code"):
        load({"accounts": pd.DataFrame({"account_id": ["A"]})}, region="usa")
    with pytest.raises(UsageError, match="there is no table 'fones'"):
        market("A").table("fones")
    with pytest.raises(UnknownAccountError, match="account 'Z' is not among the 1 accounts"):
        market("A").code("Z")


def test_merged_accounts_count_as_the_last_of_their_chain_and_circles_stay():
    rows = [{"account_id": a, "merged_into": b} for a, b in [("A", "B"), ("B", "C"), ("C", None), ("X", "Y"), ("Y", "X")]]
    m = market(rows, identifiers=seen("A phone 312_555_2368", "X phone 312_555_9911"))
    assert [m.code(name) for name in "ABCXY"] == [2, 2, 2, 3, 4]
    assert "2 accounts were merged in a circle" in str(m.report)


def test_staff_test_and_erased_accounts_are_listed_but_not_linked():
    rows = [
        {"account_id": "A", "role": "pro"},
        {"account_id": "S", "role": "staff"},
        {"account_id": "E", "erased_at": "2024-01-01"},
    ]
    m = market(rows, identifiers=seen(*(f"{name} phone 312_555_2368" for name in "ASE")))
    assert len(m) == 3
    assert m.db.execute("SELECT account FROM seen").fetchall() == [(0,)]


def test_an_address_without_place_takes_the_only_place_with_that_street():
    m = market("A B C", addresses=[
        {"account_id": "A", "line1": "12 Oak St", "postal": "78701"}, {"account_id": "B", "line1": "12 Oak Street"},
        {"account_id": "C", "line1": "99 Elm St"},
    ])  # fmt: skip
    assert m.db.execute("SELECT value, count(*) FROM seen GROUP BY value ORDER BY value").fetchall() == [
        (0, 2),
        (1, 1),
    ]


def test_the_teams_own_network_table_wins_over_the_export():
    m = market(
        "A", logins=[{"account_id": "A", "ip": "11.1.2.3", "at": "2024-01-01", "asn_kind": "residential"}],
        ip_ranges=[{"prefix": "11.1.0.0/16", "kind": "mobile"}, {"prefix": "11.0.0.0/8", "kind": "business"}, {"prefix": "?", "kind": "x"}],
    )  # fmt: skip
    assert m.db.execute("SELECT class FROM identifier").fetchall() == [("mobile",)]
    assert reasons(m) == [("ip_ranges", 3, "prefix", "not a network such as 10.0.0.0/8")]


def test_an_address_of_the_own_network_leaves_the_login_and_empties_the_cell():
    m = market("A", logins=[{"account_id": "A", "ip": "10.0.0.1", "at": "2024-01-01"}])
    assert m.rejected.empty
    assert m.report.faults["why"].tolist() == ["an address inside somebody's own network, logged behind a proxy"]


def test_a_full_card_number_never_enters():
    disguises = [
        "4242424242424242",
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "４２４２４２４２４２４２４２４２",
        "pay 4242.4242.4242.4242!",
    ]
    rows = [{"message_id": str(n), "sender_account_id": "A", "sent_at": "2024-01-01", "body_redacted": t} for n, t in enumerate(disguises)]
    m = market("A", messages=rows)
    assert m.report.redacted == len(disguises)
    found = m.db.execute("SELECT count(*) FROM vault.messages WHERE body_redacted LIKE '%4242%4242%'").fetchall()
    assert found == [(0,)]
    assert len(m.db.execute("FROM vault.messages").fetchall()) == len(disguises)


def test_long_ids_that_pass_the_luhn_check_by_chance_stay():
    ids = [str(n) for n in range(400_000_000_000_000_000, 400_000_000_000_000_200)]
    m = load({"accounts": pd.DataFrame({"account_id": ids})})
    assert m.accounts["account_id"].tolist() == ids
    assert m.report.redacted == 0


def test_a_mapping_reads_foreign_columns_and_several_of_one_kind():
    sites = pd.DataFrame({"Id": ["1", "2"], "Tel": [PHONE, None], "Fax": [None, PHONE], "Street": ["12 Oak St", ""]})
    mapping = {
        "accounts": {"from": "sites", "account_id": "Id"},
        "phones": {
            "from": "sites",
            "account_id": "Id",
            "phone_raw": ["Tel", "Fax"],
            "line_type": "=landline",
        },
        "addresses": {"from": "sites", "account_id": "Id", "line1": "Street"},
    }
    m = load({"sites": sites}, mapping=mapping)
    assert m.report.tables["rows_in"].tolist() == [2, 1, 2]
    assert m.rejected.empty
    assert m.db.execute("SELECT class FROM identifier WHERE kind = 'phone'").fetchall() == [("landline",)]


def test_a_wide_table_of_users_links_without_a_mapping():
    users = pd.DataFrame({"user_id": ["1", "2", "3"], "device_id": ["QVPSPJUOCKZAR", "QVPSPJUOCKZAR", None], "ip_address": [None, 732758368.79972, 0.0],
                          "signup_time": ["2015-02-24 22:55:49"] * 3, "phone": [None, None, PHONE], "sex": ["M"] * 3})  # fmt: skip
    m = load({"users": users}, tz="UTC")
    assert m.kinds == ("device", "ip", "phone")
    assert m.report.tables[["table", "rows_in", "kept"]].values.tolist() == [
        ["accounts", 3, 3],
        ["logins", 3, 3],
        ["phones", 1, 1],
    ]
    assert "not used were the columns 'signup_time', 'sex'" in str(m.report)


def test_several_columns_make_one_value_of_ours():
    rows = pd.DataFrame(
        {
            "rec": ["1"],
            "no": ["12"],
            "street": ["Oak St"],
            "zip": ["78701"],
            "given": ["Ana"],
            "last": ["Ruiz"],
            "born": ["19801224"],
        }
    )
    mapping = {"accounts": {"from": "rows", "account_id": "rec", "legal_name": "given + last", "birth_year": "born"},
               "addresses": {"from": "rows", "account_id": "rec", "line1": "no+street", "postal": "zip"}}  # fmt: skip
    m = load({"rows": rows}, mapping=mapping)
    assert m.db.execute("SELECT clean FROM vault.clean").fetchall() == [("12 oak||78701|",)]
    assert m.db.execute("SELECT legal_words, birth_year FROM people").fetchall() == [(["ana", "ruiz"], 1980)]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"acounts": {}}, "names a table 'acounts'"), ({"accounts": {"account_id": "Nr"}}, "has no column 'Nr'; it has 'Id'"),
        ({"accounts": {"id": "Id"}}, "names 'accounts.id'"), ({"accounts": {"from": "x"}}, "was not found; there are 'sites'"),
        ("nowhere.toml", "there is no mapping file"), ({"accounts": "Id"}, 'column = "your column"'),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_told(mapping, words):
    with pytest.raises(UsageError, match=words):
        load({"sites": pd.DataFrame({"Id": ["1"]})}, mapping=mapping)


def test_common_other_names_need_no_mapping():
    m = load({"users": pd.DataFrame({"user_id": ["A"], "name": ["Ana"]}), "sessions": pd.DataFrame(
        {"user_id": ["A"], "ip_address": ["11.2.3.4"], "timestamp": ["2024-01-01T00:00:00Z"]})})  # fmt: skip
    assert m.kinds == ("ip",)
    assert len(m) == 1


def test_one_long_table_is_enough():
    m = load({"identifiers": pd.DataFrame(seen("A phone 312_555_2368", "B card fp_77aa88"))})
    assert m.accounts["account_id"].tolist() == ["A", "B"]


def test_a_kind_that_is_not_known_is_rejected_with_the_list():
    m = market("A", identifiers=seen("A shoesize 42aaaa"))
    assert "the kinds are phone, email, card" in m.rejected["why"][0]


def test_an_export_that_matches_nothing_is_told():
    m = load({"accounts": pd.DataFrame({"account_id": ["A"]}), "weather": pd.DataFrame({"x": [1]})})
    assert "table 'weather' was not used" in str(m.report)


def test_a_caller_with_a_frame_of_our_name_does_not_replace_it():
    people = seen_frame = pd.DataFrame({"code": [1]})
    m = market("A")
    assert len(m) == 1
    assert len(people) == len(seen_frame)


cells = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(["A", "B", PHONE, "1.8E+10", "2024-01-01T00:00:00Z", "n/a", "4242424242424242"]),
)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=12))
def test_rows_in_are_rows_kept_and_rows_rejected_whatever_comes(rows):
    frame = pd.DataFrame(rows, columns=["account_id", "phone_raw", "first_seen"], dtype=object)
    m = market("A B", phones=frame.to_dict("records"))
    table = m.report.tables.set_index("table").loc["phones"]
    kept = m.db.execute(
        "SELECT count(*) FROM vault.sighting WHERE tab = 'phones' AND (kind, raw) IN (SELECT (kind, raw) FROM vault.value)"
    ).fetchall()[0][0]
    assert table["rows_in"] == len(rows)
    assert kept == table["kept"]
    assert len(m.rejected[["table", "row"]].drop_duplicates()) == len(m.rejected)


def test_no_raw_value_is_in_any_repr_report_or_public_table():
    raw = ["312 555 2368", "+13125552368", "jo.smith@mail.example", "11.20.30.40", "12 Oak St", "fp_77aa88zz"]
    m = market(
        "A", phones=[{"account_id": "A", "phone_raw": raw[0]}], emails=[{"account_id": "A", "email_raw": raw[2]}],
        logins=[{"account_id": "A", "ip": raw[3], "at": "2024-01-01"}], addresses=[{"account_id": "A", "line1": raw[4]}],
        instruments=[{"account_id": "A", "fingerprint": raw[5], "instrument_id": "i1"}],
    )  # fmt: skip
    tables = [m.table(name).to_csv() for name in ("phones", "emails", "logins", "addresses", "instruments", "accounts")]
    told = "\n".join(
        [
            repr(m),
            str(m.report),
            m.report._repr_html_(),
            m.rejected.to_csv(),
            m.db.execute("FROM identifier").df().to_csv(),
            *tables,
        ]
    )
    assert [value for value in raw if value in told] == []
