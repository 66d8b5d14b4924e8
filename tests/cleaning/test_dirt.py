"""Every dirt seen in practice in accounts, trades, phones and mailboxes: a named test, and its innocent twin below it."""

from tests.dirt import CARD, PHONE, both, card, each, email, linked, loaded, many, people, phone, score, scores, twice
from tnskit.review.precheck import precheck

# accounts


def test_a_chain_of_merges_counts_as_its_last_account():
    rows = [{"account_id": a, "merged_into": b} for a, b in [("A", "M"), ("M", "N"), ("N", None), ("B", None)]]
    assert linked(rows, **phone("312 555 2368", accounts="A B")).pairs[["a", "b"]].values.tolist() == [["B", "N"]]


def test_accounts_that_were_not_merged_stay_two():
    assert linked("A B N", **phone("312 555 2368")).pairs[["a", "b"]].values.tolist() == [["A", "B"]]


def test_a_circle_of_merges_is_told_and_left_alone():
    rows = [{"account_id": "A", "merged_into": "B"}, {"account_id": "B", "merged_into": "A"}]
    market = loaded(rows, **phone("312 555 2368"))
    assert (market.code("A"), market.code("B")) == (0, 1)
    assert "2 accounts were merged in a circle" in str(market.report)


def test_a_merge_without_a_circle_is_resolved_without_a_complaint():
    market = loaded([{"account_id": "A", "merged_into": "B"}, {"account_id": "B"}])
    assert market.code("A") == market.code("B")
    assert "circle" not in str(market.report)


def test_staff_and_test_accounts_are_listed_and_never_linked():
    rows = [{"account_id": name, "role": role} for name, role in zip("ABC", ("staff", "TEST", "pro"), strict=True)]
    links = linked(rows, **phone("312 555 2368", accounts="A B C"))
    assert links.pairs.empty
    assert len(links.market) == 3


def test_customers_and_pros_are_linked():
    assert score([{"account_id": "A", "role": "customer"}, {"account_id": "B", "role": "pro"}], **phone("312 555 2368")) == 1


def test_an_erased_user_and_rows_of_no_account_link_nobody():
    rows = [{"account_id": "A", "erased_at": "2024-02-01T00:00:00Z"}, {"account_id": "B"}]
    market = loaded(rows, **phone("312 555 2368", accounts="A B GHOST"))
    assert market.rejected["why"].tolist() == ["an account that the accounts table does not have"]
    assert score(rows, **phone("312 555 2368")) == 0


def test_a_user_who_was_not_erased_links():
    assert score([{"account_id": "A", "erased_at": None}, {"account_id": "B"}], **phone("312 555 2368")) == 1


def test_one_person_as_customer_and_as_pro_breaks_no_rule_by_that():
    rows = [{"account_id": "A", "role": "customer", "legal_name": "Ana Ruiz"}, {"account_id": "B", "role": "pro", "legal_name": "Ana Ruiz"}]
    links = linked(rows, **both(phone("312 555 2368"), card(CARD)))
    check = precheck(links.market, links, "B")
    assert links.pairs["label"].tolist() == ["strong"]
    assert "nobody reported this account; a link alone breaks no rule" in check.against["what"].tolist()


def test_a_reported_account_is_not_told_to_be_unreported():
    reports = [{"report_id": "R", "subject_account_id": "B", "received_at": "2024-02-01T00:00:00Z"}]
    links = linked("A B", reports=reports, **phone("312 555 2368"))
    assert not precheck(links.market, links, "B").against["what"].str.contains("nobody reported").any()


# business_members

OFFICE = {"licence_state": "CA", "licence_no": "1005412"}


def test_without_the_table_of_seats_colleagues_still_load_and_link():
    assert score(people("Ana Ruiz", "Pat Lee"), **each("pro_profiles", OFFICE)) == 1


def test_seats_in_one_business_are_read_as_one_business():
    links = linked(
        people("Ana Ruiz", "Pat Lee"),
        business_members=[{"business_id": "F", "account_id": n} for n in "AB"],
        **each("pro_profiles", OFFICE),
    )
    assert links.pairs["benign"].tolist() == ["one business"]
    assert links.pairs["benign_score"].iloc[0] > 0.5


# pro_profiles


def test_a_licence_typed_with_prefix_spaces_or_zeros_is_one_licence():
    typed = [
        ("1005412", "LIC# 100-5412"),
        ("2005412", "Lic. No. 2005412"),
        ("3005412", "CSLB 3005412"),
        ("4005412", "04005412 "),
        ("C-10 98765", "c1098765"),
    ]
    assert scores("pro_profiles", *twice("licence_no", *typed)) == [1] * 5


def test_another_number_or_state_is_another_licence():
    pairs = [
        (OFFICE, OFFICE | {"licence_no": "1005413"}),
        (OFFICE | {"licence_no": "2005412"}, OFFICE | {"licence_no": "2005412", "licence_state": "NV"}),
    ]
    assert scores("pro_profiles", *pairs, (OFFICE | {"licence_no": "pending"}, OFFICE | {"licence_no": "pending"})) == [0] * 3


def test_a_qualifiers_licence_used_by_employees_is_read_as_one_firms():
    assert linked(people("Ana Ruiz", "Pat Lee"), **each("pro_profiles", OFFICE)).pairs["benign"].tolist() == ["franchise or one licence"]


def test_a_licence_used_twice_by_one_person_is_not_excused_by_that():
    one, two = (
        linked(people("Ana Ruiz", other), **each("pro_profiles", OFFICE)).pairs["benign_score"].iloc[0] for other in ("Ana Ruiz", "Pat Lee")
    )
    assert one < 0.5 < two


