"""The explorer without a browser: its state is set, and what it would send is read."""

import dataclasses
import json
import re
import shutil
import subprocess

import matplotlib as mpl
import pandas as pd
import pytest

from tests.conftest import ROOT, needs
from tests.markets import linked
from tnskit.errors import UnknownAccountError, UsageError
from tnskit.evidence.links import link
from tnskit.findings.explain import explain
from tnskit.review.cases import CaseLog
from tnskit.workbench import explorer_answers
from tnskit.workbench.explorer import Explorer, explore
from tnskit.workbench.explorer_asks import Asks

mpl.use("Agg")
STATIC = ROOT / "tnskit/workbench/static"
SAME = "2024-01-01 2024-03-01"


@pytest.fixture(scope="module")
def star():
    """A shares a payout account with each of B00 to B39; B00 and C share a device and a card, used later."""
    others = [f"B{n:02}" for n in range(40)]
    lines = [f"{name} payout ba_{n:02}aa88 {SAME}" for n, other in enumerate(others) for name in ("A", other)]
    later = "2024-08-01 2024-09-01"
    lines += [f"{n} {kind} {later}" for n in ("B00", "C") for kind in ("device dv_77cc88", "card fp_77dd99", "payout ba_zz77")]
    return linked("A C D " + " ".join(others), *lines)


@pytest.fixture
def seen(star) -> Explorer:
    return explore(star, "A")


def names(explorer: Explorer) -> set[str]:
    return {str(name) for name, data in explorer.graph.nodes(data=True) if data["type"] == "account"}


def listening(explorer: Explorer) -> list[dict]:
    """The other end of the wire to the browser."""
    said: list[dict] = []
    explorer.send = said.append  # type: ignore[method-assign]
    return said


def asked(explorer: Explorer, **ask: object) -> dict:
    """What the browser would be answered."""
    said = listening(explorer)
    Asks(explorer).answer(explorer, {"n": 1, **ask}, None)
    return said[-1]


def words(answer: dict) -> str:
    return json.dumps(answer["parts"], ensure_ascii=False)


def node(explorer: Explorer, name: str) -> dict:
    (found,) = [one for one in explorer._scene["nodes"] if one["name"] == name]
    return found


def test_the_strongest_come_first_and_the_rest_is_counted(seen):
    assert len(names(seen)) == 26
    assert seen._state["told"] == "26 of 41 accounts shown, links from 'possible' up."
    (more,) = [one for one in seen._scene["nodes"] if one["kind"] == "more"]
    assert more["label"] == "+ 15"
    seen.expand("A")
    assert len(names(seen)) == 41
    assert all(one["kind"] != "more" for one in seen._scene["nodes"])
    with pytest.raises(UsageError, match="in the picture already"):
        seen.expand("A")


def test_what_is_there_stays_where_it_is_when_more_comes_in(seen):
    before = {one["name"]: (one["x"], one["y"]) for one in seen._scene["nodes"]}
    seen.expand("B00")
    after = {one["name"]: (one["x"], one["y"]) for one in seen._scene["nodes"]}
    assert {name: after[name] for name in before if name in after} == {name: before[name] for name in before if name in after}
    assert "C" in after
    assert len(set(after.values())) == len(after)


def test_the_picture_says_what_explain_says(star, seen):
    told = explain(star, "A", "B00")
    edge = node(seen, "A")["id"], node(seen, "B00")["id"]
    answer = words(asked(seen, ask="edge", a=edge[0], b=edge[1]))
    assert f"A and B00: {told.label}, {told.score:g} points" in answer
    (drawn,) = [one for one in seen._scene["edges"] if {one["s"], one["t"]} == set(edge)]
    assert (drawn["label"], drawn["score"]) == (told.label, told.score)
    assert "does not say that anybody broke a rule" in answer


