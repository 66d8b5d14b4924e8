"""`explore`: the accounts around one account as a picture that answers when it is clicked."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path as File
from typing import Any

import anywidget
import networkx as nx
import traitlets

from tnskit.errors import UsageError
from tnskit.evidence.links import Links
from tnskit.evidence.rules import LABELS
from tnskit.findings.apart import Apart, apart
from tnskit.findings.explain import Explanation, Path, explain, path
from tnskit.review.cases import CaseLog
from tnskit.workbench.explorer_asks import Asks
from tnskit.workbench.explorer_look import looks
from tnskit.workbench.explorer_page import explorer_page, recreation
from tnskit.workbench.explorer_scene import Ids, Picture, Place, picture, places, scene, state
from tnskit.workbench.explorer_view import MOST, STEP, View
from tnskit.workbench.export import whole
from tnskit.workbench.pages import image

STATIC = File(__file__).with_name("static")


def explore(
    links: Links,
    account: str | Iterable[str] | None = None,
    *,
    log: CaseLog | None = None,
    opened: Mapping[str, int] | Iterable[str] | None = None,
    two_mode: bool = False,
    label: str = "possible",
    kinds: Iterable[str] | None = None,
    since: str = "",
    until: str = "",
    hidden: Iterable[str] = (),
    pinned: Mapping[str, Place] | None = None,
    without: Iterable[str] = (),
    unfolded: Iterable[str] = (),
    most: int = MOST,
) -> Explorer:
    """Show the accounts around one account, or several, as a picture to click through.

    A click says why, a double click opens the strongest neighbours; everything that can be clicked can be reached with the
    keyboard and stands in the table beside the picture. Where no widget runs, the same view is a still picture.

    Args:
        links: What `link` or `open` gave.
        account: An account, several (a ring), or None for the strongest links of the market.
        log: A case log; with it a value can be marked as shared by many, and two accounts as two people.
        opened: Accounts whose neighbours are shown, and how many of each; the accounts asked about, if left out.
        two_mode: Whether the identifiers stand between the accounts.
        label: Links of this label or above.
        kinds: Only what is shared by these kinds, such as ["phone", "card"].
        since: Only what was used on this day or later, such as "2025-03-01".
        until: Only what was used on this day or before.
        hidden: Names that are not shown.
        pinned: Name to the place where it stays.
        without: Accounts, and identifiers as they are shown, that are taken away in thought.
        unfolded: Folded groups that are opened, by their first account.
        most: Accounts drawn one by one; beyond that, what hangs together is folded into groups.

    Returns:
        Explorer; in a notebook it is shown as the last line of a cell. `explorer.selected` is what is selected in it.

    Raises:
        UnknownAccountError: The market does not have an account.
        UsageError: No such label, kind, day or name.
    """
    names = (str(account),) if isinstance(account, str) else tuple(map(str, account)) if account is not None else ()
    if most < 1:
        raise UsageError(f"most={most} would show nobody; it should be 1 or more")
    many = dict(opened) if isinstance(opened, Mapping) else dict.fromkeys(names if opened is None else map(str, opened), STEP)
    view = View(
        names, many, two_mode, label, None if kinds is None else tuple(kinds), since, until, tuple(hidden), dict(pinned or {}),
        tuple(without), tuple(unfolded),
    )  # fmt: skip
    return Explorer(links, view, log=log, most=most)


_LIGHT = ("kinds", "since", "until", "hidden", "pinned")
"""Parts of a view that only filter what was looked up."""


class Explorer(anywidget.AnyWidget):
    """A picture of accounts that answers when it is clicked, and to the same verbs in Python.

    Every verb changes the picture, and `undo` takes it back. No rule is decided in the browser.

    Attributes:
        links: What it looks into.
        selected: Names of the accounts and identifiers that are selected; can be set.
    """

    _esm = STATIC / "explorer.js"
    _css = STATIC / "explorer.css"
    _looks = traitlets.Dict().tag(sync=True)
    _scene = traitlets.Dict().tag(sync=True)
    _state = traitlets.Dict().tag(sync=True)
    _chosen = traitlets.List(traitlets.Unicode()).tag(sync=True)
    selected = traitlets.List(traitlets.Unicode())

    def __init__(self, links: Links, view: View, *, log: CaseLog | None = None, most: int = MOST) -> None:
        self.links, self.book, self._most = links, log, most
        self._ids, self._places = Ids(), dict[Any, Place]()
        self._history: list[tuple[View, int]] = []
        self._picture = picture(links, view, most)
        super().__init__(_looks=looks())
        self._show()
        self.on_msg(Asks(self).answer)

    def __repr__(self) -> str:
        about = ", ".join(self.view.accounts[:3]) or "the strongest links"
        return f"Explorer of {about}: {self._state.get('told', '')}"

    @property
    def view(self) -> View:
        """What is shown, as a plain value."""
        return self._picture.view

    @property
    def graph(self) -> nx.Graph[Any]:
        """The accounts and links that are seen now, with their places; `draw` draws it as it stands."""
        found = self._picture.seen()
        for name in found:
            found.nodes[name].update(x=self._places[name][0], y=self._places[name][1])
        return found

    @property
    def code(self) -> str:
        """A cell that recreates this view; the names `tns` and `links` are those of the templates."""
        return recreation(self.view, self._most)

    def expand(self, name: str) -> None:
        """Open the strongest neighbours of an account that are not shown yet, or a folded group.

        Raises:
            UsageError: It is not in the picture, or there is nothing left to open.
        """
        data = self._node(name)
        if data["type"] == "group":
            self._go(replace(self.view, unfolded=(*self.view.unfolded, data["account"])))
            return
        if data["type"] == "identifier":
            raise UsageError("accounts and groups are opened; an identifier shows whom it belongs to when it is clicked")
        account = str(data["account"]) if data["type"] == "more" else name
        code = self._picture.codes[account]
        if self._picture.members.linked.get(code, 0) == self._picture.members.inside.get(code, 0):
            raise UsageError("everybody whom this account is linked to at this label is in the picture already")
        many = self.view.opened.get(account, 0) + STEP
        self._go(replace(self.view, opened={**self.view.opened, account: many}))

    def bring(self, account: str) -> None:
        """Bring an account of the market into the picture.

        Raises:
            UnknownAccountError: The market does not have it.
        """
        self.links.code(account)
        self._go(replace(self.view, opened={**self.view.opened, account: self.view.opened.get(account, 0)}))

    def around(self, account: str) -> None:
        """Begin anew around another account.

        Raises:
            UnknownAccountError: The market does not have it.
        """
        self.links.code(account)
        self._go(View((account,), {account: STEP}, self.view.two_mode, self.view.label), anew=True)

    def filter(self, **wanted: Any) -> None:
        """Filter by `two_mode`, `label`, `kinds`, `since`, `until`; what is not named stays as it is.

        Raises:
            UsageError: No such label, kind or day.
        """
        if strange := set(wanted) - {"two_mode", "label", "kinds", "since", "until"}:
            raise UsageError(f"'{min(strange)[:20]}' is not a filter; they are two_mode, label, kinds, since, until")
        kinds = wanted.get("kinds", self.view.kinds)
        self._go(replace(self.view, **{**wanted, "kinds": None if kinds is None else tuple(kinds)}))

    def hide(self, *names: str) -> None:
        """Leave accounts or identifiers out of the picture; `show_all` brings them back."""
        for name in names:
            self._node(name)
        self._go(replace(self.view, hidden=tuple(dict.fromkeys((*self.view.hidden, *names)))))

    def show_all(self) -> None:
        """Show again what was hidden."""
        self._go(replace(self.view, hidden=()))

    def pin(self, name: str, x: float, y: float) -> None:
        """Keep a node at a place, in units of one node."""
        self._node(name)
        self._go(replace(self.view, pinned={**self.view.pinned, name: (float(x), float(y))}))

    def unpin(self, name: str) -> None:
        """Let a node go where the arrangement puts it."""
        self._go(replace(self.view, pinned={one: spot for one, spot in self.view.pinned.items() if one != name}))

    def arrange(self) -> None:
        """Arrange everything anew, but for what is pinned."""
        self._places = {}
        self._show()

    def why(self, a: str, b: str) -> Explanation:
        """Say why two accounts may belong together; see `explain`."""
        return explain(self.links, a, b)

    def path(self, a: str, b: str) -> Path:
        """Find a path between two accounts that passes through nothing that many share, and bring its accounts in."""
        found = path(self.links, a, b)
        missing = [name for name in found.accounts if name not in self._picture.codes]
        if missing:
            self._go(replace(self.view, opened={**self.view.opened, **{name: self.view.opened.get(name, 0) for name in missing}}))
        return found

    def what_if(self, *names: str) -> Apart:
        """Take accounts or identifiers (as they are shown) away in thought, and see what falls apart; none puts everything back.

        Raises:
            UsageError: Nothing in the picture is called like that.
        """
        found = apart(self.links, self._picture.people, names, label=self.view.label)
        self._go(replace(self.view, without=names))
        return found

    def mark_shared(self, shown: str, *, why: str, because: str, until: Any) -> int:
        """Write to the case log that many share an identifier, so that the next `link` sets it aside; see `CaseLog.suppress`.

        Returns:
            The number of the event.

        Raises:
            UsageError: There is no log, or the links were opened from a folder.
        """
        made = self._written_to().suppress(self.links.loaded(), shown, why=why, because=because, until=until)
        self._history.append((self.view, made.n))
        self._show()
        return made.n

    def mark_apart(self, a: str, b: str, *, because: str) -> int:
        """Write to the case log that two accounts are not one person; it holds once a second person agreed. See `CaseLog.dissociate`.

        Returns:
            The number of the event, which the second person gives to `log.agree`.

        Raises:
            UsageError: There is no log.
        """
        for name in (a, b):
            self.links.code(name)
        made = self._written_to().dissociate(a, b, because=because)
        self._history.append((self.view, made.n))
        self._show()
        return made.n

    def undo(self) -> bool:
        """Take the last step back; what was written to the log is lifted there, for nothing is ever erased from it.

        Returns:
            Whether there was a step.
        """
        if not self._history:
            return False
        view, event = self._history[-1]
        if event:
            self._written_to().lift(event, because="taken back in the explorer")
        self._history.pop()
        if view.two_mode != self.view.two_mode:
            self._places = {}
        self._follow(view)
        self._show()
        return True

    def save(self, file: str | File, *, theme: str = "light") -> File:
        """Write the view to a .png, .svg or .html file (which opens offline), or to a .py cell that recreates it.

        Raises:
            UsageError: Another ending.
        """
        target = File(file).expanduser()
        return whole(target, self.written(target.suffix.lower().lstrip("."), theme=theme))

    def written(self, form: str, *, theme: str = "light") -> bytes:
        """Give what `save` writes, by its ending without the dot."""
        if form in ("png", "svg"):
            return image(self.graph, form, theme)
        if form == "py":
            return self.code.encode()
        if form == "html":
            return explorer_page(self._scene, self._state, self._looks, Asks(self).prepared(), repr(self)).encode()
        raise UsageError(f"a view is written to .png, .svg, .html or .py, not to '.{form[:10]}'")

    def _written_to(self) -> CaseLog:
        if self.book is None:
            raise UsageError("nothing can be marked without a case log; give log= to explore")
        return self.book

    def _node(self, name: str) -> dict[str, Any]:
        if name not in self._picture.graph:
            raise UsageError(f"'{str(name)[:40]}' is not in this picture; explorer.bring brings an account in")
        found: dict[str, Any] = self._picture.graph.nodes[name]
        return found

    def _go(self, view: View, *, anew: bool = False) -> None:
        """Show another view, and remember the one before."""
        if view == self.view:
            return
        before = self.view
        anew = anew or view.two_mode != before.two_mode
        self._follow(view)
        self._history.append((before, 0))
        if anew:
            self._places = {}
        self._show()

    def _follow(self, view: View) -> None:
        """Follow a view into the links; what only filters differently is not looked up again."""
        light = replace(view, **{name: getattr(self.view, name) for name in _LIGHT}) == self.view
        self._picture = replace(self._picture, view=view.checked()) if light else picture(self.links, view, self._most)

    def _show(self) -> None:
        made: Picture = self._picture
        if not set(made.graph) <= set(self._places) or made.view.pinned:
            self._places |= places(made.graph, self._places, made.view.pinned)
        told = scene(made, self._places, self._ids)
        with self.hold_sync():
            self._scene = told
            self._state = {**state(made, self._ids), "undo": len(self._history), "log": self.book is not None}
            self._chosen = [one for one in self._chosen if self._ids.names[one] in made.graph]

    @traitlets.validate("selected")
    def _known(self, proposal: Any) -> list[str]:
        for name in proposal["value"]:
            self._node(name)
        return list(proposal["value"])

    @traitlets.observe("selected")
    def _selected_here(self, change: Any) -> None:
        graph = self._picture.graph
        self._chosen = [self._ids.of(name, str(graph.nodes[name]["type"])) for name in change["new"]]

    @traitlets.observe("_chosen")
    def _selected_there(self, change: Any) -> None:
        self.selected = [self._ids.names[one] for one in change["new"] if self._ids.names.get(one) in self._picture.graph]

    def _repr_mimebundle_(self, **told: Any) -> Any:
        made = super()._repr_mimebundle_(**told)
        data = made[0] if isinstance(made, tuple) else made
        if data is not None:
            data["text/plain"] = self.text
            data["image/png"] = base64.b64encode(self.written("png")).decode()
        return made

    @property
    def text(self) -> str:
        """The view in words: how much is shown, and the links from strong to weak."""
        found = self.graph
        lines = [repr(self)]
        order = {label: nth for nth, label in enumerate(reversed(LABELS))}
        edges = [
            (order.get(str(d.get("label")), 9), -float(d.get("score", d.get("points", 0))), str(a), str(b), d)
            for a, b, d in found.edges(data=True)
        ]
        for _, score, a, b, data in sorted(edges, key=lambda edge: edge[:4])[:20]:
            lines.append(f"  {a} – {b}: {data.get('label', 'seen with it')}, {-score:g} points")
        rest = len(edges) - 20
        return "\n".join([*lines, *([f"  and {rest:,} more"] if rest > 0 else [])])