def test_a_stale_status_makes_no_other_licence():
    rows = (
        {**OFFICE, "licence_status": "active", "licence_checked_at": "2020-01-01T00:00:00Z"},
        {**OFFICE, "licence_status": "expired", "licence_checked_at": "2024-01-01T00:00:00Z"},
    )
    assert score(**each("pro_profiles", *rows)) > 0


def test_a_licence_that_is_only_pending_is_nobodys():
    assert score(**each("pro_profiles", {**OFFICE, "licence_no": "pending"})) == 0


# phones


def test_a_placeholder_phone_links_nobody():
    raws = ["000-000-0000", "111 111 1111", "123-456-7890", "312-555-0142", "(999) 999-9999", "9876543210"]
    assert scores("phones", *twice("phone_raw", *raws)) == [0] * 6


def test_a_real_phone_with_many_zeros_links():
    assert scores("phones", *twice("phone_raw", "312-500-0000", "312-211-1112", "312-555-0242")) == [1] * 3


def test_the_agents_own_toll_free_number_is_shared_by_design():
    assert linked(**phone("888-555-7142")).crowded["why"].tolist() == ["shared by design: tollfree"]
    assert linked(**phone("888-555-7142", line_type="mobile")).crowded["why"].tolist() == ["shared by design: tollfree"]


def test_a_persons_own_number_is_not():
    assert linked(**phone("312-555-7142", line_type="unknown")).crowded.empty


def test_a_call_centres_main_line_says_nothing():
    links = linked(many(25), **phone("312 555 2368", accounts=many(25)))
    assert links.pairs.empty
    assert links.crowded["accounts"].tolist() == [25]


def test_a_familys_line_says_something():
    assert score("A B C", **phone("312 555 2368", accounts="A B C")) == 1


def test_a_number_of_the_platform_is_shared_by_design_even_if_one_row_only_tells_it():
    rows = each(
        "phones", PHONE | {"line_type": "proxy"}, PHONE | {"line_type": "mobile"}, PHONE | {"line_type": "mobile"}, accounts="A B C"
    )
    links = linked("A B C", **rows)
    assert links.crowded["why"].tolist() == ["shared by design: proxy"]
    assert links.pairs.empty


def test_a_number_that_no_row_calls_a_proxy_links():
    assert score(**phone("312 555 2368", line_type="mobile")) == 1


def test_two_extensions_of_one_line_are_two_numbers():
    assert score(**phone("312 555 2368 x5", "312 555 2368 ext. 6")) == 0


def test_one_extension_written_two_ways_is_one_number():
    assert score(**phone("312 555 2368 x5", "+1-312-555-2368;ext=5")) == 1


def test_a_number_that_lost_its_plus_or_zero_is_found_again():
    pairs = [
        ("13125552368", "+13125552368"),
        ("5215512345679", "+52 55 1234 5679"),
        ("3125559911.0", "(312) 555-9911"),
        ("442071234567", "+44 20 7123 4567"),
    ]
    assert scores("phones", *twice("phone_raw", *pairs)) == [1] * 4


def test_another_number_is_not_taken_for_it():
    assert score(**phone("3125552368", "+52 312 555 2368")) == 0


def test_a_rounded_number_is_set_aside_and_links_nobody():
    market = loaded(**phone("1.8E+10"))
    assert set(market.rejected["why"]) == {"a phone number that a spreadsheet turned into a rounded figure; export the column as text"}
    assert score(**phone("1.8E+10")) == 0


def test_a_figure_with_all_its_digits_is_a_number():
    assert score(**phone("1.3125552368E+10", "312-555-2368")) == 1


# emails


def test_case_dots_and_tags_make_no_other_mailbox():
    pairs = [
        ("Jo.Ruiz@Mail.Example", "jo.ruiz@mail.example"),
        ("jo.ruiz@gmail.com", "joruiz@googlemail.com"),
        ("jo+pro@mail.example", "jo@mail.example"),
    ]
    assert scores("emails", *twice("email_raw", *pairs)) == [1] * 3


def test_dots_count_where_the_provider_counts_them():
    pairs = [("jo.ruiz@outlook.com", "joruiz@outlook.com"), ("jo-ruiz@mail.example", "joruiz@mail.example")]
    assert scores("emails", *twice("email_raw", *pairs)) == [0] * 2


def test_a_shared_box_says_little():
    assert scores("emails", *twice("email_raw", "info@firm.example", "contacto@firma.example", "vendas@firma.example")) == [1] * 3


def test_a_box_of_ones_own_at_the_same_firm_says_more():
    assert score(**email("ana@firm.example")) == 1


def test_two_relay_aliases_are_two_mailboxes():
    assert score(**email("a1b2c3@privaterelay.appleid.com", "d4e5f6@privaterelay.appleid.com")) == 0


def test_one_relay_alias_is_one_mailbox():
    assert score(**email("a1b2c3@privaterelay.appleid.com")) > 0


def test_a_throw_away_mailbox_says_little():
    assert score(**email("a1b2c3@mailinator.com")) == 1


def test_a_misspelled_domain_is_never_put_right():
    assert score(**email("jo.ruiz@gmial.com", "jo.ruiz@gmail.com")) == 0
    assert loaded(**email("jo.ruiz@gmial.com")).db.execute("SELECT DISTINCT class FROM identifier").fetchall() == [("typo",)]


def test_the_same_misspelling_is_the_same_mailbox():
    assert score(**email("jo.ruiz@gmial.com")) == 1


def test_no_mail_links_nobody():
    assert (
        scores("emails", *twice("email_raw", "noemail@x.com", "none@none.com", "No-Email@gmail.com", "sincorreo@x.mx", "naotem@x.br"))
        == [0.0] * 5
    )


def test_a_mailbox_that_only_begins_like_one_links():
    assert score(**email("nonemaker@x.com")) == 1
