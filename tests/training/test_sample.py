import ipaddress
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tnskit.errors import UsageError
from tnskit.training.dirt import DIRT
from tnskit.training.networks import BLOCKS
from tnskit.training.sample import MARK, Sample, sample, write_sample
from tnskit.training.schemes import PLAN, groups_of
from tnskit.training.text import numbered, stamps

HERE = Path(__file__).parents[2] / "sample_data"
OLD_BLOCKS = [ipaddress.ip_network(f"{first}.0.0.0/8") for first in (11, 21, 22, 26, 28, 29, 30, 33, 55)]
NEW_BLOCK = ipaddress.ip_network("2d00::/8")
INSIDE = {"10.0.3.17", "10.0.3.18", "100.64.12.9", "192.168.1.1", "127.0.0.1"}


@pytest.fixture(scope="module")
def market() -> Sample:
    return sample(5_000, seed=3)


@pytest.fixture(scope="module")
def small() -> Sample:
    return sample(2_000, seed=1)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def accounts_sharing(frame: pd.DataFrame, column: str) -> pd.Series:
    return frame.groupby(column)["account_id"].nunique()


def auc(order: pd.Series, chosen: pd.Series) -> float:
    """Give the chance that a chosen row stands later than another."""
    rank = order.rank()
    many = int(chosen.sum())
    return float((rank[chosen].sum() - many * (many + 1) / 2) / (many * (len(rank) - many)))


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for run in ("a", "b"):
        write_sample(tmp_path / run / "market", tmp_path / run / "truth", accounts=300, seed=7)
    for part in ("market", "truth"):
        assert bytes_of(tmp_path / "a" / part) == bytes_of(tmp_path / "b" / part)


def test_another_seed_gives_another_market() -> None:
    one, two = sample(60, seed=1), sample(60, seed=2)
    assert not one.tables["phones"]["phone_raw"].equals(two.tables["phones"]["phone_raw"])


def test_the_committed_market_can_be_made_again(tmp_path: Path) -> None:
    write_sample(tmp_path / "market", tmp_path / "truth", accounts=2_000, seed=1)
    assert bytes_of(HERE / "market") == bytes_of(tmp_path / "market")
    assert bytes_of(HERE / "truth") == bytes_of(tmp_path / "truth")


def test_the_readme_tells_the_rows_and_the_dirt(small: Sample) -> None:
    text = (HERE / "README.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` | {len(frame):,} |" in text for name, frame in small.tables.items())
    assert all(f"- `{kind.__name__}`: " in text for kind in DIRT)


def test_the_committed_market_is_small() -> None:
    assert sum(len(data) for data in bytes_of(HERE / "market").values()) < 6_000_000


def test_a_market_may_be_written_over_itself(tmp_path: Path) -> None:
    write_sample(tmp_path / "m", tmp_path / "t", accounts=60)
    rows = write_sample(tmp_path / "m", tmp_path / "t", accounts=70)
    assert rows["accounts"] == len(pd.read_csv(tmp_path / "m" / "accounts.csv")) == 72


@pytest.mark.parametrize("name", ["accounts.csv", "notes.txt"])
def test_a_foreign_file_is_never_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / name).write_text("account_id\n1\n")
    with pytest.raises(UsageError, match=f"m holds {name}, which is not of a made-up market"):
        write_sample(tmp_path / "m", tmp_path / "t", accounts=60)
    assert bytes_of(tmp_path / "m") == {name: b"account_id\n1\n"}
    assert not (tmp_path / "t").exists()


def test_the_truth_never_lies_inside_the_market(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="outside the folder of the market"):
        write_sample(tmp_path / "m", tmp_path / "m" / "truth", accounts=60)
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(("accounts", "seed"), [(49, 1), (10_000_000, 1), (100, -1)])
def test_what_cannot_be_made_is_refused(accounts: int, seed: int) -> None:
    with pytest.raises(UsageError):
        sample(accounts, seed=seed)


@pytest.mark.parametrize(("accounts", "seed"), list(product((50, 137, 600), (0, 5))))
def test_small_markets_can_be_made(accounts: int, seed: int) -> None:
    made = sample(accounts, seed=seed)
    assert made.tables["accounts"]["account_id"].nunique() == accounts
    assert made.truth["accounts"]["account_id"].nunique() == accounts


