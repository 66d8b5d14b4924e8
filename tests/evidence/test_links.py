import numpy as np
import pandas as pd
import pytest

from tests.markets import HOME, linked, market, seen
from tnskit.errors import EngineError, RuleError, UnknownAccountError, UsageError
from tnskit.evidence import rules
from tnskit.evidence.engine import Duck
from tnskit.evidence.links import link
from tnskit.evidence.rules import LABELS

SAME = "2024-01-01 2024-03-01"


def pair(links, a="A", b="B"):
    found = links.pairs
    return found[(found["a"] == a) & (found["b"] == b)].iloc[0]


def best(links):
    """The points of the shared value, pair by pair."""
    pieces = (links.evidence(row.a, row.b) for row in links.pairs.itertuples())
    return [float(found.loc[found["kind"] != "pair", "points"].max()) for found in pieces]


def test_pairs_have_the_promised_columns_and_types():
    found = linked("B A", f"A card fp_77aa88 {SAME}", f"B card fp_77aa88 {SAME}").pairs
    assert list(found) == ["a", "b", "score", "label", "families", "benign", "benign_score", "shared"]
    assert found[["a", "b"]].values.tolist() == [["A", "B"]]
    assert found["score"].dtype == np.float64
    assert found["benign_score"].between(0, 1).all()
    assert found["shared"].dtype == np.int64
    assert set(found["label"]) <= set(LABELS)


def test_evidence_has_the_promised_columns_and_follows_the_order_asked():
    links = linked("A B", "A card fp_77aa88 2024-01-01 2024-01-05", "B card fp_77aa88 2024-01-10 2024-01-20")
    found = links.evidence("B", "A")
    assert list(found)[:11] == [
        "kind", "family", "shown", "accounts", "points", "first_a", "last_a", "first_b", "last_b", "overlap_days", "reading",
    ]  # fmt: skip
    row = found.iloc[0]
    assert (row["first_a"], row["last_b"]) == (
        pd.Timestamp("2024-01-10", tz="UTC"),
        pd.Timestamp("2024-01-05", tz="UTC"),
    )
    assert row["overlap_days"] == -5
    assert str(found["first_a"].dt.tz) == "UTC"


@pytest.mark.parametrize(
    ("value", "dates_a", "dates_b", "points"),
    [
        ("card fp_77aa88", SAME, SAME, 8.0),
        (
            "card fp_77aa88",
            "2024-01-01 2024-01-02",
            "2024-01-30 2024-02-01",
            8.0,
        ),  # within 30 days of each other
        ("card fp_77aa88", "2024-01-01 2024-01-02", "2024-03-15 2024-04-01", 4.0),  # within 180
        ("card fp_77aa88", "2024-01-01 2024-01-02", "2024-10-01 2024-10-02", 2.0),  # within its 12 months
        ("card fp_77aa88", "2024-01-01 2024-01-02", "2025-06-01 2025-06-02", 0.0),  # beyond
        ("card fp_77aa88", "", "", 8.0),  # the export tells no dates
        ("phone 312_555_2368", SAME, SAME, 5.0),
        ("phone 312_555_2368", "2024-01-01 2024-01-02", "2024-02-16 2024-04-01", 1.0),  # 45 days: handed on
        (
            "phone 312_555_2368",
            "2024-01-01 2024-01-02",
            "2024-02-15 2024-04-01",
            2.5,
        ),  # 44 days: half, not handed on
        ("phone 800_555_2368", SAME, SAME, None),  # toll-free: shared by design
        ("ip 11.2.3.4", SAME, SAME, 2.0),
        ("ip 11.2.3.4", "2024-01-01 2024-01-01", "2024-01-01 2024-01-01", 1.0),  # one visit
        ("payout ba_77aa88", SAME, SAME, 8.0),
        ("device dev_77aa88", SAME, SAME, 9.0),
        ("install dev_77aa88", SAME, SAME, 9.0),
        ("browser_fp dev_77aa88", SAME, SAME, 2.0),
        ("email jo@mail.example", SAME, SAME, 6.0),
        ("email info@mail.example", SAME, SAME, 1.0),
        ("licence CA|1234567x", SAME, SAME, 3.0),
    ],
)
def test_points_follow_the_rule_and_the_dates(value, dates_a, dates_b, points):
    links = linked("A B", f"A {value} {dates_a}".strip(), f"B {value} {dates_b}".strip())
    if points is None:
        assert links.pairs.empty
        assert len(links.crowded) == 1
    else:
        found = links.evidence("A", "B")
        assert found.loc[found["kind"] != "pair", "points"].tolist() == [points]
        assert pair(links)["score"] == pytest.approx(found["counted"].sum())


