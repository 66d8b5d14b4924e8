"""The memo: every field, masked, escaped, the same each time, and in step with every other view."""

import re
from html.parser import HTMLParser

import pytest

from tests.review.desks import HELD, checked, decided, desk, opened, proposed, returned
from tests.review.test_appeals import KEY
from tests.review.test_correspondence import VALUES
from tests.review.test_decisions import REVIEW
from tests.review.test_said import HOSTILE
from tnskit.cleaning.privacy import leaks
from tnskit.errors import SealError, UsageError
from tnskit.evidence.links import link
from tnskit.findings.explain import explain, lookup
from tnskit.findings.graph import graph
from tnskit.review.correspondence import letter
from tnskit.review.memo import memo, read_record
from tnskit.review.precheck import precheck
from tnskit.review.replay import replay
from tnskit.workbench.export import export


@pytest.fixture(scope="module")
def check():
    return checked(payments=[HELD])


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.setenv("TNSKIT_KEY", KEY)
    return desk(tmp_path)


@pytest.fixture
def whole(log, check):
    """A case with every field filled in."""
    case = log.read(opened(log, check), "One bank account, one device, one after the other.")
    log.find(case, "Began ten days after the removal.", rests_on=["E1"], on="2024-02-10")
    log.hear(case, "The user says it is a new phone.", lang="es")
    plan = {"milder": "A suspension would only delay it.", "money": "50 USD are paid out.", "jobs": "None is open.", "scope": "the account"}
    log.propose(case, "remove", policy="ACC-01", because="The same person came back.", plan=plan)
    log.review(case, by="luis", **REVIEW)
    log.clear(case, "H7", because="50 USD are paid out on Friday.", by="rita")
    log.confirm(case, by="luis")
    return log.letter(case, "L08", lang="es", sha256="ab" * 32)


FIELDS = {
    "case id": "case | 1", "subject": "account | A", "role": "pro, active", "trigger": "a report", "policy and version": "ACC-01, version of 2024-01-01",
    "incident": "2024-03-01 (days in UTC; the account's zone is America/Chicago)", "finding with evidence": "1 | Began ten days after the removal. | E1 | 2024-02-10 | ana",
    "reading": "Reading of ana: One bank account, one device, one after the other.", "label and score": "A and B: strong, ", "settings version": "settings ",
    "explanations": "one home or one firm", "against": "WHAT SPEAKS AGAINST IT", "not available": "The account has no data for:", "statement": "The user says it is a new phone.",
    "takeover": "No sign of a takeover was found", "earlier removal": "Was the removal of B sound? | yes | rule PAY-01", "stop cleared": "rita | 50 USD are paid out on Friday.", "action": "action | remove.",
    "scope": "scope | the account", "duration": "how long | for good", "effective": "takes effect | when it is confirmed", "why": "why | The same person came back.",
    "proportionality": "why not a milder step | A suspension would only delay it.", "ladder": "it goes as far as 'remove'", "money": "money | 50 USD are paid out.", "jobs": "jobs | None is open.",
    "letter": "Letter L08, es", "author": "author | ana, 01 Apr 2024", "time spent": "time from opening to proposal | 25 min", "blind reviewer": "second verdict, blind | remove, by luis, 01 Apr 2024",
    "decider": "decided | by luis", "names": "ana: written down by whoever used the log", "conflict": "ana: none, luis: none, rita: not declared", "unchecked": "whether 'luis' acts as senior: this log knows no roles",
    "automation": "assisted: tnskit listed", "appeal by": "An appeal is free and taken in until 01 Oct 2024", "bundle": "evidence, frozen | ", "head": "head of the log | 10:",
}  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_there(whole, field):
    assert FIELDS[field] in memo(whole).text