def test_every_account_named_anywhere_is_there(small: Sample) -> None:
    known = set(small.tables["accounts"]["account_id"])
    for frame in small.tables.values():
        for column in frame.columns:
            if column.endswith(("account_id", "payer_id", "payee_id")) and column != "referrer_account_id":
                assert set(frame[column].dropna()) <= known


def test_jobs_and_requests_have_18_digits(small: Sample) -> None:
    for column in ("job_id", "request_id"):
        assert small.tables["jobs"][column].str.fullmatch(r"\d{18}").all()


def test_every_row_says_that_it_is_made_up(small: Sample) -> None:
    for name, frame in small.tables.items():
        assert name == "ip_ranges" or set(frame["source_system"]) == {MARK}


# How much of what (§8 of the practice specification), at 5,000 accounts.


def test_accounts_of_one_person(market: Sample) -> None:
    people = market.truth["accounts"]["person_id"].nunique()
    assert 0.04 <= 1 - people / 5_000 <= 0.10


def test_households(market: Sample) -> None:
    many = market.truth["accounts"].groupby("household_id")["person_id"].nunique()
    assert 0.06 <= float((many >= 2).mean()) <= 0.10


def test_carriers(market: Sample) -> None:
    logins = market.tables["logins"]
    plain = logins["ip"].str.fullmatch(r"[\d.]+").fillna(False).astype(bool)
    mobile = logins[plain & (logins["asn_kind"] == "mobile")]
    assert 0.35 <= mobile["account_id"].nunique() / 5_000 <= 0.50
    crowd = accounts_sharing(mobile, "ip")
    assert crowd.max() <= 60
    assert float((crowd >= 5).mean()) >= 0.95


def test_rented_networks(market: Sample) -> None:
    assert 0.08 <= float((market.tables["logins"]["asn_kind"] == "relay_vpn").mean()) <= 0.12


def test_phones(market: Sample) -> None:
    phones, truth = market.tables["phones"], market.truth["accounts"]
    assert 0.025 <= float((phones["line_type"] == "proxy").mean()) <= 0.035
    assert 0.03 <= (truth["scheme"] == "recycled_phone").sum() / 2 / len(phones) <= 0.05
    dirt = market.truth["dirt"].set_index("name")["rows"]
    assert 0.015 <= dirt["placeholder_phones"] / len(phones) <= 0.025


def test_cards(market: Sample) -> None:
    cards, truth = market.tables["instruments"], market.truth["accounts"].set_index("account_id")
    held = cards.drop_duplicates(["fingerprint", "account_id"])
    pair = held[held.groupby("fingerprint")["account_id"].transform("size") == 2]
    pair = pair.assign(person=pair["account_id"].map(truth["person_id"]), part=pair["account_id"].map(truth["part"]))
    group = pair.groupby("fingerprint")
    innocent = (group["person"].transform("nunique") == 2) & (group["part"].transform("nunique") == 1)
    shared = pair[innocent & (pair["part"] == "innocent")]["account_id"].nunique()
    assert 0.02 <= shared / 5_000 <= 0.04
    assert 0.002 <= float((truth["breach"] == "PAY-01").mean()) <= 0.006


def test_takeovers(market: Sample) -> None:
    truth = market.truth["accounts"]
    victims = truth[truth["scheme"] == "takeover"]
    assert len(victims) == 10
    assert set(victims["part"]) == {"innocent"}
    events = market.tables["security_events"]
    told = events[events["account_id"].isin(victims["account_id"]) & (events["event"] == "payout_change")]
    assert set(victims["account_id"]) == set(told["account_id"])


def test_fake_reviews(market: Sample) -> None:
    assert 0.03 <= len(market.truth["reviews"]) / len(market.tables["reviews"]) <= 0.05


def test_rented_accounts(market: Sample) -> None:
    pros = market.tables["accounts"]["role"].isin(["pro", "both"]).sum()
    assert 0.01 <= (market.truth["accounts"]["breach"] == "ACC-03").sum() / pros <= 0.02


def test_appeals(market: Sample) -> None:
    actions, appeals = market.tables["actions"], market.tables["appeals"]
    removed = actions[actions["action"] == "remove"]
    assert set(appeals["action_id"]) <= set(removed["action_id"])
    assert 0.12 <= len(appeals) / len(removed) <= 0.18
    assert 0.20 <= float((appeals["outcome"] == "overturned").mean()) <= 0.30


