import pytest

from tests.markets import market, seen
from tnskit.evidence.links import link


def masks(*lines, accounts="A B C D"):
    m = market(accounts, identifiers=seen(*lines))
    return dict(m.db.execute("SELECT clean, shown FROM vault.clean JOIN identifier USING (code) ORDER BY clean").fetchall())


def test_a_mask_that_nobody_shares_stands_alone():
    assert masks("A phone 312_555_2368", "B phone 312_555_9911") == {
        "+13125552368": "phone ••• •••-2368",
        "+13125559911": "phone ••• •••-9911",
    }


def test_values_with_one_mask_read_differently():
    lines = [f"A phone {area}_555_2368" for area in (212, 312, 415, 512, 617)]
    made = masks(*lines)
    assert set(made.values()) == {f"phone ••• •••-2368 ({n})" for n in range(1, 6)}


def test_the_numbers_do_not_follow_the_order_of_the_values():
    made = masks(*(f"A phone {area}_555_2368" for area in range(212, 300) if area % 100 != 11))
    order = [int(shown.rpartition("(")[2][:-1]) for _, shown in sorted(made.items())]
    assert sorted(order) == list(range(1, len(order) + 1))
    assert order != sorted(order)
    assert order != sorted(order, reverse=True)


def test_same_in_same_out_in_whatever_order_the_rows_come():
    lines = [f"{name} phone {area}_555_2368" for name in "ABCD" for area in (212, 312, 415)]
    assert masks(*lines) == masks(*reversed(lines))


@pytest.mark.parametrize("kind", ["device", "ip"])
def test_kinds_do_not_disturb_each_other(kind):
    value = {"device": "install-77aa2368", "ip": "11.20.30.40"}[kind]
    assert masks("A phone 312_555_2368", f"B {kind} {value}")["+13125552368"] == "phone ••• •••-2368"


def test_one_number_reads_the_same_in_every_view():
    m = market(
        "A B C",
        identifiers=seen(
            "A phone 312_555_2368", "B phone 312_555_2368", "C phone 415_555_2368", "A payout ba_77aa88", "B payout ba_77aa88"
        ),
    )
    links = link(m)
    shown = {row.shown for row in links.evidence("A", "B").itertuples() if row.kind == "phone"}
    known = {s for (s,) in m.db.execute("SELECT shown FROM identifier WHERE kind = 'phone'").fetchall()}
    assert shown < known
    assert known == {"phone ••• •••-2368 (1)", "phone ••• •••-2368 (2)"}
