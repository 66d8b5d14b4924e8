"""A hundred texts that try to run: as scripts, handlers, pictures, styles, addresses, templates, formulas, or by how they are written."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tnskit.cleaning.market import Market, load
from tnskit.cleaning.schema import TABLES

_RUN = "pwned(1)"
_MARKUP = (
    f"""
<script>{_RUN}</script>
<SCRIPT>{_RUN}</SCRIPT >
<script src=data:text/javascript,{_RUN}></script>
<script type=module>{_RUN}</script>
</script><script>{_RUN}</script>
</textarea><script>{_RUN}</script>
</title><script>{_RUN}</script>
</style><script>{_RUN}</script>
<scr<script>ipt>{_RUN}</scr</script>ipt>
--><script>{_RUN}</script><!--
]]><script>{_RUN}</script>
"><script>{_RUN}</script>
'><script>{_RUN}</script>
<img src=x onerror={_RUN}>
<img src=x onerror="{_RUN}"//
<IMG """
    + f"""SRC=x ONERROR={_RUN}>
"><img src=x onerror={_RUN}>
'><img src=x onerror={_RUN}>
<img/src=x/onerror={_RUN}>
<img src="x`><script>{_RUN}</script>"`>
<svg onload={_RUN}>
<svg/onload={_RUN}>
<svg><script>{_RUN}</script></svg>
<svg><animate onbegin={_RUN} attributeName=x dur=1s>
<svg><set onbegin={_RUN} attributename=x to=1>
<svg><a xlink:href="javascript:{_RUN}"><text y=20>go</text></a></svg>
<svg><foreignObject><iframe onload={_RUN}></iframe></foreignObject></svg>
<math><mtext><img src=x onerror={_RUN}></mtext></math>
<math href="javascript:{_RUN}">go</math>
<body onload={_RUN}>
<body onpageshow={_RUN}>
<iframe src="javascript:{_RUN}"></iframe>
<iframe srcdoc="<script>parent.{_RUN}</script>"></iframe>
<iframe onload={_RUN}></iframe>
<object data="javascript:{_RUN}"></object>
<embed src="javascript:{_RUN}">
<video><source onerror={_RUN}></video>
<video src=x onerror={_RUN}></video>
<audio src=x onerror={_RUN}></audio>
<details open ontoggle={_RUN}>go</details>
<input autofocus onfocus={_RUN}>
<select autofocus onfocus={_RUN}></select>
<textarea autofocus onfocus={_RUN}></textarea>
<keygen autofocus onfocus={_RUN}>
<marquee onstart={_RUN}>go</marquee>
<div onmouseover={_RUN}>go</div>
<div onclick={_RUN} style="position:fixed;inset:0">go</div>
<div style="animation:a 1s" onanimationstart={_RUN}>go</div><style>@keyframes a{{}}</style>
<button popovertarget=x>go</button><div id=x popover onbeforetoggle={_RUN}>go</div>
<a href="javascript:{_RUN}">go</a>
<a href=" java&#x0A;script:{_RUN}">go</a>
<form action="javascript:{_RUN}"><button>go</button></form>
<button formaction="javascript:{_RUN}" form=x>go</button>
<meta http-equiv=refresh content="0;url=javascript:{_RUN}">
<base href="javascript:{_RUN}//">
<link rel=stylesheet href="data:text/css,*{{}}" onload={_RUN}>
<style onload={_RUN}></style>
<style>@import 'javascript:{_RUN}';</style>
<div style="background:url(javascript:{_RUN})">go</div>
<div style="width:expression({_RUN})">go</div>
<template><script>{_RUN}</script></template>
<noscript><p title="</noscript><img src=x onerror={_RUN}>">
<xmp><script>{_RUN}</script></xmp>
<plaintext><script>{_RUN}</script>
<table background="javascript:{_RUN}">
javascript:{_RUN}
javascript://%0a{_RUN}
JaVaScRiPt:{_RUN}
data:text/html,<script>{_RUN}</script>
vbscript:{_RUN}
" onmouseover="{_RUN}
' onmouseover='{_RUN}
` onmouseover=`{_RUN}
"-{_RUN}-"
'-{_RUN}-'
\\";{_RUN};//
${{{_RUN}}}
`${{{_RUN}}}`
{{{{{_RUN}}}}}
{{{{constructor.constructor('{_RUN}')()}}}}
{{% print({_RUN}) %}}
<%= {_RUN} %>
#{{{_RUN}}}
__proto__
constructor
&lt;script&gt;{_RUN}&lt;/script&gt;
&#60;script&#62;{_RUN}&#60;/script&#62;
%3Cscript%3E{_RUN}%3C/script%3E
=HYPERLINK("javascript:{_RUN}","go")
=cmd|' /C calc'!A0
+1+cmd|' /C calc'!A0
@SUM(1+1)*cmd|' /C calc'!A0
-2+3+cmd|' /C calc'!A0
$\\frac{{1}}{{0}}$ and $x^{{2}}$
[go](javascript:{_RUN})
"""
)
_WRITTEN = [
    "A\u202e1042\u202c", "\u2066B\u2069\u200b\u200d77", "\ufeffZW\u200b\u2060", "L" * 1_000_000, f"<img src=x onerror={_RUN}>" + "M" * 1_000_000,
]  # fmt: skip
PAYLOADS = [line for line in _MARKUP.splitlines() if line] + _WRITTEN
"""In any browser, `pwned` is what one of them would call; in none may it be called."""

_DAY = "2024-02-01"
_CENTRE = "A0"


def hostile_market() -> Market:
    """A market with a payload in every text of every table: account n is called like payload n, and shares two things with A0."""
    frames = {name: _frame(name) for name in TABLES if name not in {"accounts", "identifiers", "ip_ranges"}}
    accounts = _frame("accounts")
    frames["accounts"] = pd.concat([accounts, pd.DataFrame({"account_id": [_CENTRE], "status": ["active"]})], ignore_index=True)
    rows = [
        {"account_id": who, "kind": kind, "value": f"{n:04}{payload}", "first_seen": _DAY, "last_seen": "2024-03-01"}
        for n, payload in enumerate(PAYLOADS)
        for kind in ("payout", "device")
        for who in (payload, _CENTRE)
    ]
    return load(frames | {"identifiers": pd.DataFrame(rows)}, tz="UTC")


def _frame(table: str) -> pd.DataFrame:
    made: dict[str, Any] = {}
    for column in TABLES[table].columns:
        own = column.name in {"account_id", "account_a", "customer_account_id", "author_account_id", "sender_account_id"}
        if column.type in {"at", "day"}:
            made[column.name] = [None if column.name in {"merged_at", "erased_at", "exported_at"} else _DAY] * len(PAYLOADS)
        elif column.type in {"int", "money", "year", "bool"}:
            made[column.name] = ["1"] * len(PAYLOADS)
        elif column.name == "merged_into":
            made[column.name] = [None] * len(PAYLOADS)
        else:
            texts = PAYLOADS if own or column.name == "display_name" else [one[:2_000] for one in PAYLOADS]
            made[column.name] = texts if own or column.type != "id" else [f"{n}{one}" for n, one in enumerate(texts)]
    return pd.DataFrame(made)