@pytest.mark.parametrize(("many", "points"), [(2, 8.0), (4, 8.0), (5, 4.0), (8, 4.0), (9, 2.0), (20, 2.0), (21, None)])
def test_what_many_share_says_less_and_then_nothing(many, points):
    names = [f"A{n:02}" for n in range(many)]
    links = linked(" ".join(names), *(f"{name} card fp_77aa88 {SAME}" for name in names))
    if points is None:
        assert links.pairs.empty
        assert links.crowded.values.tolist() == [["card", "card …a88", 21, "seen with 21 accounts; above 20 it says nothing"]]
    else:
        assert set(best(links)) == {points}


@pytest.mark.parametrize(("guilty", "points"), [(0, 2.0), (4, 2.0), (5, 8.0)])
def test_a_crowded_card_counts_whole_where_half_of_its_accounts_broke_a_rule_themselves(guilty, points):
    names = [f"A{n:02}" for n in range(10)]
    gone = [{"action_id": str(n), "account_id": names[n], "action": "remove", "decided_at": "2024-02-01"} for n in range(guilty)]
    gone.append(
        {
            "action_id": "x",
            "account_id": names[9],
            "action": "remove",
            "decided_at": "2024-02-01",
            "reversed_at": "2024-03-01",
        }
    )
    links = linked(" ".join(names), *(f"{name} card fp_77aa88 {SAME}" for name in names), actions=gone)
    assert set(best(links)) == {points}
    told = links.evidence("A00", "A01").set_index("kind").loc["card", "reading"]
    assert ("broke a rule" in told) == (points == 8)


def test_guests_of_a_house_who_share_two_things_stay_people_and_nobody_is_said_to_have_broken_a_rule():
    """Six of six names who have a line and a card in common: the same of one name is one person, whom nothing crowds."""
    values = [f"{n} {what} {SAME}" for n in "ABCDEF" for what in ("phone 312_555_2368", "card fp_77aa88")]
    names = ["Ana Ruiz", "Tom Kern", "Mia Boyd", "Joe Hart", "Eve Lund", "Max Orr"]
    guests, one = (
        [{"account_id": n, "legal_name": name} for n, name in zip("ABCDEF", each, strict=True)] for each in (names, names[:1] * 6)
    )
    told = {}
    for who, rows in {"guests": guests, "one": one}.items():
        found = linked(rows, *values).evidence("A", "B")
        told[who] = found[found["kind"] == "card"].iloc[0]
    assert (told["guests"]["points"], told["one"]["points"]) == (4.0, 8.0)
    assert "6 accounts have it, so it counts half." in told["guests"]["reading"]
    assert "6 accounts have it, who by what else they share look like 1 person; it counts whole." in told["one"]["reading"]


def test_a_value_of_very_many_accounts_makes_no_pairs():
    frame = pd.DataFrame({"account_id": [f"A{n}" for n in range(20_000)], "kind": "device", "value": "dev_77aa88"})
    from tnskit.cleaning.market import load

    links = link(load({"identifiers": frame}))
    assert links.pairs.empty
    assert links.crowded["accounts"].tolist() == [20_000]


def test_the_best_of_a_family_counts_and_families_add_up():
    links = linked(
        "A B", *(f"{n} {v} {SAME}" for n in "AB" for v in ("card fp_77aa88", "card fp_99bb77", "phone 312_555_2368", "email jo@mail.example")),
    )  # fmt: skip
    row = pair(links)
    assert (row["families"], row["shared"], row["label"]) == ("BREADTH+CONTACT+FACTS+PAYMENT", 4, "strong")
    evidence = links.evidence("A", "B")
    assert evidence.loc[evidence["kind"] != "pair", "counted"].tolist() == [8.0, 6.0, 0.0, 0.0]
    assert evidence["counted"].sum() == row["score"]


