"""Every dirt seen in practice in cards and bank accounts: a named test, and its innocent twin below it."""

from tests.dirt import card, each, linked, loaded, many, people, score, scores

# instruments


def test_a_full_card_number_never_enters_and_links_nobody():
    raws = ("4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242")
    links = linked("A B C", **each("instruments", *({"fingerprint": raw} for raw in raws), accounts="A B C", processor="stripe"))
    assert links.market.report.redacted == 3
    assert [t for (t,) in links.market.db.execute("SELECT fingerprint FROM vault.instruments").fetchall() if "4242" in t] == []
    assert links.pairs.empty


def test_a_fingerprint_of_digits_is_no_card_number():
    assert score(**card({"fingerprint": "8415998877", "processor": "stripe"})) == 1


def test_one_fingerprint_of_two_processors_is_two_cards():
    assert score(**card({"fingerprint": "fp_77aa88", "processor": "stripe"}, {"fingerprint": "fp_77aa88", "processor": "adyen"})) == 0


def test_one_fingerprint_of_one_processor_is_one_card():
    assert score(**card({"fingerprint": "fp_77aa88", "processor": "stripe"}, {"fingerprint": "fp_77aa88", "processor": "Stripe"})) == 1


def test_the_handsets_token_of_a_wallet_is_another_value_and_told_as_such():
    rows = card({"fingerprint": "fp_77aa88", "kind": "card"}, {"fingerprint": "dp_99bb77", "kind": "wallet"})
    assert score(**rows) == 0
    assert loaded(**rows).db.execute("SELECT class FROM identifier ORDER BY 1").fetchall() == [("",), ("wallet",)]


def test_one_wallet_on_two_accounts_is_one_card():
    assert score(**card({"fingerprint": "dp_99bb77", "kind": "wallet"})) == 1


def test_a_reissued_card_is_a_new_card():
    assert (
        score(
            **card(
                {"fingerprint": "fp_77aa88", "bin": "424242", "last4": "0042"},
                {"fingerprint": "fp_99cc11", "bin": "424242", "last4": "0042"},
            )
        )
        == 0
    )


def test_a_card_that_was_not_reissued_links():
    assert score(**card({"fingerprint": "fp_77aa88", "bin": "424242", "last4": "0042"})) == 1


DIGITS = {"bin": "424242", "last4": "0042", "exp_month": 3, "exp_year": 2027}


def digits(month, **other):
    """A pair of rows for `scores`: the same digits on both accounts, and on the second what differs."""
    return (DIGITS | {"exp_month": month}, DIGITS | {"exp_month": month} | other)


def test_lost_zeros_and_short_years_make_no_other_digits():
    pairs = [digits(1, last4="42"), digits(2, exp_year=27), digits(3, bin="42424242"), digits(4, last4="42.0", exp_year="2027.0")]
    pairs += [digits(5, exp_month="05/27", exp_year="05/27"), digits(6, exp_month="2027-06", exp_year="2027-06")]
    assert scores("instruments", *pairs) == [1] * 6


def test_other_digits_are_another_card():
    assert (
        scores(
            "instruments",
            digits(1, last4="4200"),
            digits(2, exp_year=28),
            digits(3, exp_month=12),
            digits(4, bin="424243"),
            digits(5, exp_month="06/27", exp_year="06/27"),
        )
        == [0.0] * 5
    )


# payout_accounts


def test_a_joint_account_may_be_a_household():
    links = linked(people("Ana Ruiz", "Luis Ruiz"), **each("payout_accounts", {"payout_token": "ba_77aa88"}))
    assert links.pairs["benign"].tolist() == ["household"]


def test_two_accounts_of_one_name_are_not_a_household_by_that():
    links = linked(people("Ana Ruiz", "Ana Ruiz"), **each("payout_accounts", {"payout_token": "ba_77aa88"}))
    assert links.pairs["benign"].tolist() != ["household"]


def test_a_payroll_agents_account_says_nothing():
    assert linked(many(21), **each("payout_accounts", {"payout_token": "ba_77aa88"}, accounts=many(21))).pairs.empty


def test_an_account_of_two_says_much():
    assert score(**each("payout_accounts", {"payout_token": "ba_77aa88"})) == 1


def test_two_customers_of_one_neobank_with_the_same_last_digits_are_two():
    assert (
        score(**each("payout_accounts", {"payout_token": "ba_77aa88", "last4": "0042"}, {"payout_token": "ba_99cc11", "last4": "0042"}))
        == 0
    )
    assert score(**each("payout_accounts", {"payout_token": "0042"})) == 0


def test_one_account_at_a_neobank_is_one():
    assert (
        score(**each("payout_accounts", {"payout_token": "ba_77aa88", "last4": "0042"}, {"payout_token": "ba_77aa88", "last4": "42"})) == 1
    )
