"""Blind: what a reader may not see yet is in nothing that the log gives, by any door."""

import inspect
from datetime import UTC, datetime

import pandas as pd
import pytest

from tests.review.desks import checked, desk, opened, proposed
from tests.review.test_decisions import REVIEW
from tnskit.errors import BlindError, CaseError, SamePersonError, TnskitError
from tnskit.evidence.links import link
from tnskit.review.fold import Case, sampled, state
from tnskit.review.memo import memo
from tnskit.workbench.panels import panel

SECRET = "Zwetschgenkuchen"
ACTION = "remove"


def reached(value, depth=4):
    """Every text that can be reached from a value by its public names, methods without arguments included."""
    told, seen, todo = [], set(), [(value, depth)]
    while todo:
        here, left = todo.pop()
        if id(here) in seen or left < 0 or here is None or isinstance(here, bool | int | float | type):
            continue
        seen.add(id(here))
        if isinstance(here, str | bytes):
            told.append(here if isinstance(here, str) else here.decode("utf-8", "replace"))
            continue
        told += [repr(here), str(here)]
        if hasattr(here, "_repr_html_"):
            told.append(str(here._repr_html_()))
        if isinstance(here, pd.DataFrame):
            told.append(here.to_csv())
        elif isinstance(here, dict):
            todo += [(one, left - 1) for pair in here.items() for one in pair]
        elif isinstance(here, list | tuple | set | frozenset):
            todo += [(one, left - 1) for one in here]
        elif type(here).__module__.startswith("tnskit.review"):
            for name in dir(here):
                if name.startswith("_") or name in {"close", "clock"}:
                    continue
                try:
                    one = getattr(here, name)
                    if callable(one) and not any(
                        p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
                        for p in inspect.signature(one).parameters.values()
                    ):
                        one = one()
                except (TnskitError, ValueError, TypeError) as problem:
                    told.append(str(problem))
                    continue
                if not callable(one):
                    todo.append((one, left - 1))
    return "\n".join(told)


def peeked(log, case):
    """All that luis can get at before he has given his verdict."""
    mine = type(log)(log.path, by="luis")
    told = [reached(mine), reached(mine.case(case.id)), mine.events().to_csv(), mine.events(case.id).to_csv(), mine.cases().to_csv()]
    told += [
        mine.due().to_csv(),
        mine.similar(case.id).to_csv(),
        str(panel(mine.case(case.id)).static()),
        widgets_of(panel(mine.case(case.id))),
    ]
    told += [
        str(mine.case(case.id, by="ana")),
        mine.events(by="ana").to_csv(),
        str(mine.case(case.id, by="ana").log.case(case.id, by="ana")),
    ]
    told += [
        widgets_of(panel(mine.case(case.id, by="ana"))),
        mine.decided([case.account]).to_csv(),
        str(mine.note(case, "A note.", by="ana")),
    ]
    for step in (
        lambda: memo(mine.case(case.id, by="ana")),
        lambda: memo(mine.case(case.id)),
        lambda: mine.case(case.id).proposal,
        lambda: memo(mine.case(case.id)).html,
    ):
        with pytest.raises(BlindError) as refused:
            step()
        told.append(str(refused.value))
    return "\n".join(told)


def widgets_of(value):
    """Every text in a panel, except what its lists offer to choose from."""
    told, todo = [], [value]
    while todo:
        one = todo.pop()
        todo += getattr(one, "children", ())
        told += [str(getattr(one, name)) for name in ("value", "description", "placeholder", "tooltip") if getattr(one, name, None)]
    return "\n".join(told)


def test_the_walk_finds_what_is_there(log, check):
    case = log.propose(opened(log, check), ACTION, policy="ACC-01", because=f"Because of {SECRET}.")
    assert SECRET in reached(log.case(case))
    assert SECRET in widgets_of(panel(log.case(case)))
    assert SECRET in memo(log.case(case)).html


@pytest.mark.parametrize("reading", [True, False])
def test_a_reviewer_cannot_peek(log, check, reading):
    case = opened(log, check)
    log.read(case, f"I see {SECRET} here.")
    log.propose(case, ACTION, policy="ACC-01", because=f"Because of {SECRET}.", plan={"milder": f"{SECRET} too"})
    if reading:
        log.read(case, "They share a bank account.", by="luis")
    told = peeked(log, case)
    assert SECRET not in told
    assert "ACC-01, which" not in told
    with pytest.raises(
        BlindError, match=f"case {case.id}: the first verdict is shown to 'luis' after a second one is given; write yours with log.review"
    ):
        _ = log.case(case, by="luis").proposal
    log.review(case, by="luis", **REVIEW)
    assert SECRET in reached(log.case(case, by="luis"))