def test_a_network_that_comes_with_a_shared_device_counts_half():
    links = linked("A B", *(f"{n} {v} {SAME}" for n in "AB" for v in ("install dev_77aa88", "ip 11.2.3.4")))
    found = links.evidence("A", "B").set_index("kind")
    assert (found.loc["ip", "points"], found.loc["ip", "counted"]) == (2.0, 1.0)


def test_three_networks_in_common_say_more_than_each():
    links = linked("A B", *(f"{n} ip {v} {SAME}" for n in "AB" for v in ("11.2.3.4", "11.9.9.9", "22.1.2.3")))
    assert pair(links)["score"] == 5.0


@pytest.mark.parametrize(
    ("values", "label"),
    [
        (["ip 11.2.3.4"], "no reliable link"),
        (["ip 11.2.3.4", "ip 11.9.9.9", "ip 22.1.2.3"], "no reliable link"),  # 5 points, but one weak family
        (["phone 312_555_2368"], "possible"),
        (["payout ba_77aa88"], "likely"),
        (["payout ba_77aa88", "phone 312_555_2368"], "strong"),
        (
            ["licence CA|1234567x", "email jo@mail.example"],
            "likely",
        ),  # 11 points, but the same firm is not the same person
    ],
)
def test_labels_need_points_and_the_right_families(values, label):
    assert pair(linked("A B", *(f"{n} {v} {SAME}" for n in "AB" for v in values)))["label"] == label


def test_what_speaks_against_is_taken_off_and_listed():
    people = [{"account_id": "A", "birth_year": "1960"}, {"account_id": "B", "birth_year": "1990"}]
    reports = [{"report_id": "1", "reporter_account_id": "B", "subject_account_id": "A", "received_at": "2024-02-01"}]
    links = linked(
        people,
        *(f"{n} {v} {SAME}" for n in "AB" for v in ("card fp_77aa88", f"identity doc_{n}aa11")),
        reports=reports,
    )
    found = links.evidence("A", "B").set_index("rule")["points"]
    assert found.to_dict() == {"card": 8.0, "identity_differs": -6.0, "birth_differs": -2.0, "reported": -1.0}
    assert pair(links)["score"] == -1.0


def test_a_bank_account_without_an_end_is_held_until_the_day_of_the_export():
    people = [{"account_id": n, "exported_at": "2024-07-01"} for n in "AB"]
    links = linked(people, payout_accounts=[
        {"account_id": "A", "payout_token": "ba_77aa88", "added_at": "2024-01-01"},
        {"account_id": "B", "payout_token": "ba_77aa88", "added_at": "2024-06-01"},
    ])  # fmt: skip
    assert links.evidence("A", "B")["overlap_days"].dropna().tolist() == [30.0]


def test_an_earlier_decision_that_they_are_two_people_survives():
    told = [{"account_a": "B", "account_b": "A", "why": "father and son"}]
    links = linked("A B", *(f"{n} payout ba_77aa88 {SAME}" for n in "AB"), dissociations=told)
    # By hand: `payout` 8. Facts beside it: one bank account of two people -3.8 and "somebody told that they are two" +2 make -1.8
    # log-odds, and `facts_agree` gives 6 points at -3, so 6 * 1.8 / 3 = 3.6, in quarters 3.5. A decision of people takes off its 10
    # points or all that speaks for one person, whichever is more: here 11.5. What is left is 0, never a link.
    assert dict(links.evidence("A", "B")[["rule", "counted"]].to_numpy().tolist()) == {
        "payout": 8,
        "facts_agree": 3.5,
        "dissociated": -11.5,
    }
    assert pair(links)[["score", "label"]].tolist() == [0.0, "no reliable link"]


