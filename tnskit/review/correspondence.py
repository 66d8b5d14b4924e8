"""`letter`: from a case or a dispute to a letter; what the log knows is filled in, the rest is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tnskit.errors import LetterError, UsageError
from tnskit.review.clocks import clock, due, guarantee
from tnskit.review.disputes import Dispute
from tnskit.review.fold import Case
from tnskit.review.letters import Letter, write
from tnskit.review.standing import PARTIES
from tnskit.review.telling import Facts, Line, zone_of
from tnskit.review.wording import LANGUAGES, wording

_OF_ACTION = {"no action": "L23", "warn": "L06", "verify": "L03", "restrict": "L04", "suspend": "L07", "remove": "L08"}
_OF_STEP = {"talk": "L10", "statements": "L02", "offers": "L11", "withdrawn": "L23"}
_OF_ENDING = {"settled": "L12", "decided": "L13", "safety": "L19", "takeover": "L05"}
_TELLS = {"L04": "restrict", "L06": "warn", "L07": "suspend", "L08": "remove"}
"""Letters that tell one decision, and so come after that one."""
_ANSWERS = {"L16": ("upheld",), "L17": ("modified", "overturned")}
"""Letters that tell how an appeal ended."""
_RESTORED = {
    "account": "account_back", "rank": "rank_back", "badges": "badges_back", "reviews": "reviews_back", "jobs": "jobs_back",
    "payouts": "payouts_back", "strikes": "strike_gone", "deny_lists": "lists_gone", "linked_accounts": "others_back",
    "dissociation": "apart",
}  # fmt: skip
"""What stands on the undo list, as the reader is told it."""
_OWN = {one.name for one in fields(Facts)} - {"values"}


def letter(value: Facts | Case | Dispute, *, template: str = "", lang: str = "", variant: str = "", to: str = "",
           values: Mapping[str, Any] | None = None) -> Letter:  # fmt: skip
    """Write a letter about a case or a dispute.

    Args:
        value: A case, a dispute, or typed facts of your own.
        template: Which letter, such as `L08`; left out, the one that fits the decision of the case or the step of the dispute.
        lang: Language of the reader: `en`, `es`, `pt` or a tag such as `es-MX`; left out, that of the reader, or English where there are no
            letters in it.
        variant: Which of the letter's variants; where the log tells it, it may be left out.
        to: Side of a dispute: `customer` or `pro`.
        values: What the log does not know: blanks by name (see `blanks.toml`), and `name`, `place`, `zone`, `role`, `greeting`,
            `scope`, `source`, `automation`, `others` of the reader. A letter about a case that goes to somebody else, such as whoever
            reported, needs their `recipient`, `role`, `place` and `zone`.

    Returns:
        Letter: `text`, `html`, `eml()`, `lint`, `missing`.

    Raises:
        LetterError: The letter tells a decision that was not made yet, or no letter fits.
        BlindError: It would tell a first verdict to somebody who has not given the second.
        UsageError: No such letter, variant or side, or a value of another type than its blank takes.
    """
    given = dict(values or {})
    if isinstance(value, Case):
        usual = template or _case_template(value)
        facts, kind = _of_case(value, usual, str(given.get("recipient", value.account))), _evasion(value, usual, variant)
        lang = lang or (_reads(value.bundle.get("locale", "")) if facts.recipient == value.account else "")
    elif isinstance(value, Dispute):
        usual, kind = template or _dispute_template(value), ""
        facts = _of_dispute(value, to, usual)
        lang = lang or _reads(value.standing.opened["langs"].get(to, ""))
    elif isinstance(value, Facts):
        facts, usual, kind = value, template, ""
    else:
        raise UsageError(f"a letter is about a case, a dispute or Facts, not about a {type(value).__name__}")
    if not usual:
        raise LetterError("no letter fits by itself here; choose one with template=")
    known = wording("en").template(usual)
    own = {name: given.pop(name) for name in list(given) if name in _OWN}
    facts = replace(facts, **own, values={**facts.values, **given})
    return write(facts, template=usual, lang=lang or "en", variant=variant or _variant(known.variants, kind, value))


def _variant(variants: tuple[str, ...], kind: str, value: Any) -> str:
    """The variant that the log tells."""
    told = {kind}
    if isinstance(value, Dispute):
        told |= {"silent" if value.standing.silent else "heard", "no_contact" if value.standing.no_contact else "direct"}
    found = [one for one in variants if one in told]
    return found[0] if found else ""


def _reads(tag: str) -> str:
    """The language of a tag, where there are letters in it."""
    found = tag.replace("_", "-").partition("-")[0].lower()
    return found if found in LANGUAGES else ""


def _evasion(case: Case, template: str, variant: str) -> str:
    kind = "evasion" if (case.decision or case.opened.facts).get("policy") == "ACC-01" else "conduct"
    if template[:3] == "L08" and variant and variant != kind:
        told = "an earlier account" if variant == "evasion" else "conduct"
        raise LetterError(f"case {case.id} was not decided on {told}; its letter is the variant '{kind}'")
    return kind


def _case_template(case: Case) -> str:
    if case.state == "appealed":
        return "L15"
    outcome = _outcome(case)
    if case.state == "overturned":
        return "L17" if outcome == "overturned" else "L18"
    told = next((code for code, outcomes in _ANSWERS.items() if outcome in outcomes), "")
    return told or (_OF_ACTION.get(case.decision["action"], "") if case.decision else "")


def _outcome(case: Case) -> str:
    """How the last appeal was answered; empty without one."""
    answered = case.of("answered")
    return str(answered[-1].facts["outcome"]) if answered else ""


def _refuse_early(case: Case, code: str) -> None:
    """A letter that tells a decision comes after that decision."""
    decided = case.decision
    if decided is None and (code in _TELLS or code in _ANSWERS):
        raise LetterError(f"case {case.id} is not decided yet; {code} comes after the decision")
    if decided is not None and code in _TELLS and decided["action"] != _TELLS[code]:
        raise LetterError(f"case {case.id} was decided as '{decided['action']}'; {code} tells '{_TELLS[code]}'")
    if code in _ANSWERS and _outcome(case) not in _ANSWERS[code]:
        raise LetterError(f"case {case.id} has no appeal that ended as {' or '.join(_ANSWERS[code])}; {code} tells that")


def _of_case(case: Case, template: str, recipient: str) -> Facts:
    """What the log knows for a letter about a case; what is known of its account stays out of a letter to somebody else."""
    _refuse_early(case, template[:3])
    mine, bundle = recipient == case.account, case.bundle
    zone, place = (bundle.get("tz") or "UTC", bundle.get("country", "")) if mine else ("UTC", "")
    role = bundle.get("role") if mine else "customer"
    staff = tuple(sorted({one.by for one in case.events}))
    others = tuple(name for name in case.names if name != recipient)
    return Facts(
        case=f"K-{case.id}", recipient=recipient, role=role if role in PARTIES else "pro", place=place, zone=zone, now=case.log.now(),
        values=_told(case, template[:3], zone), automation="assisted", others=others, staff=staff, seal=case.head,
    )  # fmt: skip


def _told(case: Case, code: str, zone: str) -> dict[str, Any]:
    """The blanks that the log of a case fills in."""
    decided, now = case.decision, case.log.now()
    by = due(now, clock("answer", now.date()), zone)
    values: dict[str, Any] = {"by": by, "next_by": due(by, clock("next letter", now.date()), zone)}
    if decided:
        made = case.of("confirmed", "led")[-1]
        first, last = made.at, case.of("answered")[-1] if code == "L16" else made
        ends = last.at + timedelta(days=case.log.authority(last.at, until=last.n).appeal["open_days"])
        values |= {"rule": decided["policy"], "version": decided["version"], "start": decided["at"], "decided_day": first,
                   "appeal_by": ends.date()}  # fmt: skip
        values |= {"until": _moment(decided["expires"])} if decided.get("expires") else {}
        values |= {"by": values["until"]} if code == "L03" and "until" in values else {}
    if appealed := case.of("appealed"):
        values |= {"received": appealed[-1].at} if code == "L15" else {}
        values |= {"next_by": _moment(appealed[-1].facts["reply_by"])} if code == "L15" else {}
    if case.bundle.get("removed_on") and code == "L08":
        values["earlier_day"] = _moment(case.bundle["removed_on"])
    if case.state == "overturned":
        done = set(case.undo.loc[case.undo["state"] == "done", "item"])
        values["terms"] = tuple(Line(line) for item, line in _RESTORED.items() if item in done)
    return values


def _moment(value: Any) -> datetime:
    told = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _dispute_template(dispute: Dispute) -> str:
    return _OF_ENDING.get(dispute.outcome, "") or _OF_STEP.get(dispute.step, "")


def _of_dispute(dispute: Dispute, to: str, template: str) -> Facts:
    """What the log knows for a letter to one side; the other side's account may not stand in it."""
    if to not in PARTIES:
        raise UsageError(f"a letter about a dispute goes to one side: to='{PARTIES[0]}' or to='{PARTIES[1]}'")
    stand, now = dispute.standing, dispute.now()
    other = PARTIES[1 - PARTIES.index(to)]
    zone, opened = stand.zones[to], stand.opened

    def after(step: str, start: datetime) -> datetime:
        return due(start, clock(step, start.date()), zone, times=2 if to in opened["slower"] else 1)

    # the day of the job is that of the place of the job, so that both sides read the same one
    job_day = stand.job_day.astimezone(zone_of(opened["zone"])).date()
    values: dict[str, Any] = {"job_day": job_day, "received": datetime.fromisoformat(opened["at"]), "start": now}
    values["by"] = stand.hearing_ends(to) if stand.of("asked") else after("talk", now)
    values["next_by"] = after("timeline", values["by"])
    if stand.facts:
        values["facts"] = tuple(replace(one, standing="") for one in stand.facts)
    offer = stand.open_offer(now)
    if offer is not None:
        values |= {"terms": offer.terms, "round": str(offer.round), "expires": offer.expires}
        values["next_by"] = after("options", offer.expires)
    if stand.ended is not None:
        agreed = stand.ended.astimezone(zone_of(opened["zone"])).date()
        values |= {"terms": stand.terms, "agreed_day": agreed, "start": stand.ended, "follow_day": after("follow-up 1", stand.ended)}
        days = [one.day for one in stand.terms if one.day is not None]
        values["by"] = max(days) if days else values["follow_day"]
        values["appeal_by"] = (stand.ended + timedelta(days=dispute.ledger.authority(stand.ended.date()).appeal["open_days"])).date()
    if template[:3] == "L14":
        values |= _guarantee(dispute)
    staff = tuple(sorted({one.by for one in stand.events}))
    return Facts(
        case=dispute.id, recipient=stand.accounts[to], role=to, place=str(opened["places"].get(to, "")), zone=zone, now=now, values=values,
        others=(stand.accounts[other],), staff=staff, source="both" if stand.statements else "own", seal=dispute.ledger.head,
    )  # fmt: skip


def _guarantee(dispute: Dispute) -> dict[str, Any]:
    """The terms of the guarantee for damage in force on the day of the job, and what was asked of it."""
    stand = dispute.standing
    terms = guarantee("damage", stand.job_day.date())
    claims = [one.amount for one in stand.terms if one.kind == "claim" and one.amount is not None]
    found: dict[str, Any] = {"limit": terms.limit, "version": terms.version} if terms is not None else {}
    return found | ({"claimed": claims[0]} if claims else {})