def test_the_action_cannot_be_told_from_the_state(log, check):
    """A removal that waits and a warning that waits look the same to everybody but their author."""
    seen = []
    for action in ("remove", "warn"):
        case = proposed(log, check, action)
        told = log.case(case, by="luis")
        seen.append((told.state, str(told).replace(f"Case {case.id}", "Case"), [one.event for one in told.events]))
    assert seen[0] == seen[1]


def test_what_is_in_force_is_withheld_until_it_is_read(log, check):
    case = log.confirm(log.propose(opened(log, check), "suspend", policy="ACC-01", because=f"{SECRET} was seen."))
    log.letter(case, "L07", lang="en")
    told = peeked(log, case)
    assert SECRET not in told
    assert "L07" not in told
    with pytest.raises(BlindError):
        _ = log.case(case, by="luis").decision


def test_the_author_reads_the_own_verdict_and_nobody_else_does(log, check):
    case = proposed(log, check)
    assert log.case(case, by="ana").proposal.facts["action"] == ACTION
    for name in ("luis", "mei", "boss"):
        with pytest.raises(BlindError):
            _ = log.case(case, by=name).proposal


@pytest.mark.parametrize("action", ["restrict", "suspend"])
def test_what_is_in_force_cannot_be_told_from_its_clock(log, check, action):
    # from a Friday on, one business day is longer than 24 hours
    log = desk(log.path.parent, clock=lambda: datetime(2024, 4, 5, 9, tzinfo=UTC))
    log.confirm(proposed(log, check, action))
    mine = type(log)(log.path, by="luis", clock=lambda: datetime(2024, 4, 5, 9, tzinfo=UTC))
    told = [[datetime(2024, 4, 6, 9, tzinfo=UTC), 1, "a second person looks at what is in force", False]]
    assert mine.due().values.tolist() == told
    assert mine.decided(["A"]).empty
    assert log.due()["what"].tolist() == ["a second person looks at what is in force", "what is in force runs out"]
    assert log.decided(["A"])["action"].tolist() == [action]


def test_who_took_a_proposal_back_does_not_read_the_next_one(log, check):
    case = log.withdraw(proposed(log, check, "warn"), because="I looked again.")
    luis = type(log)(log.path, by="luis")
    luis.propose(case, ACTION, policy="ACC-01", because=f"Because of {SECRET}.")
    assert SECRET not in reached(log.case(case))
    assert log.review(case, verdict="warn", because="Two accounts.").state == "disputed"
    assert SECRET in reached(log.case(case))


def test_a_proposal_that_was_taken_back_stays_its_authors_own(log, check):
    """Else whoever read it would be the blind second reader when it is made again."""
    case = log.propose(opened(log, check), ACTION, policy="ACC-01", because=f"Because of {SECRET}.")
    log.withdraw(case, because=f"{SECRET} was wrong.")
    mine = type(log)(log.path, by="luis")
    assert SECRET not in reached(mine.case(case.id))
    assert mine.case(case.id).proposal is None
    assert SECRET in reached(log.case(case))


def test_a_verdict_is_read_where_it_was_typed_in_whoevers_name(log, check):
    """A log at which several people sit in turn, as in a lesson: each name sees its own, and another log sees none of it."""
    case = log.propose(opened(log, check, by="eva"), ACTION, policy="ACC-01", because=f"Because of {SECRET}.", by="eva")
    assert case.proposal.facts["action"] == ACTION
    assert SECRET not in reached(log.case(case, by="ana"))
    assert SECRET not in reached(type(log)(log.path, by="luis").case(case.id, by="eva"))
    told = log.read(case, "They share a bank account.", by="tom")
    assert told.reputation.empty
    with pytest.raises(BlindError):
        _ = type(log)(log.path, by="luis").case(case.id, by="tom").reputation


def test_a_name_alone_does_not_open_what_a_login_wrote(tmp_path, check, monkeypatch):
    """Somebody who says that they are ana, at another log, reads no verdict that ana's own login wrote."""
    monkeypatch.setenv("JUPYTERHUB_USER", "ana")
    log = desk(tmp_path, by=None)
    case = log.propose(opened(log, check), ACTION, policy="ACC-01", because=f"Because of {SECRET}.")
    assert SECRET in reached(type(log)(log.path).case(case.id))
    monkeypatch.delenv("JUPYTERHUB_USER")
    said = type(log)(log.path, by="ana")
    assert SECRET not in reached(said.case(case.id))
    assert said.due()["what"].tolist() == ["a second person gives a verdict"]
    with pytest.raises(SamePersonError):
        said.review(case, **REVIEW)


