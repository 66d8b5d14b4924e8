import html.parser
import re

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.markets import PHONE, market, seen
from tnskit.cleaning.market import load
from tnskit.cleaning.report import Finding, as_frame
from tnskit.cleaning.report_page import Part, page
from tnskit.errors import TnskitError


@pytest.fixture(scope="module")
def small():
    accounts = [{"account_id": a, "display_name": n, "created_at": "2024-01-01"} for a, n in [("A", "Ana"), ("B", None), ("B", "Bea")]]
    phones = [{"account_id": a, "phone_raw": p} for a, p in [("A", PHONE), ("B", PHONE), ("B", "000-000-0000"), ("Z", PHONE)]]
    return market(accounts, phones=phones, weather=[{"town": "Austin"}])


def test_the_text_tells_rows_reasons_and_what_was_not_used(small):
    assert str(small.report).splitlines() == [
        "7 rows in, 4 kept, 3 set aside",
        "  accounts: 3 in, 2 kept, 1 set aside",
        "  phones: 4 in, 2 kept, 2 set aside",
        "  1 of accounts: an account id that another row already has",
        "  1 of phones: an account that the accounts table does not have",
        "  1 of phones: a placeholder phone number, which says nothing",
        "  accounts: empty cells in display_name 50%",
        "  table 'weather' was not used: no table is called so, and no mapping names it",
    ]


def test_null_rates_are_those_of_the_rows_that_could_be_read(small):
    assert small.report.columns.values.tolist() == [
        ["accounts", "account_id", 2, 2, 0.0], ["accounts", "created_at", 2, 2, 0.0], ["accounts", "display_name", 2, 1, 0.5],
        ["phones", "account_id", 3, 3, 0.0], ["phones", "phone_raw", 3, 3, 0.0],
    ]  # fmt: skip


def test_the_digest_is_that_of_what_is_told(small):
    again = market([{"account_id": a} for a in "AB"])
    assert re.fullmatch("[0-9a-f]{64}", small.report.sha256)
    assert small.report.sha256 == small.report.sha256 != again.report.sha256
    assert market("A").report.sha256 == market("A").report.sha256 != market("A", tz="America/Chicago").report.sha256
    assert market("A").report.sha256 != market("B C").report.sha256


class Tags(html.parser.HTMLParser):
    """Checks that every tag that is opened is closed, in order."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_loads_nothing_and_tells_the_same(small):
    made = small.report._repr_html_()
    tags = Tags()
    tags.feed(made)
    assert tags.open == []
    assert {tag for tag, _ in tags.seen} <= set("div style p h3 ul li table thead tbody tr th td span i b details summary".split())
    assert not [name for _, attrs in tags.seen for name in attrs if name not in {"class", "style"}]
    for part in ("7 rows in, 4 kept, 3 set aside", "a placeholder phone number", "weather", small.report.sha256, "region US"):
        assert part in made


def test_hostile_words_stay_words():
    hostile = "<script>alert(1)</script>"
    tables = pd.DataFrame([{"table": hostile, "file": hostile, "rows_in": 1, "kept": 1, "rejected": 0}])
    made = page(hostile, tables, [Part(hostile, lines=(hostile,)), Part("x", table=pd.DataFrame({hostile: [hostile]}))], foot=hostile)
    assert "<script" not in made
    assert made.count("&lt;script&gt;") == 8


def test_a_long_table_says_how_much_of_it_is_shown():
    made = page(
        "x",
        pd.DataFrame(columns=["table", "file", "rows_in", "kept", "rejected"]),
        [Part("y", table=pd.DataFrame({"n": range(30)}), most=7)],
        foot="",
    )
    assert "7 of 30 rows" in made
    assert made.count("<tr>") == 9


def test_findings_to_look_at_stand_first():
    one, two = Finding("b", "t", "c", 1, "x"), Finding("z", "", "", 2_000, "y", look=True)
    assert as_frame([one, two])["about"].tolist() == ["z", "b"]
    assert [str(one), str(two)] == ["t.c: 1 x", "2,000 y"]


RAW = [
    "312 555 2368",
    "+13125552368",
    "jo.smith@mail.example",
    "11.20.30.40",
    "4242 4242 4242 4242",
    "fp_77aa88zz",
    "12 Oak Street",
    "ba_99ff00ee",
]
NEEDLES = ["555", "2368\n", "smith", "20.30", "4242 4242", "77aa", "Oak", "99ff"]
names = st.sampled_from(["accounts", "phones", "identifiers", "logins", "312 555 2368", "jo.smith@mail.example"])
columns = st.sampled_from(["account_id", "phone_raw", "kind", "value", "at", "ip", "created_at", "amount_minor", *RAW[:5]])
cells = st.sampled_from([*RAW, "A", "B", "phone", "", "2024-01-01 10:00", "1.8E+10", "12.50", None])
tables = st.dictionaries(
    names, st.lists(st.tuples(columns, st.lists(cells, min_size=3, max_size=3)), min_size=1, max_size=5), min_size=1, max_size=3
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(given_tables=tables, tz=st.sampled_from([None, "UTC", "America/Chicago"]))
def test_nothing_raw_is_in_any_repr_report_or_error_whatever_comes(given_tables, tz):
    """Even where numbers, addresses of mail and networks stand as names of tables and columns."""
    frames = {name: pd.DataFrame(dict(found)) for name, found in given_tables.items()}
    try:
        m = load(frames, tz=tz)
    except TnskitError as problem:
        told = [str(problem), repr(problem)]
        assert "\n" not in told[0]
    else:
        report = m.report
        frames_told = [report.tables, report.reasons, report.faults, report.columns, report.hubs, report.findings, m.rejected]
        told = [repr(m), repr(report), str(report), report._repr_html_(), *(frame.to_csv() for frame in frames_told)]
        assert (report.tables["rows_in"] == report.tables["kept"] + report.tables["rejected"]).all()
    for text in told:
        # in the digits of a digest any three may stand by chance
        assert [needle for needle in NEEDLES if needle in re.sub(r"\b[0-9a-f]{64}\b", "", text)] == []


def test_the_report_does_not_change_with_the_order_of_the_tables():
    frames = {
        "accounts": pd.DataFrame({"account_id": ["A", "B"]}),
        "identifiers": pd.DataFrame(seen("A phone 312_555_2368", "B phone 312_555_2368")),
    }
    assert load(frames).report.sha256 == load(dict(reversed(frames.items()))).report.sha256