def test_verified_and_unverified_phones_differ():
    def phones(a, b):
        rows = [{"account_id": n, "phone_raw": "312 555 2368", "first_seen": "2024-01-01", "last_seen": "2024-03-01", "verified_at": v}
                for n, v in (("A", a), ("B", b), ("C", "2024-01-01"))]  # fmt: skip
        rows[2]["phone_raw"] = "312 555 9911"
        return best(link(market("A B C", phones=rows)))

    assert phones("2024-01-01", "2024-01-02") == [6.0]
    assert phones("2024-01-01", None) == [1.0]


@pytest.mark.parametrize("kind", ["mobile", "hosting", "relay_vpn", "education", "business"])
def test_networks_that_are_shared_by_design_link_nobody(kind):
    logins = [{"account_id": n, "ip": "11.2.3.4", "at": f"2024-01-0{d}", "asn_kind": kind} for n in "AB" for d in range(1, 6)]
    links = link(market("A B", logins=logins))
    assert links.pairs.empty
    assert links.crowded["why"].tolist() == [f"shared by design: {kind}"]


def test_clusters_hold_every_account_once_and_leave_the_likely_innocent_out():
    people = [{"account_id": n, "legal_name": name, "birth_year": year} for n, name, year in
              [("A", "Ana Ruiz", "1980"), ("B", "Ana Ruiz", "1980"), ("C", "Leo Ruiz", "1950"), ("D", "Mia Kern", "1990")]]  # fmt: skip
    addresses = [{"account_id": n, **HOME, "first_seen": "2024-01-01"} for n in "ABC"]
    links = linked(
        people,
        *(f"{n} card fp_77aa88 {SAME}" for n in "ABC"),
        *(f"{n} phone 312_555_2368 {SAME}" for n in "ABC"),
        addresses=addresses,
    )
    assert pair(links, "A", "C")["label"] == "strong"
    assert pair(links, "A", "C")["benign"] == "household"
    assert links.clusters("strong").values.tolist() == [["A", "A"], ["B", "A"], ["C", "C"], ["D", "D"]]


def test_a_merged_account_shares_the_group_of_its_survivor():
    people = [{"account_id": "A", "merged_into": "B"}, {"account_id": "B"}, {"account_id": "C"}]
    links = linked(
        people,
        *(f"{n} {v} {SAME}" for n in "AC" for v in ("payout ba_77aa88", "card fp_77aa88", "phone 312_555_2368")),
    )
    assert links.clusters("strong").values.tolist() == [["A", "B"], ["B", "B"], ["C", "B"]]


def test_the_same_input_gives_the_same_bytes_in_any_row_order(tmp_path):
    lines = [f"A{n} {v} {SAME}" for n in range(12) for v in (f"card fp_{n // 2}aaa1", f"phone 312_555_2{n // 3}68", "ip 11.2.3.4")]
    names = " ".join(f"A{n}" for n in range(12))
    first, second = linked(names, *lines), linked(names, *reversed(lines))
    files = [links.write(tmp_path / str(n)) / "pairs.parquet" for n, links in enumerate((first, second))]
    assert files[0].read_bytes() == files[1].read_bytes()
    pd.testing.assert_frame_equal(first.pairs, second.pairs)


def test_nobody_and_one_account_give_empty_tables():
    for links in (link(market([{"account_id": "A"}])), linked("A", f"A card fp_77aa88 {SAME}")):
        assert links.pairs.empty
        assert links.crowded.empty
        assert len(links.clusters()) == 1


def test_wrong_questions_are_told():
    links = linked("A B")
    with pytest.raises(UnknownAccountError):
        links.evidence("A", "Z")
    with pytest.raises(UsageError, match="are the same account"):
        links.evidence("A", "A")
    with pytest.raises(UsageError, match="'sure' is not a label"):
        links.clusters("sure")
    with pytest.raises(UsageError, match="most=1 would set every"):
        link(market("A"), most=1)


def test_a_failed_step_is_named_and_shows_its_sql():
    m = market("A")
    with pytest.raises(EngineError, match="-- a step' failed") as caught:
        Duck(m.db, "x").run("-- a step\nSELECT * FROM nowhere")
    assert "SELECT * FROM nowhere" in str(caught.value)


