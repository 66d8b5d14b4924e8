"""Every letter in three languages from cases and disputes of the sample market, as the real log has them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.disputes import Hand
from tests.letters import ALL
from tnskit.cleaning.market import Market, load
from tnskit.errors import LetterError
from tnskit.evidence.links import Links, link
from tnskit.review.cases import CaseLog
from tnskit.review.correspondence import letter
from tnskit.review.disputes import Dispute, mediate
from tnskit.review.fold import Case
from tnskit.review.letters import Letter
from tnskit.review.precheck import Check, precheck
from tnskit.review.telling import Line, Money
from tnskit.review.wording import LANGUAGES
from tnskit.workbench.notebooks import sample_market

pytestmark = pytest.mark.slow

BACK, CONDUCT, WORKS, HIRES, BRAZIL = "A1479", "A1565", "A1095", "A1099", "A1315"
"""Two who came back after a removal, a pro and a customer with nothing against them, and a pro who reads Spanish."""
DAY = date(2025, 12, 30)
CHARGED = (Line("price_changed", DAY, source="message"), Line("charged", DAY, amount=Money(120_000), source="payment"))

Written = dict[tuple[str, str], dict[str, Letter]]


class Office:
    """A log on the sample market with people at it; what is written is kept by letter, variant and language."""

    def __init__(self, market: Market, links: Links, folder: Any) -> None:
        self.market, self.links, self.hand = market, links, Hand()
        self.log = CaseLog(folder / "cases.db", by="ana", clock=self.hand)
        self.written: Written = {}
        self.checks: dict[str, Check] = {}

    def write(self, value: Case | Dispute, template: str = "", variant: str = "", to: str = "", **values: Any) -> None:
        made = {lang: letter(value, template=template, lang=lang, variant=variant, to=to, values=values) for lang in LANGUAGES}
        one = made["en"]
        found = next(v for v in dict(ALL_OF)[one.template] if not v or v == (variant or one_variant(one)))
        self.written[one.template, found] = made

    def opened(self, account: str, policy: str) -> Case:
        if account not in self.checks:
            self.checks[account] = precheck(self.market, self.links, account, log=self.log)
        case = self.log.open(self.checks[account], policy=policy, incident="2024-11-01", conflict="none")
        self.log.read(case, "I looked at every piece of it.")
        return self.log.find(case, "The price was raised after the work had begun.")

    def decided(self, account: str, action: str, policy: str = "PRO-06") -> Case:
        case = self.log.propose(self.opened(account, policy), action, policy=policy, because="The messages show it.")
        return self.log.confirm(case)

    def removed(self, account: str, policy: str) -> Case:
        case = self.opened(account, policy)
        for code in dict.fromkeys(case.open_stops("link" if policy == "ACC-01" else "conduct")):
            self.log.clear(case, code, because="The money is held apart and will be paid.", by="rosa")
        case = self.log.propose(case, "remove", policy=policy, because="It came back after a removal.")
        self.log.review(case, by="luis", verdict="remove", because="I see the same.", conflict="none")
        return self.log.confirm(case, by="luis")

    def job(self) -> str:
        found = self.market.table("jobs").dropna(subset=["pro_account_id", "completed_at", "quote_minor"])
        taken = {one.facts["job"] for one in self.log._audit.events() if one.event == "dispute opened"}
        return str(next(job for job in found["job_id"] if job not in taken))

    def heard(self, **how: Any) -> Dispute:
        found = mediate(self.log, self.job(), market=self.market, by="ana").triage("mediation", because="nobody is in danger", **how).ask()
        for party in ("customer", "pro"):
            found = found.hear(party, {"happened": "This is how I saw it.", "wish": "A fair end."})
        return found.fact(Line("unfinished", DAY), standing="disputed", source="customer").share(self.market)


ALL_OF = {code: [v for c, v in ALL if c == code] for code, _ in ALL}


def one_variant(made: Letter) -> str:
    """The variant that the log chose, told by what only it says."""
    return {"no_contact": "no_contact", "silent": "silent"}.get(
        "no_contact" if "do not contact the other side" in made.text else "silent" if "One side did not answer" in made.text else "",
        {"L08": "evasion" if "earlier account" in made.text else "conduct", "L10": "direct", "L13": "heard"}.get(made.template[:3], ""),
    )


def cases(o: Office) -> None:
    """Letters about one account: decisions, appeals, mistakes."""
    log, told = o.log, {"facts": CHARGED, "because": Line("same_breach")}
    gone = o.removed(BACK, "ACC-01")
    o.write(gone, **told)
    gone = log.appeal(gone, grounds="I am not that person.")
    o.write(gone)
    o.write(log.answer(gone, outcome="upheld", because="Nothing new.", by="mei"), facts=CHARGED, because=Line("nothing_new"))
    other = o.removed(CONDUCT, "PAY-04")
    o.write(other, **told)
    other = log.answer(log.appeal(other, grounds="It was agreed."), outcome="overturned", because="The messages show it.", by="mei")
    o.write(log.restore(other, "account", because="It works again."), facts=(Line("checked", DAY),))
    o.write(o.decided(WORKS, "verify"))
    held = o.decided(WORKS, "restrict")
    o.write(held, facts=CHARGED)
    o.write(held, "L22", "hold", facts=CHARGED, amount=Money(120_000), need=Line("receipt"), scope="one_payment")
    o.write(held, "L22", "release", amount=Money(120_000), because=Line("checked_now"))
    o.write(o.decided(WORKS, "suspend"), facts=CHARGED, because=Line("money_risk"))
    o.write(o.decided(WORKS, "no action"), facts=(Line("no_proof"), Line("checked", DAY)), received=DAY)
    warned = o.decided(BRAZIL, "warn")
    o.write(warned, facts=CHARGED, need=Line("in_writing"))
    o.write(log.undo(warned, because="We took another account for it.", by="mei"), facts=(Line("mixed_up", DAY),))
    taken = o.opened(HIRES, "ACC-04")
    o.write(taken, "L05", facts=(Line("new_sign_in", DAY),))
    o.write(o.decided(HIRES, "warn", "REV-01"), "L20", "removed", review_day=DAY, facts=(Line("not_genuine", DAY, source="job"),))
    o.write(taken, "L21", facts=(Line("duplicate_lead", DAY, DAY),), amount=Money(4550), leads=2, role="pro", start=DAY)
    for variant, when in (("pre_adverse", {}), ("adverse", {"earlier_day": DAY})):
        o.write(gone, "L25", variant, agency="Example Checks, 500 Main St, Springfield, telephone 312 555 2368", **when)


def others(o: Office) -> None:
    """Letters that go to somebody else: whoever reported, was reviewed, or had planned a job."""
    case = o.opened(WORKS, "PRO-06")
    reporter = {"recipient": HIRES, "place": "US", "zone": "America/Denver", "role": "customer"}
    o.write(case, "L01", received=DAY, **reporter)
    o.write(case, "L09", received=DAY, **reporter)
    o.write(case, "L24", job_day=DAY, **reporter)
    for variant in ("removed_other", "kept"):
        o.write(case, "L20", variant, review_day=DAY, rule="REV-01", facts=(Line("genuine", DAY, source="job"),), **reporter)


def disputes(o: Office) -> None:
    """Letters about a job."""
    first = mediate(o.log, o.job(), market=o.market, by="ana")
    o.write(first.triage("mediation", because="nobody is in danger"), to="customer")
    first.withdraw("customer", because="enough of it")
    apart = mediate(o.log, o.job(), market=o.market, by="ana").triage("mediation", because="harassment was told", no_contact=True)
    o.write(apart, to="pro")
    o.write(apart.ask(), to="pro", facts=(Line("damaged", DAY, source="photo"),))
    apart.triage("safety", because="somebody was hurt")
    o.write(apart.again(), to="customer")
    found = o.heard().option([Line("claim", amount=Money(64_000))]).offer("pro", [Line("claim", amount=Money(64_000))])
    o.write(found, to="customer")
    found = found.answer("customer", "yes").sign("customer", words="I accept.").sign("pro", words="I accept.")
    o.write(found, to="pro")
    shown = {"facts": (Line("damaged", DAY, source="photo"),), "because": Line("half_shown")}
    o.write(found, "L14", "approved", "customer", amount=Money(64_000), facts=shown["facts"])
    o.write(found, "L14", "part", "customer", amount=Money(30_000), rule="PRO-05", **shown)
    o.write(found, "L14", "declined", "customer", rule="PRO-05", **shown)
    why = {"because": Line("records_show"), "rule": "PRO-04"}
    decided = o.heard().decide([Line("no_fault")], because="The records show it.", could_change="A receipt.")
    o.write(decided, to="customer", version="2024-01", **why)
    mute = mediate(o.log, o.job(), market=o.market, by="ana").triage("mediation", because="fine").ask()
    mute = mute.hear("customer", {"happened": "It came loose."}).remind("pro")
    o.hand.move(200)
    mute = mute.silent("pro").fact(Line("no_proof"), standing="unknown", source="own").share(o.market)
    o.write(mute.decide([Line("no_fault")], because="Nothing shown.", could_change="A photo."), to="customer", version="2024-01", **why)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    market = load(sample_market())
    made = Office(market, link(market), tmp_path_factory.mktemp("log"))
    for walk in (cases, others, disputes):
        walk(made)
    return made


def test_every_letter_and_variant_came_from_a_case_or_a_dispute(office: Office) -> None:
    assert set(office.written) == set(ALL)
    assert len({code for code, _ in office.written}) == 25


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_missing_and_nothing_blocks(office: Office, lang: str) -> None:
    told = {key: made[lang] for key, made in office.written.items()}
    assert {key: (one.missing, one.findings) for key, one in told.items() if one.missing or one.findings} == {}
    assert {key: one.reading for key, one in told.items() if one.reading.too_hard} == {}


def test_what_the_log_knows_is_filled_in(office: Office) -> None:
    gone = office.written["L08-closed", "evasion"]["en"]
    assert "after an earlier account was closed on June 17, 2024 (rule ACC-01)" in " ".join(gone.text.split())
    assert "a person decided. A tool helped to find what to look at." in gone.text
    assert "You will receive $640 by" in " ".join(office.written["L14-guarantee-claim", "approved"]["en"].text.split())
    assert "The most they cover is $1" in " ".join(office.written["L14-guarantee-claim", "declined"]["en"].text.split())
    back = office.written["L17-appeal-overturned", ""]["pt"].text
    assert ("A sua conta funciona de novo." in back, "Os seus selos voltaram." in back) == (True, False)


def test_a_letter_is_in_the_readers_language_and_place_where_nobody_says_another(office: Office) -> None:
    told = {"facts": CHARGED, "need": Line("in_writing")}
    made = letter(office.log.case(_case_of(office, BRAZIL)), template="L02", values={**told, "job_day": DAY})
    assert (made.tag, made.facts.place, made.facts.zone.split("/")[0], made.missing) == ("es-US", "US", "America", ())


def test_nothing_of_the_account_goes_to_whoever_reported_it(office: Office) -> None:
    made = office.written["L09-outcome-to-reporter", ""]["en"]
    assert WORKS in made.facts.others
    assert WORKS not in made.text
    told = {"recipient": HIRES, "place": "US", "zone": "America/Denver", "role": "customer", "received": DAY}
    worse = letter(office.log.case(_case_of(office, WORKS)), template="L23", values={**told, "facts": (f"It was {WORKS}.",)})
    assert "other_user" in set(worse.lint["check"])
    alone = letter(office.log.case(_case_of(office, BRAZIL)), template="L09", values={"recipient": HIRES, "received": DAY})
    assert (alone.lang, alone.missing) == ("en", ("emergency",))


def _case_of(office: Office, account: str) -> int:
    found = office.log.cases()
    return int(found.loc[found["account"] == account, "case"].iloc[-1])


EARLY: list[tuple[Callable[[Office], Case], str, str, str]] = [
    (lambda o: o.decided(HIRES, "warn"), "L08", "conduct", "was decided as 'warn'; L08 tells 'remove'"),
    (lambda o: o.decided(HIRES, "warn"), "L16", "", "has no appeal that ended as upheld"),
    (lambda o: o.opened(HIRES, "PRO-06"), "L06", "", "is not decided yet; L06 comes after the decision"),
    (lambda o: o.log.case(_case_of(o, CONDUCT)), "L08", "evasion", "was not decided on an earlier account"),
]


@pytest.mark.parametrize(("begin", "template", "variant", "told"), EARLY)
def test_a_letter_tells_what_was_decided_and_nothing_else(
    office: Office, begin: Callable[[Office], Case], template: str, variant: str, told: str
) -> None:
    with pytest.raises(LetterError, match=told):
        letter(begin(office), template=template, variant=variant)


def test_an_appeal_that_is_withdrawn_or_modified_has_its_letter(office: Office) -> None:
    case = office.log.appeal(office.decided(HIRES, "restrict"), grounds="I need to work.")
    softer = office.log.answer(case, outcome="modified", action="warn", because="A word is enough.", by="mei")
    assert letter(softer, values={"facts": CHARGED, "terms": (Line("payouts_back"),)}).template == "L17-appeal-overturned"
    back = office.log.answer(office.log.appeal(softer, grounds="Still."), outcome="withdrawn", because="They took it back.", by="rosa")
    assert letter(back, values={"facts": CHARGED, "need": Line("in_writing")}).template == "L06-warning"


def test_days_of_a_letter_are_weekdays_of_the_reader_where_nobody_gives_them(office: Office) -> None:
    made = office.written["L15-appeal-received", ""]["en"]
    assert made.facts.values["next_by"] == datetime(2026, 3, 5, 22, tzinfo=UTC) + timedelta(days=14)