def test_reputation_and_colleagues_stay_folded_until_an_own_reading(tmp_path, log, check):
    first = proposed(log, check, "restrict")
    log.confirm(first)
    case = opened(log, checked(log=log))
    log.note(case, f"I never trusted him, {SECRET}.", by="tom")
    told = log.case(case, by="luis")
    assert SECRET not in reached(told, 2)
    assert "reputation" not in told.bundle
    with pytest.raises(BlindError, match=f"case {case.id}: write your reading of the evidence first, with log.read"):
        _ = told.reputation
    told = log.read(case, "They share a bank account.", by="luis")
    assert SECRET in str(told)
    assert told.reputation["what"].tolist() == ["restrict, rule ACC-01"]
    assert SECRET not in str(log.case(case, by="ana"))


def test_a_check_folds_what_was_decided_before(log, check):
    from tnskit.errors import WordsError

    log.confirm(proposed(log, check, "restrict"))
    found = checked(log=log)
    for shown in (str(found), found._repr_html_(), repr(found), panel(found).static(), widgets_of(panel(found))):
        assert "restrict" not in shown.replace("restriction", "")
    with pytest.raises(WordsError):
        found.reputation("")
    assert found.reputation("They share a bank account.")["what"].tolist() == ["restrict, rule ACC-01"]


def test_one_in_ten_cases_without_a_second_person_is_read_by_one(log, check):
    cases = [log.confirm(proposed(log, check, "no action", policy="ACC-02")) for _ in range(60)]
    drawn = [case for case in cases if sampled(case.events[0], 10)]
    assert 1 <= len(drawn) <= 15
    assert log.due()["case"].dropna().tolist() == [case.id for case in drawn]
    plain, by_lot = proposed(log, check, "remove"), drawn[0]
    mine = type(log)(log.path, by="luis")
    seen = [
        (told.state, [one.event for one in told.events], str(told).replace(f"Case {told.id}", ""))
        for told in map(mine.case, (plain, by_lot))
    ]
    assert seen[0] == seen[1]
    waits = mine.due()
    assert sorted(waits["case"]) == [*(case.id for case in drawn), plain.id]
    assert set(waits["what"]) == {"a second person gives a verdict"}
    for step in (
        mine.confirm,
        lambda case: mine.propose(case, "warn", policy="ACC-02", because="So."),
        lambda case: mine.lead(case, verdict="warn", because="So."),
    ):
        refusals = []
        for case in (plain, by_lot):
            with pytest.raises(CaseError) as refused:
                step(case)
            refusals.append(str(refused.value).replace(f"case {case.id} ", ""))
        assert refusals[0] == refusals[1]
    with pytest.raises(BlindError):
        _ = log.case(drawn[0], by="luis").proposal
    assert log.review(drawn[0], by="luis", verdict="no action", because="Nothing here.").state == "decided"
    other = next(case for case in cases if not sampled(case.events[0], 10))
    assert log.case(other, by="luis").proposal.facts["action"] == "no action"


def test_a_case_is_a_fold_over_its_events(log, check):
    case = proposed(log, check)
    log.review(case, by="luis", **REVIEW)
    whole = log.confirm(case, by="luis")
    states = [state(whole.events[:n]) for n in range(1, len(whole.events) + 1)]
    assert list(dict.fromkeys(states)) == ["open", "proposed", "reviewed", "decided"]
    again = type(log)(log.path, by="luis").case(case.id)
    assert (again.events, again.state, str(again)) == (whole.events, whole.state, str(whole))
    with pytest.raises(AttributeError):
        whole.state = "open"
    assert isinstance(whole, Case)


def test_histories_are_read_in_order(log, check):
    case = proposed(log, check)
    assert log.case(case).history[["n", "by", "event", "said"]].values.tolist() == [
        [1, "ana", "opened", "a report"], [2, "ana", "proposed", "remove: The same person came back after a removal."],
    ]  # fmt: skip
    assert log.events()["case"].tolist() == [1, 1]


@pytest.mark.parametrize("mapping", [None, {"accounts": {"sql": "SELECT body AS account_id FROM event"}}])
def test_a_log_is_not_loaded_as_a_market(log, check, mapping):
    from tnskit.cleaning.market import load
    from tnskit.errors import SourceError

    proposed(log, check)
    with pytest.raises(SourceError, match=r"'cases\.db' is a case log and holds no exports; open it with tns\.CaseLog"):
        load(str(log.path), mapping=mapping)


def test_links_of_a_log_do_not_peek(log, check):
    """Linking reads suppressions and dissociations alone."""
    from tests.review.desks import returned

    proposed(log, check)
    market, _ = returned()
    assert "obeyed" not in link(market, log=log).settings
