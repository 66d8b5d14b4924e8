"""What the team heard, did and settled: `reports`, `actions`, `appeals` and three more tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tnskit.training.habits import device_ids
from tnskit.training.networks import HOME, HOSTING, seats, written
from tnskit.training.phrases import STORIES
from tnskit.training.text import (
    DAY,
    NONE,
    Ints,
    Texts,
    blanked,
    hexes,
    numbered,
    objects,
    picked,
    spread,
    stamps,
)
from tnskit.training.trade import FIRST_JOB, Jobs, said
from tnskit.training.world import END, PARTS, POLICIES, ROLES, START, STATUSES, World

REMOVED, SUSPENDED, RESTRICTED = (STATUSES.index(word) for word in ("removed", "suspended", "restricted"))
ALONE_PROS = ("PRO-03", "PRO-04", "PRO-06", "PAY-04", "SAF-03", "SAF-02")
ALONE_CUSTOMERS = ("PAY-03", "CON-01", "PAY-02", "LEA-03", "REV-02", "SAF-03")
"""What accounts do wrong on their own."""
STAFF = ("s.ana", "s.luis", "s.mei", "s.tom", "s.rita", "s.olu")


def plant_alone(world: World) -> None:
    """Let one account in eighty break a rule on its own, and remove or restrict some of them.

    A few are removed who broke none: the removals that an appeal later reverses.
    """
    members = world.take(np.full(max(round(0.012 * world.accounts), 2), 1))
    who, draw = members.account, world.draw("alone")
    pro = np.isin(world.who["role"][who], (1, 2))
    codes = np.array([POLICIES.index(code) for code in ALONE_PROS + ALONE_CUSTOMERS])
    choice = np.where(pro, draw.integers(0, 6, len(who)), 6 + draw.integers(0, 6, len(who)))
    world.who["breach"][who] = codes[choice]
    world.who["part"][who] = PARTS.index("guilty")
    if "alone" not in world.schemes:
        world.schemes.append("alone")
    world.who["scheme"][who] = world.schemes.index("alone")
    _end(world, who[draw.random(len(who)) < 0.45], "alone")
    soft = who[(world.who["removed"][who] < 0) & (draw.random(len(who)) < 0.4)]
    world.who["status"][soft] = np.where(draw.random(len(soft)) < 0.5, SUSPENDED, RESTRICTED)
    refunds = who[(world.who["breach"][who] == POLICIES.index("PAY-03"))]
    world.note("disputed", refunds)
    wrong = world.take(np.full(max(round(0.0012 * world.accounts), 1), 1)).account
    _end(world, wrong, "wrong")
    world.note("wrongly removed", wrong)
    buyers = world.take(np.full(max(round(0.002 * world.accounts), 1), 1)).account
    world.who["role"][buyers] = ROLES.index("pro")
    world.who["breach"][buyers] = POLICIES.index("REV-01")
    world.who["part"][buyers] = PARTS.index("guilty")
    world.who["scheme"][buyers] = world.schemes.index("alone")
    world.note("praised", buyers)
    writers = world.take(np.full(round(0.004 * world.accounts) if world.accounts > 4_000 else 0, 1)).account
    world.who["role"][writers] = ROLES.index("customer")
    world.who["breach"][writers] = POLICIES.index("REV-01")
    world.who["part"][writers] = PARTS.index("guilty")
    world.who["scheme"][writers] = world.schemes.index("alone")
    world.note("bought", writers)


def _end(world: World, who: Ints, part: str) -> None:
    draw = world.draw(f"{part} ends")
    first, last = world.who["created"][who] + 5 * DAY, world.who["last"][who]
    at = first + (draw.random(len(who)) * np.maximum(last - first, DAY)).astype(np.int64)
    at = np.minimum(at, END - DAY)
    world.who["removed"][who] = at
    world.who["last"][who] = np.maximum(at, world.who["created"][who] + 3_600)
    world.who["status"][who] = REMOVED


def reports(world: World, job: Jobs) -> pd.DataFrame:
    """Write the table `reports`: about those who broke rules, mostly, and one job in sixty besides."""
    draw = world.draw("reports")
    reporter, subject, work, at = _complaints(world, job)
    count = len(at)
    breach = world.who["breach"][subject]
    code = np.where(breach >= 0, breach, draw.integers(13, 16, count))
    legal = draw.random(count) < 0.02
    speaker = np.maximum(reporter, np.where(reporter < 0, subject, 0))
    way = picked(("phone", "email", "chat", "app", "social"), draw.integers(0, 5, count))
    story = said(world, STORIES, speaker, "stories")
    return pd.DataFrame(
        {
            "report_id": numbered("R", 5_000_001 + np.arange(count, dtype=np.int64)),
            "reporter_account_id": reporter,
            "subject_account_id": subject,
            "job_id": numbered("", np.where(work >= 0, FIRST_JOB + 7 * work, NONE)),
            "channel": np.where(legal, "legal", way),
            "received_at": stamps(at),
            "policy_code": blanked(picked(POLICIES, code), draw.random(count) < 0.8),
            "narrative": np.where(legal, "Letter from a lawyer: please keep all records.", story),
            "lang": picked(("en", "es", "pt", "en"), world.who["language"][speaker]),
            "safety_flag": np.isin(code, [POLICIES.index("SAF-02"), POLICIES.index("SAF-03")]),
            "confidential": draw.random(count) < 0.1,
        },
        copy=False,
    )


def _complaints(world: World, job: Jobs) -> tuple[Ints, Ints, Ints, Ints]:
    """Draw who reports whom about which job and when, in time; `NONE` reports without an account."""
    draw = world.draw("complaints")
    hired = np.flatnonzero(job.hired >= 0)
    bad = (world.who["part"][job.pro[hired]] == PARTS.index("guilty")) & (draw.random(len(hired)) < 0.35)
    about = hired[bad | (draw.random(len(hired)) < 0.016)]
    back = draw.random(len(about)) < 0.25
    lone = np.flatnonzero((world.who["breach"] >= 0) & (draw.random(world.accounts) < 0.5))
    late = world.who["last"][lone] - (draw.random(len(lone)) * 20 * DAY).astype(np.int64)
    none = np.full(len(lone), NONE, dtype=np.int64)
    soon = job.created[about] + draw.integers(DAY, 25 * DAY, len(about))
    reporter = np.r_[np.where(back, job.pro[about], job.customer[about]), none]
    subject = np.r_[np.where(back, job.customer[about], job.pro[about]), lone]
    at = np.minimum(np.r_[soon, np.maximum(late, world.who["created"][lone])], END - 3_600)
    order = np.lexsort((subject, at))
    return reporter[order], subject[order], np.r_[about, none][order], at[order]


def actions(world: World) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write the tables `actions` and `appeals`."""
    draw = world.draw("actions")
    account, at, step = _decisions(world)
    count = len(account)
    breach = world.who["breach"][account]
    code = np.where(breach >= 0, breach, draw.integers(13, 17, count))
    words = np.where(draw.random(count) < 0.06, "other", picked(POLICIES, code))
    ids = numbered("N", 30_001 + np.arange(count, dtype=np.int64))
    appeal, back = _appeals(world, ids, account, at, step)
    decider = draw.integers(0, len(STAFF), count)
    second = (decider + 1 + draw.integers(0, len(STAFF) - 1, count)) % len(STAFF)
    help_ = np.searchsorted([0.6, 0.97], draw.random(count))
    table = pd.DataFrame(
        {
            "action_id": ids,
            "account_id": account,
            "action": picked(("remove", "suspend", "restrict", "warn"), step),
            "policy_code": words,
            "policy_version": picked(("2024-01", "2025-01"), (at >= START + 366 * DAY).astype(np.int64)),
            "case_id": numbered("K", 11_000 + np.arange(count, dtype=np.int64)),
            "decided_at": stamps(at - 3_600),
            "effective_at": stamps(at),
            "expires_at": stamps(np.where(step == 2, at + 14 * DAY, NONE)),
            "decided_by": picked(STAFF, decider),
            "reviewed_by": blanked(picked(STAFF, second), step == 0),
            "automation": picked(("none", "assisted", "full"), help_),
            "reason": "See the case.",
            "notice_sent_at": stamps(np.where(draw.random(count) < 0.94, at + 600, NONE)),
            "reversed_at": stamps(back),
            "reversal_reason": picked(("Appeal: the finding does not hold.",), np.where(back >= 0, 0, NONE)),
        },
        copy=False,
    )
    return table, appeal


