"""`letter`: from a case or a dispute to a letter; what the log knows is filled in, the rest is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tnskit.errors import LetterError, UsageError
from tnskit.review.authority import authority
from tnskit.review.clocks import clock, due
from tnskit.review.disputes import Dispute
from tnskit.review.fold import Case
from tnskit.review.letters import Letter, write
from tnskit.review.standing import PARTIES
from tnskit.review.telling import Facts, zone_of
from tnskit.review.wording import wording

_OF_ACTION = {"no action": "L23", "warn": "L06", "verify": "L03", "restrict": "L04", "suspend": "L07", "remove": "L08"}
_OF_STEP = {"talk": "L10", "statements": "L02", "offers": "L11", "withdrawn": "L23"}
_DECIDES = {"L04", "L06", "L07", "L08", "L16", "L17"}
"""Letters that tell a decision, and so come after it."""
_OWN = {one.name for one in fields(Facts)} - {"values"}


def letter(value: Facts | Case | Dispute, *, template: str = "", lang: str = "", variant: str = "", to: str = "",
           values: Mapping[str, Any] | None = None) -> Letter:  # fmt: skip
    """Write a letter about a case or a dispute.

    Args:
        value: A case, a dispute, or typed facts of your own.
        template: Which letter, such as `L08`; left out, the one that fits the decision of the case or the step of the dispute.
        lang: Language of the reader: `en`, `es`, `pt` or a tag such as `es-MX`; that of the reader in a dispute, else English.
        variant: Which of the letter's variants; where the log tells it, it may be left out.
        to: Side of a dispute: `customer` or `pro`.
        values: What the log does not know: blanks by name (see `blanks.toml`), and `name`, `place`, `zone`, `role`, `greeting`,
            `scope`, `source`, `automation`, `others` of the reader.

    Returns:
        Letter: `text`, `html`, `eml()`, `lint`, `missing`.

    Raises:
        LetterError: The letter tells a decision that was not made yet, or no letter fits.
        BlindError: It would tell a first verdict to somebody who has not given the second.
        UsageError: No such letter, variant or side, or a value of another type than its blank takes.
    """
    given = dict(values or {})
    if isinstance(value, Case):
        facts, usual, kind = _of_case(value, template, given), _case_template(value, template), _evasion(value)
    elif isinstance(value, Dispute):
        facts, usual, kind = _of_dispute(value, to), template or _dispute_template(value), ""
        lang = lang or value.standing.opened["langs"].get(to, "en")
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


def _evasion(case: Case) -> str:
    return "evasion" if case.opened.facts["policy"] == "ACC-01" else "conduct"


def _case_template(case: Case, template: str) -> str:
    if template:
        return template
    if case.state == "appealed":
        return "L15"
    if case.state == "overturned":
        return "L17"
    if case.of("answered"):
        return "L16"
    decided = case.decision
    return _OF_ACTION.get(decided["action"], "") if decided else ""


def _of_case(case: Case, template: str, given: Mapping[str, Any]) -> Facts:
    """What the log knows for a letter about a case."""
    decided = case.decision
    if decided is None and template[:3] in _DECIDES:
        raise LetterError(f"case {case.id} is not decided yet; {template[:3]} comes after the decision")
    role = case.bundle.get("role") or ""
    now = case.log.now()
    values: dict[str, Any] = {}
    if decided:
        day: datetime = decided["at"]
        values = {"rule": decided["policy"], "version": decided["version"], "start": day, "decided_day": day,
                  "appeal_by": (day + timedelta(days=authority().appeal["open_days"])).date()}  # fmt: skip
        values |= {"until": _moment(decided["expires"])} if decided.get("expires") else {}
    staff = tuple(sorted({one.by for one in case.events}))
    others = tuple(name for name in case.names if name != case.account)
    return Facts(
        case=f"K-{case.id}", recipient=case.account, role=str(given.get("role", role if role in PARTIES else "pro")), place="", zone="UTC",
        now=now, values=values, others=others, staff=staff, seal=case.head,
        automation="assisted",
    )  # fmt: skip


def _moment(value: Any) -> datetime:
    told = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _dispute_template(dispute: Dispute) -> str:
    ended = {"settled": "L12", "decided": "L13", "safety": "L19", "takeover": "L05"}
    return ended.get(dispute.outcome, "") or _OF_STEP.get(dispute.step, "")


def _of_dispute(dispute: Dispute, to: str) -> Facts:
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
        values["appeal_by"] = (stand.ended + timedelta(days=authority().appeal["open_days"])).date()
    staff = tuple(sorted({one.by for one in stand.events}))
    return Facts(
        case=dispute.id, recipient=stand.accounts[to], role=to, place=str(opened["places"].get(to, "")), zone=zone, now=now, values=values,
        others=(stand.accounts[other],), staff=staff, source="both" if stand.statements else "own", seal=dispute.ledger.head,
    )  # fmt: skip