def test_the_selection_goes_both_ways(seen):
    seen._chosen = [node(seen, "B00")["id"], node(seen, "A")["id"]]
    assert seen.selected == ["B00", "A"]
    seen.selected = ["B01"]
    assert seen._chosen == [node(seen, "B01")["id"]]
    with pytest.raises(UsageError, match="not in this picture"):
        seen.selected = ["D"]
    seen.hide("B01")
    assert seen.selected == ["B01"]


def test_filters_leave_out_and_undo_brings_back(seen):
    seen.expand("B00")
    everything = names(seen)
    seen.filter(since="2024-07-01")
    assert names(seen) == {"A", "B00", "C"}
    seen.filter(since="", kinds=["card"])
    assert names(seen) == {"A", "B00", "C"}
    seen.filter(kinds=["phone"])
    assert names(seen) == {"A"}
    while seen.undo():
        pass
    assert names(seen) == everything - {"C"}


def test_identifiers_between_accounts_are_masked_and_shaped(seen):
    seen.expand("B00")
    seen.filter(two_mode=True, label="possible")
    kinds = {one["kind"] for one in seen._scene["nodes"]}
    assert {"account", "payout", "device", "card"} <= kinds
    shown = next(one["name"] for one in seen._scene["nodes"] if one["kind"] == "device")
    answer = words(asked(seen, ask="about", id=node(seen, shown)["id"]))
    assert "seen with 2 accounts, 2 of them in this picture" in answer
    assert "dv_77cc88" not in json.dumps([seen._scene, answer])


def test_one_neighbour_is_told_as_one(seen):
    seen.expand("B00")
    assert "linked to 1 account, 1 of them in this picture" in words(asked(seen, ask="about", id=node(seen, "C")["id"]))


def test_what_if_shows_what_falls_and_puts_it_back(seen):
    found = seen.what_if("A")
    assert len(found.broken) == 1
    assert sum(one["fell"] for one in seen._scene["edges"]) == 25
    assert asked(seen, ask="back")["parts"][0]["text"] == "Everything is back as it was linked."
    assert not any(one["fell"] for one in seen._scene["edges"])
    seen.filter(two_mode=True)
    shared = next(one for one in seen._scene["nodes"] if one["kind"] == "payout")
    answer = words(asked(seen, ask="without", id=shared["id"]))
    assert "1 link changes, 1 of them below 'possible' then" in answer
    assert seen.view.without == (shared["name"],)


def test_a_path_brings_in_what_it_needs(seen):
    answer = asked(seen, ask="path", a="C", b="B07")
    assert "C – B00 – A – B07" in words(answer)
    assert {"C", "B00", "A", "B07"} <= names(seen)
    assert seen.selected == ["C", "B00", "A", "B07"]
    assert "No path" in words(asked(seen, ask="path", a="A", b="D"))


def test_search_finds_accounts_of_the_market_and_values_of_the_picture(seen):
    answer = words(asked(seen, ask="search", text="C"))
    assert "C (bring it in)" in answer
    asked(seen, ask="find", name="C")
    assert (seen.selected, "C" in names(seen)) == (["C"], True)
    assert seen._state["told"].startswith("27 of 42")
    assert "No account begins with" in words(asked(seen, ask="search", text="zebra"))
    assert asked(seen, ask="search", text=" ")["error"].startswith("Type the beginning")


def test_pins_stay(seen):
    asked(seen, ask="pin", id=node(seen, "B03")["id"], x=40, y=-7)
    assert (node(seen, "B03")["x"], node(seen, "B03")["y"]) == (40, -7)
    seen.arrange()
    assert (node(seen, "B03")["x"], seen._state["pinned"]) == (40, [node(seen, "B03")["id"]])
    asked(seen, ask="unpin", id=node(seen, "B03")["id"])
    assert seen._state["pinned"] == []