def test_what_is_not_recorded_says_so(log, check):
    told = memo(log.open(check)).text
    for words in (
        "what made us look | not recorded",
        "rule suspected | not recorded",
        "not recorded; the day of the check stands in for it, 2024-04-01",
        "No statement is recorded.",
        "Nothing is decided or proposed.",
        "No letter is recorded.",
        "ana: not declared",
        "No fact about the account's own conduct was written down.",
    ):
        assert words in told


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def tags(page):
    reader = Tags()
    reader.feed(page)
    return reader.found


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(log, check, text):
    plain = memo(log.propose(opened(log, check), "warn", policy="ACC-01", because="So it is.", plan={"milder": "So it is."}))
    case = log.propose(opened(log, check, trigger=text), "warn", policy="ACC-01", because=text, plan={"milder": text})
    case = log.hear(log.find(log.read(case, text), text), text)
    made = memo(log.case(case))
    kinds = {tag for tag, _ in tags(made.html)}
    assert kinds == {tag for tag, _ in tags(plain.html)}
    assert not kinds & {"script", "img", "iframe", "object", "a", "form", "link"}
    assert not any(name.startswith("on") or name in {"href", "src"} for _, attrs in tags(made.html) for name in attrs)
    assert kinds - {"p", "tr", "td", "th"} == {tag for tag, _ in tags(made.html)} - {"p", "tr", "td", "th"}
    body = re.sub(r"```json.*?```", "", made.markdown, flags=re.DOTALL)
    for shown in ("<script", "<img", "](", "![", "{{", "${"):
        assert shown not in body
    assert "javascript:" not in made.html.replace("javascript:alert(1)", "") or "href" not in made.html
    if "{{" in text:
        assert "{{7*7}} ${7*7} {0.__class__} %s" in made.text


def test_a_memo_stands_alone_and_is_masked(whole, tmp_path):
    made = memo(whole)
    assert "<script" not in made.html
    assert "default-src 'none'" in made.html
    assert not re.findall(r"https?://", made.html)
    for text in (made.html, made.markdown, made.text, made._repr_html_()):
        assert [kind for line in text.splitlines() for kind in leaks(line)] == []
        assert "ba_77aa88" not in text
        assert "ana.r_77" not in text
    for ending, content in {"html": made.html, "md": made.markdown, "txt": made.text}.items():
        assert export(made, tmp_path / f"memo.{ending}").read_text() == content
    with pytest.raises(UsageError, match=r"cannot be written to '\.pdf'"):
        export(made, tmp_path / "memo.pdf")


def test_the_same_case_gives_the_same_bytes(whole, log):
    again = type(log)(log.path, by="ana")
    assert memo(again.case(whole.id)).html == memo(log.case(whole)).html
    assert memo(again.case(whole.id)).markdown == memo(log.case(whole)).markdown


def test_no_memo_comes_from_a_log_that_is_not_sound(whole, log):
    log.close()
    log.path.write_bytes(log.path.read_bytes().replace(b"a new phone", b"an old phon"))
    with pytest.raises(SealError, match=r"no memo is written from a log that is not sound: cases\.db, event 4 does not match"):
        memo(whole)


def test_an_overturned_case_says_so_first(log, check):
    case = log.undo(decided(log, checked()), because="Two people.", by="mei")
    told = memo(case).text
    assert "Overturned. Remove. Rule ACC-01" in told
    assert "account | the account works again | to do" in told


def test_every_view_of_a_pair_tells_one_score_and_one_label(log):
    """Table, evidence, lookup, explanation, graph, check, case and memo; the letter names none, and the same head as the memo."""
    market, links = returned()
    pair = links.pairs.iloc[0]
    case = opened(log, precheck(market, links, "A", now="2024-04-01T00:00:00Z"))
    edge = graph(links, around="A").edges["A", "B"]
    told, near, basis = explain(links, "A", "B"), lookup(links, "A").iloc[0], case.bundle["basis"]
    record = read_record(memo(case).html)
    views = [
        (pair["score"], pair["label"]),
        (told.score, told.label),
        (near["score"], near["label"]),
        (edge["score"], edge["label"]),
        (basis["score"], basis["label"]),
        (record["basis"]["score"], record["basis"]["label"]),
    ]
    assert {(float(score), label) for score, label in views} == {(float(pair["score"]), "strong")}
    assert links.evidence("A", "B")["counted"].sum() == pair["score"] == case.evidence["counted"].sum()
    for text in (memo(case).text, memo(case).html, memo(case)._repr_html_(), str(precheck(market, links, "A"))):
        assert f"strong, {pair['score']:g} points" in text
    assert f"strong, {pair['score']:g} points".replace("-", "\\-") in memo(case).markdown.replace("\\.", ".")
    for lang in ("en", "es", "pt"):
        sent = letter(case, template="L23", lang=lang, values=VALUES)
        assert sent.facts.seal == case.head
        assert case.head in memo(case).text
        assert not re.search(r"strong|points|puntos|pontos", sent.text)


