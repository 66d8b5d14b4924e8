"""What stands in a memo, part by part, in the order of the practice table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pandas as pd

from tnskit.review.fold import NEXT, Case

NOT_TOLD = "not recorded"
DECISION = "The decision"
TOLD = ("what", "told")
"""Columns of a part that is a list of fields."""
_WHOLE = {"suspend", "remove"}


@dataclass(frozen=True)
class Part:
    """One part of a memo: a heading, lines of words, and perhaps a table."""

    title: str
    lines: tuple[str, ...] = ()
    frame: pd.DataFrame | None = field(default=None, repr=False)


def parts(case: Case) -> tuple[Part, ...]:
    """Give every part of the memo of a case; what is not recorded says so."""
    return (
        _head(case), _facts(case), _findings(case), *_link(case), _explanations(case), _against(case), _missing(case),
        _user(case), _fork(case), *_earlier(case), _stops(case), *_decision(case), _plan(case), _people(case), _appeal(case),
        *_undo(case), _similar(case), _rests(case),
    )  # fmt: skip


def _head(case: Case) -> Part:
    held, proposal = case.decision, case.proposal
    if held is not None:
        until = f", until {_when(held['expires'])}" if held["expires"] else ""
        rule = f"Rule {held['policy']}, version of {held['version']}."
        line = f"{_cap(held['action'])}{until}. {rule} Decided by {held['by']}, {_when(held['at'])}."
    elif proposal is not None:
        line = f"Nothing is decided. Proposed: {proposal.facts['action']}, rule {proposal.facts['policy']}."
    else:
        line = "Nothing is decided or proposed."
    if case.state == "overturned":
        line = f"Overturned. {line} It no longer counts against the account."
    return Part(DECISION, (line, f"The case is {case.state}: {NEXT[case.state]}."))


def _facts(case: Case) -> Part:
    opened, bundle = case.opened, case.bundle
    known = opened.facts
    incident = known["incident"] or f"{NOT_TOLD}; the day of the check stands in for it, {bundle['now'][:10]}"
    zone = f" (days in UTC; the account's zone is {bundle['tz']})" if bundle["tz"] else " (days in UTC)"
    if known.get("incident_at"):
        incident, zone = _both_clocks(known["incident_at"], bundle["tz"]), ""
    rule = f"{known['policy']}, version of {known['version']}" if known["policy"] else NOT_TOLD
    role = ", ".join(filter(None, (bundle["role"], bundle["status"]))) or NOT_TOLD
    lines = [
        ("case", str(case.id)), ("account", case.account), ("role, status", role),
        ("what made us look", known["trigger"] or NOT_TOLD), ("rule suspected", rule), ("day of the incident", incident + zone),
        ("opened", f"by {opened.by}, {_when(opened.at)}"), ("judged as of", _when(bundle["now"])),
        *([("proposed together with", ", ".join(bundle["together"]))] if bundle.get("together") else []),
    ]  # fmt: skip
    return Part("The case", (), _frame(lines))


def _both_clocks(at: str, tz: str) -> str:
    """A moment in UTC and by the wall clock of the account."""
    try:
        local = pd.Timestamp(at).tz_convert(tz) if tz else None
    except (ValueError, KeyError, OSError):
        local = None
    return _when(at) + (f"; {local:%d %b %Y, %H:%M} where the account is ({tz})" if local is not None else "")


def _findings(case: Case) -> Part:
    found = case.findings
    shown = found.assign(rests_on=found["rests_on"].map(", ".join)).rename(columns={"rests_on": "rests on", "at": "day"})
    readings = tuple(f"Reading of {one.by}: {one.facts.get('text') or '(held back)'}" for one in case.of("read"))
    return Part("Findings of fact", (*readings, *(() if len(found) else ("No fact about the account's own conduct was written down.",))),
                shown if len(found) else None)  # fmt: skip


def _link(case: Case) -> list[Part]:
    basis, cites = case.bundle["basis"], case.bundle["cites"]
    version = f"rules of {cites.get('rules_version', '')}, settings {cites.get('settings_sha256', '')[:12]}"
    if basis is None:
        return [Part("Is it the same person?", (f"No other account shares anything that counts ({version}).",))]
    families = basis["families"].replace("+", " + ") or "nothing"
    lines = (f"{case.account} and {basis['b']}: {basis['label']}, {basis['score']:g} points from {families}.",
             f"By the {version}. A link is no proof of a breach.")  # fmt: skip
    found = case.evidence
    shown = pd.DataFrame({
        "id": found["id"], "what is shared": found["shown"].where(found["shown"] != "", found["family"].str.lower()),
        "points": found["counted"],
        "accounts": found["accounts"], "seen": [_seen(case, row) for row in basis["evidence"]], "reading": found["reading"],
    }) if len(found) else None  # fmt: skip
    return [Part("Is it the same person?", lines, shown)]


def _seen(case: Case, row: Mapping[str, Any]) -> str:
    """When each side was seen with it, a line a side."""
    names = {"a": case.account, "b": case.bundle["basis"]["b"]}
    days = {end: [pd.Timestamp(row[f"{side}_{end}"]) for side in ("first", "last") if row.get(f"{side}_{end}")] for end in "ab"}
    told = [f"{names[end]}: " + " to ".join(f"{day:%d %b %Y}" for day in both) for end, both in days.items() if both]
    return "\n".join(line.replace(" ", "\u00a0") for line in told)


def _explanations(case: Case) -> Part:
    frame = pd.DataFrame(case.bundle["explanations"], columns=["explanation", "speaks for it", "speaks against it", "would settle it"])
    plan = case.proposal.facts["plan"] if case.proposal else {}
    return Part(
        "Explanations weighed",
        ("All four, whichever looks strongest.", f"Why the others do not hold: {plan.get('others', NOT_TOLD + '.')}"),
        frame,
    )


def _against(case: Case) -> Part:
    found = pd.DataFrame(case.bundle["against"], columns=["about", "what", "points"])
    return Part(
        "What speaks against it", () if len(found) else ("Nothing was found; that is no proof either.",), found if len(found) else None
    )


def _missing(case: Case) -> Part:
    bundle = case.bundle
    both = bundle["basis"]["missing"] if bundle["basis"] else []
    lines = [f"The account has no data for: {_kinds(bundle['not_found'])}."] if bundle["not_found"] else []
    lines += [f"Not known for both accounts of the link: {_kinds(both)}."] if both else []
    return Part("What was not available", (*lines, "What is missing is no sign of innocence or of guilt."))


def _kinds(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def _user(case: Case) -> Part:
    heard = tuple(f"{one.facts['text']} (written down by {one.by}, {_when(one.at)})" for one in case.of("heard"))
    asked = tuple(f"To ask: {question}" for question in case.bundle["questions"])
    return Part("What the user says", (*(heard or ("No statement is recorded. Silence is no proof.",)), *asked))


def _fork(case: Case) -> Part:
    told = case.bundle["takeover"]
    signs = pd.DataFrame(told["signs"], columns=["sign", "found", "since", "what"])
    return Part(
        "Was the account taken over?", (told["sentence"],), signs[signs["found"]].drop(columns="found") if signs["found"].any() else None
    )


def _earlier(case: Case) -> list[Part]:
    found = pd.DataFrame(case.bundle["evasion"], columns=["question", "holds", "why"])
    return [Part("The earlier removal", ("Ban evasion needs a yes to all four.",), found)] if len(found) else []


def _stops(case: Case) -> Part:
    found = case.stops.rename(columns={"clear_by": "who may clear it", "cleared_by": "cleared by", "because": "how"})
    rests_on = case.proposal.facts["rests_on"] if case.proposal else "link"
    left = case.open_stops(rests_on)
    lines = [f"Open: {', '.join(left)}."] if left else ["None is open." if len(found) else "No hard stop was raised."]
    if rests_on == "conduct":
        lines.append("The rule rests on what the account did, so the stops about the link (H1, H2, H3, H5, H11) do not count here.")
    return Part("Hard stops", tuple(lines), found if len(found) else None)


def _decision(case: Case) -> list[Part]:
    made = case.proposal
    if made is None:
        return []
    told, plan = made.facts, made.facts["plan"]
    line = case.log.authority(made.at, until=made.n)[told["action"]]
    ladder = f"{told['ladder']}; at this finding it goes as far as '{told['step'] or 'no sanction'}'"
    beyond = "harder than the ladder goes; " if told["beyond"] else ""
    long = (
        "until it runs out by itself" if line.expires_days or line.expires_hours else "for good" if told["action"] == "remove" else NOT_TOLD
    )
    lines = [
        ("action", f"{told['action']}. {line.says}"), ("rule", f"{told['policy']} {told['title']}, version of {told['version']}"),
        ("why", told["because"]), ("scope", plan.get("scope", "the whole account" if told["action"] in _WHOLE else NOT_TOLD)),
        ("how long", f"{plan['hours']:g} hours" if "hours" in plan else long),
        ("takes effect", plan.get("from", "when it is confirmed")), ("ladder of the rule", ladder),
        ("why not a milder step", beyond + plan.get("milder", NOT_TOLD)),
    ]  # fmt: skip
    return [Part("What is proposed, and why", (), _frame(lines))]


def _plan(case: Case) -> Part:
    plan = case.proposal.facts["plan"] if case.proposal else {}
    hit = [(row["what"], f"{row['count']:,}" + (f": {row['detail']}" if row["detail"] else "")) for row in case.bundle["collateral"]]
    hit += [(row["what"], f"{', '.join(row['accounts'])}: {row['detail']}") for row in case.bundle["what_if"]]
    lines = [("money", plan.get("money", NOT_TOLD)), ("jobs", plan.get("jobs", NOT_TOLD)), *hit]
    return Part("Money, jobs, and who else would be hit", (), _frame(lines))


def _people(case: Case) -> Part:
    lines: list[tuple[str, str]] = []
    made, declared = case.proposal, {one.by: one.facts["conflict"] for one in case.of("opened", "declared") if one.facts.get("conflict")}
    if made is not None:
        lines += [("author", f"{made.by}, {_when(made.at)}"), ("time from opening to proposal", _span(made.at - case.opened.at))]
    lines += [
        ("second verdict, blind", f"{one.facts['verdict']}, by {one.by}, {_when(one.at)}: {one.facts['because']}") for one in case.reviews
    ]
    lines += [] if case.reviews else [("second verdict, blind", "none yet")]
    for one in case.of("backed", "confirmed", "led"):
        role = one.facts.get("together", {}).get(one.by)
        word = "said yes, and somebody else has to as well" if one.event == "backed" else "decided"
        lines += [(word, f"by {one.by}{f' as {role}' if role else ''}, {_when(one.at)}: {one.facts['action']}")]
    limits = [str(one.facts["limits"]) for one in case.of("confirmed", "led") if one.facts.get("limits")]
    lines += [("who may decide it", f"by the table in force since {since}") for since in limits]
    for one in case.of("confirmed", "led", "cleared", "answered"):
        lines += [("not checked", str(one.facts["unchecked"]))] if one.facts.get("unchecked") else []
    involved = dict.fromkeys(one.by for one in case.events)
    lines += [("conflict of interest", ", ".join(f"{name}: {declared.get(name, 'not declared')}" for name in involved))]
    ways = {"told": "written down by whoever used the log", "login": "by the login of the machine", "JupyterHub": "by JupyterHub's login"}
    known = {one.by: ways.get(one.via, one.via) for one in case.events}
    lines += [("how the names are known", "; ".join(f"{name}: {way}" for name, way in known.items()))]
    lines += [("automation", "assisted: tnskit listed the evidence, the stops and the explanations; people decided")]
    return Part("Who decided", (), _frame(list(dict.fromkeys(lines))))


def _appeal(case: Case) -> Part:
    sent = tuple(f"Letter {one.facts.get('name', '')}, {one.facts.get('lang', '')}, {_when(one.at)}" for one in case.of("letter"))
    lines = [*(sent or ("No letter is recorded.",))]
    if case.decision is not None:
        made = case.of("confirmed", "led")[-1]
        last = made.at + timedelta(days=case.log.authority(made.at, until=made.n).appeal["open_days"])
        lines.append(f"An appeal is free and taken in until {last:%d %b %Y}; somebody who had no part in the decision answers it.")
    for one in case.of("appealed", "answered"):
        if one.event == "appealed":
            late = " (late, and taken in all the same)" if one.facts["late"] else ""
            lines.append(f"Appeal of {_when(one.at)}{late}, to be answered by {_when(one.facts['reply_by'])}: {one.facts['grounds']}")
        else:
            lines.append(f"Answered by {one.by}, {_when(one.at)}: {one.facts['outcome']}. {one.facts['because']}")
    return Part("Letter and appeal", tuple(lines))


def _undo(case: Case) -> list[Part]:
    if case.undo.empty:
        return []
    beside = case.of("undone")[-1].facts["beside"]
    lines = (f"Look again at the cases {', '.join(map(str, beside))}: the same finding may have hit them.",) if beside else ()
    return [Part("What has to be put right", lines, case.undo.assign(item=case.undo["item"].str.replace("_", " ")))]


def _similar(case: Case) -> Part:
    told = case.proposal.facts.get("similar", []) if case.proposal else []
    if not told:
        return Part("Similar cases", ("No decided case in this log looked like it when it was proposed.",))
    return Part(
        "Similar cases",
        ("As they stood when this one was proposed.",),
        pd.DataFrame(told, columns=["case", "alike", "families", "benign", "stops", "decided", "ended"]),
    )


_CITED = {
    "load_report": "report of what was loaded", "kinds": "kinds compared", "most": "bound for crowded values", "rules": "rule table",
    "rules_version": "day of the rules", "settings_sha256": "settings", "tz": "zone of times without one", "region": "region of phones",
    "version": "tnskit",
}  # fmt: skip


def _rests(case: Case) -> Part:
    cites = [(_CITED.get(name, name), value) for name, value in case.bundle["cites"].items() if value and value != "None"]
    linked = case.bundle["linked"]
    lines = [
        ("head of the log", case.head),
        ("evidence, frozen", case.opened.facts["sha256"]),
        ("pairs of the account", f"{linked['of']:,}, {linked['sha256']}"),
        *cites,
    ]
    told = "Digests are SHA-256. `tnskit verify` with the head finds any later change of the log; `tnskit replay` makes the check again."
    return Part("What this rests on", (told,), _frame(lines))


def _frame(lines: Iterable[tuple[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(list(lines), columns=list(TOLD))


def _when(moment: Any) -> str:
    at = pd.Timestamp(moment)
    return (
        f"{at:%d %b %Y, %H:%M} UTC"
        if at.tzinfo is None or at.utcoffset() == timedelta(0)
        else f"{at.tz_convert('UTC'):%d %b %Y, %H:%M} UTC"
    )


def _span(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min" if minutes < 2880 else f"{minutes // 1440} days"


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]
