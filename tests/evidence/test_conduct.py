"""What an account's life looks like, and what that says beside what it shares."""

import pytest

from tests.markets import linked, market
from tnskit.evidence.conduct import SIGNS
from tnskit.evidence.links import link

LIFE = "2023-01-01 2024-12-01"
BRIEF = "2024-03-01 2024-03-20"
CROWD = [f"N{n:02}" for n in range(40)]


def ordinary():
    """Forty accounts with long lives, a home each and a job done."""
    return [f"{name} phone 312_555_2{n:03} {LIFE}" for n, name in enumerate(CROWD)] + [
        f"{name} cookie dev_own{n:03} {LIFE}" for n, name in enumerate(CROWD)
    ]


def farm(many=8, *, device="cookie dev_farm77", days=BRIEF):
    return [f"F{n} {device} {days}" for n in range(many)]


def reviews(many=8, *, job=None):
    made = [{"review_id": f"f{n}", "author_account_id": f"F{n}", "subject_account_id": "N00", "created_at": "2024-03-10", "job_id": job}
            for n in range(many)]  # fmt: skip
    return made + [
        {"review_id": f"n{n}", "author_account_id": name, "subject_account_id": "N01", "created_at": "2024-03-10", "job_id": f"j{n}"}
        for n, name in enumerate(CROWD)
    ]


def made(many=8, **more):
    names = " ".join([*CROWD, *(f"F{n}" for n in range(many))])
    return linked(names, *ordinary(), *farm(many), **more)


def test_signs_count_by_how_rare_they_are_in_the_market():
    found = made().engine.run("SELECT account_id, signs FROM purpose JOIN main.people ON code = account").set_index("account_id")["signs"]
    assert found["F0"] == pytest.approx(1.7918, abs=1e-3)  # eight of 48 were brief
    assert found["N00"] == 0


def test_a_farm_on_one_device_is_found_and_a_library_s_computer_is_not():
    jobless = made(reviews=reviews())
    group = jobless.clusters("strong").query("account_id.str.startswith('F')")
    assert group["cluster_id"].nunique() == 1
    library = linked(" ".join(CROWD), *ordinary(), *(f"{name} cookie dev_farm77 2024-03-01 2024-03-02" for name in CROWD[:8]))
    assert library.clusters("strong")["cluster_id"].nunique() == len(CROWD)


def test_praise_with_jobs_behind_it_is_no_sign():
    with_jobs = made(reviews=reviews(job="j1"))
    assert "same_praise" not in set(with_jobs.evidence("F0", "F1")["rule"])
    assert "same_praise" in set(made(reviews=reviews()).evidence("F0", "F1")["rule"])


def test_conduct_alone_is_possible_at_most():
    names = [*CROWD, *(f"F{n}" for n in range(4))]
    lines = ordinary() + [f"F{n} cookie dev_alone{n} {BRIEF}" for n in range(4)]
    links = linked(" ".join(names), *lines, reviews=reviews(4))
    pairs = links.pairs
    among = pairs[pairs["a"].str.startswith("F") & pairs["b"].str.startswith("F")]
    assert len(among) == 6
    assert set(among["label"]) <= {"possible", "no reliable link"}
    # a new pro's friends leave the same
    assert links.clusters("strong").query("account_id.str.startswith('F')")["cluster_id"].nunique() == 4
    said = links.evidence("F0", "F1").set_index("rule")[["points", "counted"]]
    assert said.loc["one_purpose", "counted"] == said.loc["one_purpose", "points"] / 2
    # a pro whom both praised is something they share, and counts whole
    assert said.loc["same_praise", "counted"] == said.loc["same_praise", "points"]


def test_a_day_on_which_all_were_imported_says_nothing():
    rows = [{"account_id": name, "created_at": "2024-01-01"} for name in "ABCDEF"]
    links = linked(rows, *(f"{n} card fp_77aa88 2024-01-01 2024-03-01" for n in "AB"))
    assert "opened_together" not in set(links.evidence("A", "B")["rule"])


def test_a_status_tells_of_a_removal_where_no_action_does():
    rows = [{"account_id": "A", "created_at": "2023-01-01", "status": "removed", "closed_at": "2024-01-10"},
            {"account_id": "B", "created_at": "2024-01-20", "status": "active"}]  # fmt: skip
    lines = [f"{n} card fp_77aa88 2024-01-01 2024-03-01" for n in "AB"]
    assert "after_removal" in set(linked(rows, *lines).evidence("A", "B")["rule"])
    reversed_ = [{"action_id": "1", "account_id": "A", "action": "remove", "decided_at": "2024-01-10", "reversed_at": "2024-01-12"}]
    assert "after_removal" not in set(linked(rows, *lines, actions=reversed_).evidence("A", "B")["rule"])


def test_five_rows_of_one_person_crowd_nothing():
    """Rarity counts people: what also share a card are one person again, so the phone stays rare."""
    names = [f"A{n}" for n in range(6)]
    phone = [f"{name} phone 312_555_2368" for name in names]
    card = [f"{name} card fp_77aa88" for name in names]
    apart, one = linked(" ".join(names), *phone), linked(" ".join(names), *phone, *card)
    points = [links.evidence("A0", "A1").set_index("kind").loc["phone", "points"] for links in (apart, one)]
    assert points == [2.5, 5.0]


def test_a_market_without_anything_links_nobody():
    assert link(market("A B")).pairs.empty
    assert all(sign.words and sign.shown for sign in SIGNS)