def test_languages(market: Sample) -> None:
    share = market.truth["accounts"]["language"].value_counts(normalize=True)
    assert share.to_dict() == pytest.approx({"en": 0.80, "es": 0.16, "pt": 0.03, "other": 0.01}, abs=0.03)


def test_dirt(market: Sample) -> None:
    rows = sum(map(len, market.tables.values()))
    dirt = market.truth["dirt"].set_index("name")["rows"]
    assert 0.05 <= dirt.sum() / rows <= 0.08
    assert 0.007 <= dirt["exact_repeats"] / rows <= 0.013


@pytest.mark.parametrize("name", [kind.__name__ for kind in DIRT])
def test_each_dirt_is_there(small: Sample, name: str) -> None:
    assert small.truth["dirt"].set_index("name")["rows"][name] >= 1


def test_namesakes_are_strangers(market: Sample) -> None:
    names = market.tables["accounts"][["account_id", "legal_name"]].dropna()
    names = names.merge(market.truth["accounts"], on="account_id")
    assert (names.groupby("legal_name")["person_id"].nunique() >= 2).sum() >= 20


@pytest.mark.parametrize("accounts", [20_000, 100_000, 1_000_000])
def test_abuse_is_rare_in_markets_that_can_hold_a_farm(accounts: int) -> None:
    multi = [kind for kind in PLAN if kind.low > 1]
    share = sum(groups_of(kind, accounts) * (kind.low + kind.high) / 2 for kind in multi) / accounts
    assert 0.005 <= share <= 0.012


# Who did what, and who only stands near.


def test_at_2000_every_shape_is_there(small: Sample) -> None:
    clusters = small.truth["clusters"]
    sizes = clusters["accounts"].str.count(" ") + 1
    count = clusters[clusters["guilty"]]["scheme"].value_counts()
    assert count["ban_evasion"] >= 6
    assert count["careful_chain"] >= 2
    assert {kind.name for kind in PLAN} - {"takeover"} == set(count.index)
    ring = clusters["guilty"] & (sizes > 1)
    assert (sizes[ring] >= 30).sum() == 1
    assert sizes[ring].between(8, 15).sum() == 2
    assert sizes[ring].between(2, 3).sum() >= 10


def test_three_innocents_stand_near_every_guilty_group(small: Sample) -> None:
    truth, pairs = small.truth["accounts"], small.truth["innocents"]
    near = truth[truth["part"] == "bystander"]
    guilty = set(small.truth["clusters"].query("guilty")["cluster_id"])
    assert (near.groupby("cluster_id").size().reindex(sorted(guilty)).fillna(0) >= 3).all()
    assert set(near["account_id"]) <= set(pairs["account_a"]) | set(pairs["account_b"])
    assert near["breach"].isna().all()


def test_innocent_pairs_are_never_one_person(small: Sample) -> None:
    person = small.truth["accounts"].set_index("account_id")["person_id"]
    pairs = small.truth["innocents"]
    assert (pairs["account_a"] < pairs["account_b"]).all()
    assert (pairs["account_a"].map(person) != pairs["account_b"].map(person)).all()


def test_somebody_else_held_each_account_that_changed_hands(small: Sample) -> None:
    hands = small.truth["controllers"]
    truth = small.truth["accounts"].set_index("account_id")
    changed = set(truth.index[truth["breach"].eq("ACC-03") | truth["scheme"].eq("takeover")])
    changed -= set(truth.index[truth["part"] == "bystander"])
    assert changed == set(hands["account_id"])
    assert (hands.groupby("account_id")["person_id"].nunique() == 2).all()


def test_a_recycled_number_rests_for_45_days(market: Sample) -> None:
    clusters = market.truth["clusters"]
    phones = market.tables["phones"].dropna(subset=["phone_e164"])
    seen = 0
    for pair in clusters[clusters["scheme"] == "recycled_phone"]["accounts"].str.split():
        rows = phones[phones["account_id"].isin(pair)]
        for _, line in rows.groupby("phone_e164"):
            if line["account_id"].nunique() == 2:
                line = line.drop_duplicates("account_id").sort_values("first_seen")
                gap = pd.Timestamp(line["first_seen"].iloc[1]) - pd.Timestamp(line["last_seen"].iloc[0])
                assert gap.days >= 45
                seen += 1
    assert seen >= 50