def test_the_code_recreates_the_view(star, seen):
    seen.expand("B00")
    seen.filter(two_mode=True, kinds=["payout", "device"], until="2024-12-31")
    seen.hide("B05")
    seen.pin("B03", 3, 4)
    seen.what_if("B00")
    again = eval(seen.code, {"tns": __import__("tnskit"), "links": star})
    assert again.view == seen.view
    assert {(a, b) for a, b in again.graph.edges} == {(a, b) for a, b in seen.graph.edges}


def test_past_the_most_what_hangs_together_is_folded(star):
    folded = explore(star, None, most=10, label="likely")
    kinds = [one["kind"] for one in folded._scene["nodes"]]
    assert len(kinds) <= 11
    assert re.match(r"(10|\d) of \d+ accounts shown", folded._state["told"])


def test_a_folded_group_opens():
    lines = [f"{n}{m} {kind}_{n}zz77 {SAME}" for n in "ABCDEF" for m in range(4) for kind in ("payout ba", "device dv", "card fp")]
    rings = linked(" ".join(f"{n}{m}" for n in "ABCDEF" for m in range(4)), *lines)
    folded = explore(rings, None, most=12)
    (first, *_) = groups = [one for one in folded._scene["nodes"] if one["kind"] == "group"]
    assert len(names(folded)) + len(groups) <= 12
    assert first["label"] == "4 accounts"
    before = names(folded)
    folded.expand(first["name"])
    assert first["name"].split()[0] in names(folded) - before


def test_marks_go_to_the_log_are_obeyed_and_lifted(monkeypatch, tmp_path):
    monkeypatch.setenv("TNSKIT_KEY", "00112233445566778899aabbccddeeff" * 2)
    links = linked("A B C", *(f"{n} card fp_77dd99 {SAME}" for n in "AB"), *(f"{n} device dv_1122 {SAME}" for n in "ABC"))
    log = CaseLog(tmp_path / "cases.db", by="ana")
    shown = explore(links, "A", log=log, two_mode=True, label="possible")
    card = next(one for one in shown._scene["nodes"] if one["kind"] == "card")
    until = f"{pd.Timestamp.now() + pd.Timedelta(days=90):%Y-%m-%d}"
    refused = asked(shown, ask="shared", name=card["name"], why="office", because="", until=until)
    assert refused["error"]
    done = asked(shown, ask="shared", name=card["name"], why="office", because="the front desk pays for all", until=until)
    assert "as event 1" in words(done)
    assert len(log.suppressions()) == 1
    again = link(links.market, log=log)
    assert card["name"] in set(again.crowded["shown"])
    assert "as event 2" in words(asked(shown, ask="apart", a="A", b="B", because="both came to the desk with papers"))
    assert len(log.dissociations()) == 1
    asked(shown, ask="undo")
    assert (len(log.dissociations()), len(log.suppressions())) == (0, 1)
    asked(shown, ask="undo")
    assert len(log.suppressions()) == 0


def test_without_a_log_nothing_is_marked(seen):
    assert "give log= to explore" in asked(seen, ask="apart", a="A", b="B00", because="x")["error"]


@pytest.mark.parametrize("wrong", [{"label": "sure"}, {"label": "no reliable link"}, {"kinds": ["account"]}, {"since": "May"}, {"most": 0}])
def test_what_cannot_be_shown_is_refused(star, wrong):
    with pytest.raises(UsageError):
        explore(star, "A", **wrong)


def test_an_unknown_account_is_refused(star, seen):
    with pytest.raises(UnknownAccountError):
        explore(star, "Z")
    assert "is not among the" in asked(seen, ask="around", name="Z")["error"]


def test_an_unlinked_account_stands_alone(star):
    alone = explore(star, "D")
    assert alone._state["told"] == "1 of 1 accounts shown, links from 'possible' up."
    assert "no link inside this picture" in node(alone, "D")["told"]
    assert alone.written("png").startswith(b"\x89PNG")


def test_what_the_browser_cannot_ask_is_not_answered(seen):
    said = listening(seen)
    for content in ({"ask": "__init__"}, {"ask": "written"}, "about", None, {}):
        Asks(seen).answer(seen, content, None)
    assert said == []