def test_a_record_is_read_back_from_both_forms(whole):
    made = memo(whole)
    assert read_record(made.html) == read_record(made.markdown) == made.record


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no memo",
        '<pre id="tnskit-record">{"a": 1}</pre>',
        '<pre id="tnskit-record">{</pre>',
        "```json tnskit-record\n[]\n```",
        '<pre id="tnskit-record">{}</pre>',
    ],
)
def test_what_is_no_memo_is_refused(text):
    with pytest.raises(UsageError, match="this is no memo with a record"):
        read_record(text)


def test_only_a_case_has_a_memo(check):
    with pytest.raises(UsageError, match="memo takes a case"):
        memo(check)


def test_replay_gives_the_same_from_the_same(whole):
    found = replay(memo(whole).record, returned(payments=[HELD])[0])
    assert (found.same, found.pairs, found.label, str(found)) == (
        True,
        1,
        "strong",
        "A: the same. 1 pairs, label 'strong', stops and verdict as in the memo.",
    )


def test_replay_says_what_differs(whole):
    from tests.markets import market, seen
    from tests.review.desks import DAYS, PEOPLE, REMOVED

    less = market(
        [*PEOPLE, {"account_id": "C"}],
        identifiers=seen(*(f"{name} payout ba_77aa88 {days}" for name, days in (DAYS | {"C": "2024-03-01"}).items())),
        actions=[REMOVED],
    )
    told = "\n".join(replay(memo(whole).record, less).differs)
    for words in (
        "input: what was loaded has changed",
        "link: the score was 39 and is 27",
        "pairs: 1 are new: C",
        "stops: were H7 and are H1",
    ):
        assert words in told


def test_replay_of_an_account_that_is_gone(whole):
    from tests.markets import market

    assert replay(memo(whole).record, market("X Y")).differs[-1] == "account 'A' is not in these exports"


def test_replay_with_a_log_takes_it_as_it_stood(log):
    from tests.markets import market, seen

    m = market(
        "A B",
        identifiers=seen(
            "A phone 312_555_2368 2024-01-01",
            "B phone 312_555_2368 2024-01-01",
            "A payout ba_77aa88 2024-01-01",
            "B payout ba_77aa88 2024-01-01",
        ),
    )
    (shown,) = [row for (row,) in m.db.execute("SELECT shown FROM main.identifier WHERE kind = 'phone'").fetchall()]
    first = log.suppress(m, shown, why="school", because="A school's line.", until="2025-01-01")
    case = log.open(precheck(m, link(m, log=log), "A", log=log))
    record = memo(case).record
    log.lift(first.n, because="It was another school.")
    assert replay(record, m, log=log).same
    told = replay(record, m).differs
    assert told[0] == "the check of the memo knew a case log; name it with --log"
    assert any("CONTACT" in line for line in told)


def test_replay_knows_what_was_decided_when_the_check_was_made(log):
    case = decided(log, checked())
    market, links = returned()
    second = log.open(precheck(market, links, "A", now="2024-04-01T00:00:00Z", log=log))
    log.undo(case, because="Two people.", by="mei")
    record = memo(second).record
    assert replay(record, market, log=log).same
    assert "knew a case log" in replay(record, market).differs[0]


def test_a_proposal_of_somebody_else_has_no_memo_yet(log, check):
    from tnskit.errors import BlindError

    case = proposed(log, check)
    with pytest.raises(BlindError):
        memo(log.case(case, by="luis"))


def test_the_moment_of_an_incident_is_told_on_both_clocks(tmp_path):
    log = desk(tmp_path)
    case = opened(log, checked(), incident="2024-03-02T04:30:00Z")
    assert "02 Mar 2024, 04:30 UTC; 01 Mar 2024, 22:30 where the account is (America/Chicago)" in memo(case).text
    assert (case.opened.facts["incident"], case.opened.facts["version"]) == ("2024-03-02", "2024-01-01")
    with pytest.raises(UsageError, match="incident= has no zone"):
        opened(log, checked(), incident="2024-03-02 04:30")


def test_why_the_other_explanations_do_not_hold_is_in_the_memo(tmp_path):
    log = desk(tmp_path)
    case = proposed(log, checked(), plan={"others": "They showed one face."})
    assert "Why the others do not hold: They showed one face." in memo(case).text
    assert "Why the others do not hold: not recorded." in memo(opened(log, checked())).text
