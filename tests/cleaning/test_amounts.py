import duckdb
import pytest

from tests.markets import market
from tnskit.cleaning.amounts import fault, value


def read(text):
    return duckdb.execute(f"SELECT {value('x')}, {fault('x')} FROM (SELECT ?::VARCHAR AS x)", [text]).fetchall()[0]


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1250", 1250), ("-1250", -1250), ("+1250", 1250), ("−1250", -1250), ("–1250", -1250), ("(1250)", -1250), ("1250-", -1250), ("1250.0", 1250),
        ("-1250.0", -1250), ("0", 0), ("000", 0), ("123456789012345678", 123456789012345678),
    ],
)  # fmt: skip
def test_a_whole_number_is_minor_units(text, minor):
    assert read(text)[0] == minor


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("12.50", "an amount with decimals; export whole minor units (1250 for 12.50)"), ("12.00", "an amount with decimals;"), ("12,50", "an amount with decimals;"),
        ("-0.5", "an amount with decimals;"), ("1.234,50", "an amount with decimals;"), ("$12.50", "an amount with decimals and a currency sign;"),
        ("R$ 1.234,50", "an amount with decimals and a currency sign;"), ("12.50 USD", "an amount with decimals and a currency sign;"),
        ("1,250", "an amount with marks between thousands;"), ("1,250,000", "an amount with marks between thousands;"), ("$1,250", "an amount with marks between thousands;"),
        ("$1250", "an amount with a sign or word beside the number;"), ("1250 MXN", "an amount with a sign or word beside the number;"), ("1.25E+05", "an amount with decimals;"),
        ("twelve", "not a whole number of minor units"), ("--5", "not a whole number of minor units"), ("1234567890123456789", "not a whole number of minor units"), ("", "not a whole"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_what_would_be_right(text, why):
    minor, told = read(text)
    assert minor is None
    assert told.startswith(why)


def test_a_payment_with_decimals_is_set_aside_a_quote_is_left_empty_and_the_column_is_doubted():
    payments = [
        {"payment_id": str(n), "kind": "charge", "at": "2024-01-01", "amount_minor": text} for n, text in enumerate(["1250", "12.50", None])
    ]
    jobs = [{"job_id": "J", "customer_account_id": "A", "created_at": "2024-01-01", "quote_minor": "$80"}]
    m = market("A", payments=payments, jobs=jobs)
    assert m.db.execute("SELECT amount_minor FROM vault.payments").fetchall() == [(1250,)]
    assert [(r.row, r.column, r.why) for r in m.rejected.itertuples()] == [
        (2, "amount_minor", "an amount with decimals; export whole minor units (1250 for 12.50)"),
        (3, "amount_minor", "empty, and the row says nothing without it"),
    ]
    assert m.report.faults["why"].tolist() == [
        "an amount with a sign or word beside the number; export whole minor units and the currency in its own column; left empty"
    ]
    assert (
        "payments.amount_minor: 1 amount has decimals and could not be read; the whole amounts beside them may not be minor units either"
        in str(m.report)
    )