def test_where_no_widget_runs_there_is_a_picture_and_words(seen):
    data = seen._repr_mimebundle_()
    data = data[0] if isinstance(data, tuple) else data
    assert {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"} <= set(data)
    assert data["text/plain"].startswith("Explorer of A: 26 of 41 accounts shown")
    assert "A – B00: " in data["text/plain"]


@pytest.mark.parametrize(
    ("name", "begin"), [("v.png", b"\x89PNG"), ("v.svg", b"<?xml"), ("v.html", b"<!doctype"), ("v.py", b"tns.explore(links")]
)
def test_every_view_is_saved(seen, tmp_path, name, begin):
    assert seen.save(tmp_path / name).read_bytes().startswith(begin)
    with pytest.raises(UsageError, match=r"\.png, \.svg, \.html or \.py"):
        seen.save(tmp_path / "v.docx")


def test_a_saved_page_asks_nobody(seen):
    page = seen.written("html").decode()
    assert "default-src 'none'" in page
    assert re.findall(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", page) == []


def test_what_ships_asks_nobody_and_tells_its_licences():
    script = (STATIC / "explorer.js").read_text(encoding="utf-8")
    assert re.findall(r"""(?:import|from|fetch\(|importScripts\()\s*["'`(]*https?:""", script) == []
    assert set(re.findall(r"https?://[\w.]+", script)) <= {"http://www.w3.org"}
    assert "eval(" not in script
    assert "innerHTML" not in "".join(path.read_text() for path in (ROOT / "tnskit/workbench/js/src").iterdir())
    notices = (STATIC / "NOTICES.txt").read_text(encoding="utf-8")
    lock = json.loads((ROOT / "tnskit/workbench/js/package-lock.json").read_text())
    shipped = {path.removeprefix("node_modules/"): told for path, told in lock["packages"].items() if path and not told.get("dev")}
    assert all(f"{name} {told['version']} ({told['license']})" in notices for name, told in shipped.items())
    assert not any("resolved" in told for told in lock["packages"].values())


@pytest.mark.slow
def test_the_bundle_is_built_from_its_source(tmp_path):
    needs("node and npm (Debian: apt install nodejs npm)", shutil.which("npm") and shutil.which("node"))
    work = tmp_path / "js"
    shutil.copytree(ROOT / "tnskit/workbench/js", work, ignore=shutil.ignore_patterns("node_modules"))
    (tmp_path / "static").mkdir()
    for command in (["npm", "ci", "--no-audit", "--no-fund"], ["npm", "run", "build"]):
        done = subprocess.run(command, cwd=work, capture_output=True, text=True)
        needs("a package index for npm", not re.search(r"ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT", done.stderr))
        assert done.returncode == 0, done.stderr
    for name in ("explorer.js", "explorer.css", "NOTICES.txt"):
        assert (tmp_path / "static" / name).read_bytes() == (STATIC / name).read_bytes(), f"{name}: run npm ci && npm run build"


def test_errors_of_others_are_not_told(seen, monkeypatch):
    monkeypatch.setattr(Explorer, "undo", lambda _: 1 / 0)
    said = listening(seen)
    with pytest.raises(ZeroDivisionError):
        Asks(seen).answer(seen, {"n": 3, "ask": "undo"}, None)
    assert said == [{"n": 3, "error": "Something went wrong (ZeroDivisionError); nothing was changed."}]


def test_how_likely_one_person_is_stands_beside_no_weak_word_and_is_never_certain(star):
    strong = explain(star, "B00", "C")
    told = [str(explorer_answers.why(dataclasses.replace(strong, label=label, likely=likely)))
            for label, likely in (("strong", 0.998), ("likely", 0.93), ("possible", 0.99), ("no reliable link", 0.97))]  # fmt: skip
    assert "One person: more than 99%" in told[0]
    assert "One person: 93%" in told[1]
    assert not any("One person" in one for one in told[2:])