def _decisions(world: World) -> tuple[Ints, Ints, Ints]:
    """Tell whom the team acted on, when and how (0 removed, 1 suspended, 2 restricted, 3 warned), in time."""
    status = world.who["status"]
    who = np.flatnonzero(world.who["removed"] >= 0)
    soft = np.flatnonzero(np.isin(status, (SUSPENDED, RESTRICTED)))
    luck = world.draw("decisions").random(world.accounts)
    warned = np.flatnonzero((world.who["part"] == 0) & (luck < 0.006))
    late = np.maximum(world.who["last"][soft] - DAY, world.who["created"][soft])
    account = np.r_[who, soft, warned]
    at = np.r_[world.who["removed"][who], late, _middle(world, warned)]
    step = np.r_[np.full(len(who), 0), np.where(status[soft] == SUSPENDED, 1, 2), np.full(len(warned), 3)]
    order = np.lexsort((account, at))
    return account[order], at[order], step[order]


def _middle(world: World, who: Ints) -> Ints:
    return (world.who["created"][who] + world.who["last"][who]) // 2


def _appeals(world: World, ids: Texts, account: Ints, at: Ints, step: Ints) -> tuple[pd.DataFrame, Ints]:
    """Appeal about 15 % of the removals; a quarter is overturned, those that were wrong first of all."""
    draw = world.draw("appeals")
    removals = np.flatnonzero(step == 0)
    wrong = np.isin(account[removals], world.noted("wrongly removed"))
    want = max(round(0.15 * len(removals)), min(len(removals), 4))
    rank = np.argsort(np.argsort(draw.random(len(removals)) + np.where(wrong, -1.0, 0.0)))
    lost = np.flatnonzero(wrong & (rank < max(round(0.25 * want), 1)))
    others = np.flatnonzero(~np.isin(np.arange(len(removals)), np.flatnonzero(wrong)))
    more = others[np.argsort(draw.random(len(others)))][: max(want - len(lost), 0)]
    chosen = removals[np.sort(np.r_[lost, more])]
    over = np.isin(chosen, removals[lost])
    received = np.minimum(at[chosen] + draw.integers(DAY, 40 * DAY, len(chosen)), END - 7_200)
    decided = received + draw.integers(2 * DAY, 14 * DAY, len(chosen))
    decided = np.where(over, np.minimum(decided, END - 3_600), np.where(decided < END, decided, NONE))
    result = np.where(over, 2, np.searchsorted([0.9, 0.95], draw.random(len(chosen))))
    result = np.where(~over & (result == 2), 3, result)
    back = np.full(len(ids), NONE, dtype=np.int64)
    back[chosen] = np.where(over, decided, NONE)
    world.who["status"][account[chosen[over]]] = 0
    world.note("reinstated", account[chosen[over]])
    language = world.who["language"][account[chosen]]
    table = pd.DataFrame(
        {
            "appeal_id": numbered("Q", 2_001 + np.arange(len(chosen), dtype=np.int64)),
            "action_id": ids[chosen],
            "received_at": stamps(received),
            "lang": picked(("en", "es", "pt", "en"), language),
            "grounds": picked(("This was not me.", "No fui yo.", "Não fui eu.", "This was not me."), language),
            "reviewer": blanked(picked(STAFF, draw.integers(0, len(STAFF), len(chosen))), decided >= 0),
            "decided_at": stamps(decided),
            "outcome": blanked(picked(("upheld", "modified", "overturned", "withdrawn"), result), decided >= 0),
        },
        copy=False,
    )
    return table, back