@pytest.mark.parametrize("seed", [3, 4])
def test_ids_and_the_order_of_rows_tell_nothing(seed: int) -> None:
    made = sample(5_000, seed=seed)
    truth = made.truth["accounts"]
    guilty = truth["part"] == "guilty"
    number = truth["account_id"].str[1:].astype(int)
    row = made.tables["accounts"].drop_duplicates("account_id").reset_index(drop=True)
    place = truth["account_id"].map(pd.Series(row.index, index=row["account_id"]))
    parity = number % 2
    assert auc(number, guilty) == pytest.approx(0.5, abs=0.05)
    assert auc(place, guilty) == pytest.approx(0.5, abs=0.05)
    assert auc(parity, guilty) == pytest.approx(0.5, abs=0.05)


def test_work_and_money_stand_in_the_way_of_some_removals(small: Sample) -> None:
    truth = small.truth["accounts"]
    guilty = set(truth[truth["part"] == "guilty"]["account_id"])
    jobs, payments, reports = (small.tables[name] for name in ("jobs", "payments", "reports"))
    live = jobs[jobs["status"].isin(["in_progress", "scheduled"])]
    held = payments[payments["status"].isin(["held", "open"])]
    assert live["pro_account_id"].isin(guilty).any()
    assert held["payee_id"].isin(guilty).any()
    assert reports["safety_flag"].any()
    assert (reports["channel"] == "legal").any()


# Nothing in it belongs to anybody.


def test_mail_goes_nowhere(small: Sample) -> None:
    assert small.tables["emails"]["domain"].str.endswith(".example").all()
    assert small.tables["emails"]["email_raw"].str.lower().str.endswith(".example").all()


def test_phones_ring_nowhere(small: Sample) -> None:
    known = small.tables["phones"]["phone_e164"].dropna()
    home = known[known.str.startswith("+1") & (known != "+18885550142")]
    assert home.str.fullmatch(r"\+1\d{3}555\d{4}").all()
    assert (home.str[-4:].astype(int) >= 200).all()


def test_networks_are_nobodys(small: Sample) -> None:
    for table in ("logins", "security_events"):
        for text in small.tables[table]["ip"].drop_duplicates():
            first = text.split(",")[0].removeprefix("::ffff:")
            address = ipaddress.ip_address(first)
            blocks = OLD_BLOCKS if address.version == 4 else [NEW_BLOCK]
            assert first in INSIDE or any(address in block for block in blocks)


def test_networks_agree_with_the_teams_list(small: Sample) -> None:
    logins = small.tables["logins"].dropna(subset=["asn"])
    plain = logins[logins["ip"].str.fullmatch(r"[\d.]+").fillna(False).astype(bool)]
    listed = [(ipaddress.ip_network(b.prefix), b) for b in BLOCKS if b.told]
    for text, asn, kind in zip(plain["ip"], plain["asn"], plain["asn_kind"], strict=True):
        assert [(b.asn, b.kind) for net, b in listed if ipaddress.ip_address(text) in net] == [(asn, kind)]


def test_ranges_can_be_read_and_never_overlap() -> None:
    for version in ("prefix", "six"):
        nets = [ipaddress.ip_network(getattr(block, version)) for block in BLOCKS]
        assert not any(one.overlaps(two) for at, one in enumerate(nets) for two in nets[:at])


def test_the_one_card_number_is_the_processors_own_test_number(small: Sample) -> None:
    found = 0
    for frame in small.tables.values():
        for column in frame.select_dtypes(["object", "string"]):
            texts = frame[column].dropna().astype(str)
            found += int(texts.str.contains("4242 4242 4242 4242").sum())
    assert found >= 1


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0, "1970-01-01T00:00:00Z"), (1_741_108_929, "2025-03-04T17:22:09Z"), (-1, None)],
)
def test_stamps(seconds: int, written: str | None) -> None:
    assert stamps(np.array([seconds, 0]))[0] == written


@pytest.mark.parametrize("numbers", [[1_042, 99_999, 10_000], [400_000_000_000_000_008, 12_345, -1]])
def test_numbered(numbers: list[int]) -> None:
    expected = [None if number < 0 else f"A{number}" for number in numbers]
    assert numbered("A", np.array(numbers)).tolist() == expected