def test_every_rule_says_what_it_proves_and_how_it_could_be_innocent():
    table = rules.read()
    assert all(rule.proves and rule.innocent and rule.check and rule.source for rule in table.rules.values())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('proves = "The same name."', ""), "rule 'name_same' lacks 'proves'"),
        (("points = 9", "points = 99"), "has 99 points; the scale is -10 to 10"),
        (('handed = "phone_handed"', 'handed = "nothing"'), "names the rule 'nothing'"),
        (('id = "payout"', 'id = "licence"'), "two rules have the same id"),
        (("possible = 4.0", "possible = 40.0"), "the labels should rise"),
        (('kind = "payout"', 'kind = "payout"\ncolour = 1'), "has 'colour', which no rule has"),
    ],
)
def test_an_incomplete_rule_table_does_not_load(tmp_path, change, words):
    text = rules.DEFAULT.read_text()
    assert change[0] in text
    (tmp_path / "rules.toml").write_text(text.replace(*change, 1))
    with pytest.raises(RuleError, match=words):
        rules.read(tmp_path / "rules.toml")


def test_the_gate_holds_nothing_above_cleaning_reads_the_vault():
    from pathlib import Path

    import tnskit

    root = Path(tnskit.__file__).parent
    above = [p for folder in ("evidence", "findings", "review", "workbench") for p in (root / folder).rglob("*.py")]
    assert [p.name for p in above if "vault" in p.read_text()] == []


def test_seen_lines_are_what_the_loader_gets():
    assert seen("A phone 312_555 2024-01-01") == [
        {
            "account_id": "A",
            "kind": "phone",
            "value": "312 555",
            "first_seen": "2024-01-01",
            "last_seen": "2024-01-01",
        }
    ]


@pytest.mark.parametrize(
    ("also", "rule", "points"),
    [
        ((), "device_handed", 3.0),  # whoever bought the handset of somebody
        (("A phone 312_555_2368 2024-01-01 2024-02-01", "B phone 312_555_2368 2024-02-03 2024-05-01"), "device_install", 9.0),
        (("C install dev_77aa88 2024-01-20 2024-02-20",), "device_install", 9.0),  # it never changed hands: C had it in between
    ],
)
def test_a_device_that_changed_hands_says_little_unless_something_came_along(also, rule, points):
    links = linked("A B C", "A install dev_77aa88 2024-01-01 2024-02-01", "B install dev_77aa88 2024-02-03 2024-05-01", *also)
    found = links.evidence("A", "B").set_index("rule")
    assert found[found["family"] == "DEVICE"]["points"].to_dict() == {rule: points}


def test_an_export_that_names_nobody_does_not_tell_a_buyer_from_the_same_person():
    device = ["A install dev_77aa88 2024-01-01 2024-02-01", "B install dev_77aa88 2024-02-03 2024-05-01"]
    named = [{"account_id": n, "legal_name": name} for n, name in (("A", "Ana Ruiz"), ("B", "Leo Kern"))]
    bare, known = pair(linked("A B", *device)), pair(linked(named, *device))
    assert (bare["label"], known["label"]) == ("possible", "no reliable link")
    assert bare["benign_score"] < 0.5 < known["benign_score"]


def test_a_used_handset_does_not_pull_its_buyer_into_a_group():
    people = [{"account_id": n, "legal_name": name, "status": status, "created_at": day} for n, name, status, day in
              [("A", "Ana Ruiz", "removed", "2024-01-01"), ("B", "Leo Kern", "active", "2024-02-03")]]  # fmt: skip
    device = ["A install dev_77aa88 2024-01-01 2024-02-01", "B install dev_77aa88 2024-02-03 2024-05-01"]
    own = [f"{n} phone 312_555_{n_}368 {SAME}" for n, n_ in zip("AB", (2, 9), strict=True)]
    bought = linked(people, *device, *own)
    assert pair(bought)[["label", "benign"]].tolist() == ["possible", "resold device"]
    assert bought.clusters("likely")["cluster_id"].nunique() == 2
    back = linked([{**row, "legal_name": "Ana Ruiz"} for row in people], *device, *own)
    assert back.clusters("strong")["cluster_id"].nunique() == 1