EVENTS = (
    "password_reset",
    "email_change",
    "phone_change",
    "payout_change",
    "mfa_off",
    "new_device",
    "session_revoke",
    "identity_check",
)


def security_events(world: World) -> pd.DataFrame:
    """Write the table `security_events`: takeovers, and the resets and changes of ordinary days."""
    draw = world.draw("security")
    whose, when, what, device = _alarms(world)
    count = len(whose)
    taken = device >= 0
    place = np.where(taken, device, world.own["home"][whose])
    ip, _ = written(seats(world, np.where(taken, HOSTING, HOME), place, when))
    own = np.where(taken, device, world.own["device"][whose])
    return pd.DataFrame(
        {
            "event_id": numbered("E", 70_001 + np.arange(count, dtype=np.int64)),
            "account_id": whose,
            "at": stamps(when),
            "event": picked(EVENTS, what),
            "actor": picked(("user", "support"), (~taken & (draw.random(count) < 0.08)).astype(np.int64)),
            "ip": ip,
            "device_id": blanked(device_ids(world, own), taken | (draw.random(count) < 0.6)),
        },
        copy=False,
    )


def _alarms(world: World) -> tuple[Ints, Ints, Ints, Ints]:
    """Tell whose account, when, which event, and the device of a stranger or `NONE`, in the order of time."""
    draw = world.draw("alarms")
    who = draw.integers(0, world.accounts, world.accounts // 4)
    width = world.who["last"][who] - world.who["created"][who]
    at = world.who["created"][who] + (draw.random(len(who)) * width).astype(np.int64)
    victim, taken, by = world.noted("taken"), world.noted("taken at"), world.noted("taken by")
    moved = world.noted("taken phone") == 1
    every = victim >= 0
    steps = ((5, 120, every), (0, 300, every), (2, 900, moved), (1, 700, ~moved), (3, 1_800, every))
    whose = np.concatenate([who, *(victim[keep] for _, _, keep in steps)])
    when = np.concatenate([at, *(taken[keep] + late for _, late, keep in steps)])
    usual = draw.integers(0, len(EVENTS), len(who))
    what = np.concatenate([usual, *(np.full(int(keep.sum()), code) for code, _, keep in steps)])
    nobody = np.full(len(who), NONE, dtype=np.int64)
    device = np.concatenate([nobody, *(by[keep] for _, _, keep in steps)])
    order = np.lexsort((whose, when))
    return whose[order], when[order], what[order], device[order]


def settled(world: World) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write `suppressions` and `dissociations`: what people of the team decided before."""
    why = ("household", "office", "school", "cgnat", "call_centre", "mail_agent", "proxy_number", "other")
    count = max(world.accounts // 200, 4)
    draw = world.draw("settled")
    at = START + np.sort(draw.integers(30 * DAY, 700 * DAY, count))
    token = "tok_" + hexes(spread(np.arange(count, dtype=np.int64), world.salt("tokens")))
    reason = draw.integers(0, len(why), count)
    kind = objects(["address", "ip", "ip", "ip", "phone", "address", "phone", "device"])[reason]
    suppressions = pd.DataFrame(
        {
            "kind": kind,
            "value_token": token,
            "why": picked(why, reason),
            "by": picked(STAFF, draw.integers(0, len(STAFF), count)),
            "at": stamps(at),
            "expires_at": stamps(at + 365 * DAY),
        },
        copy=False,
    )
    one, other = _apart(world, max(world.accounts // 250, 1))
    when = START + np.sort(draw.integers(200 * DAY, 720 * DAY, len(one)))
    dissociations = pd.DataFrame(
        {
            "account_a": one,
            "account_b": other,
            "why": "Two people, spoken to on different days.",
            "by": picked(STAFF[:3], draw.integers(0, 3, len(one))),
            "second_reviewer": picked(STAFF[3:], draw.integers(0, 3, len(one))),
            "at": stamps(when),
        },
        copy=False,
    )
    return suppressions, dissociations


def _apart(world: World, count: int) -> tuple[Ints, Ints]:
    """Take some couples and flatmates whom the team has already told apart."""
    pairs = [(a, b) for a, b, reason in world.pairs if reason in ("couple", "flatmates")]
    one = np.concatenate([a for a, _ in pairs]) if pairs else np.zeros(0, np.int64)
    other = np.concatenate([b for _, b in pairs]) if pairs else np.zeros(0, np.int64)
    keep = np.sort(world.draw("apart").permutation(len(one))[:count])
    return one[keep], other[keep]
