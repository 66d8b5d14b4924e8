"""A view as one page that opens offline, and as a cell of code."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

from tnskit.workbench.explorer_view import MOST, STEP, View

STATIC = Path(__file__).with_name("static")

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' blob: data:; style-src 'unsafe-inline'; \
img-src data: blob:">
<meta name="viewport" content="width=device-width"><style>body {{ margin: 1rem; font: 15px/1.45 system-ui, sans-serif;
background: #fff; color: #1a1c1e }} @media (prefers-color-scheme: dark) {{ body {{ background: #15181b; color: #edeff1 }} }}
{css}</style></head><body>
<h1 style="font-size:1.2rem">{title}</h1><div id="view"></div>
<p>Saved from tnskit. A link says who may be the same person; it does not say that anybody broke a rule.</p>
<script type="application/json" id="told">{told}</script>
<script type="module">{script}
tnskitExplorer.page(document.getElementById("view"), JSON.parse(document.getElementById("told").textContent));
</script></body></html>
"""


def explorer_page(scene: dict[str, Any], state: dict[str, Any], looks: dict[str, Any], prepared: dict[str, Any], title: str) -> str:
    """Give a page with the picture and its answers, that asks nobody for anything."""
    told = json.dumps({"_scene": scene, "_state": state, "_looks": looks, "_chosen": [], "prepared": prepared}, ensure_ascii=True)
    for sign in "<>&":
        told = told.replace(sign, f"\\u{ord(sign):04x}")
    script = (STATIC / "explorer.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    css = (STATIC / "explorer.css").read_text(encoding="utf-8")
    return _PAGE.format(title=html.escape(title), css=css, told=told, script=script)


def recreation(view: View, most: int) -> str:
    """Give the line of code that makes a view anew; what is as always is left out."""
    words = [repr(view.accounts[0]) if len(view.accounts) == 1 else repr(list(view.accounts))] if view.accounts else []
    usual = dict.fromkeys(view.accounts, STEP)
    told: dict[str, tuple[Any, Any]] = {
        "opened": (dict(view.opened), usual), "two_mode": (view.two_mode, False), "label": (view.label, "possible"),
        "kinds": (None if view.kinds is None else list(view.kinds), None), "since": (view.since, ""), "until": (view.until, ""),
        "hidden": (list(view.hidden), []), "pinned": ({k: (round(x, 2), round(y, 2)) for k, (x, y) in view.pinned.items()}, {}),
        "without": (list(view.without), []), "unfolded": (list(view.unfolded), []), "most": (most, MOST),
    }  # fmt: skip
    words += [f"{name}={value!r}" for name, (value, usually) in told.items() if value != usually]
    return f"tns.explore({', '.join(['links', *words])})\n"
