"""What the browser may ask an explorer, and the answer to each."""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable
from typing import Any

from tnskit.errors import TnskitError, UsageError
from tnskit.findings.explain import Explanation, explain
from tnskit.workbench import explorer_answers as answers
from tnskit.workbench.explorer_answers import Part
from tnskit.workbench.labels import tidy

PREPARED = 300
"""Links, and nodes, whose answers a saved page carries. Assumption: a page of a few megabytes can still be mailed."""

EXPLAINED = 1_000
"""Pairs whose explanation is kept in mind. Assumption: a few megabytes."""

Ask = dict[str, Any]


class Asks:
    """Answers to what is clicked, pressed and typed; each is a verb of the explorer and words for its result."""

    def __init__(self, explorer: Any) -> None:
        self._explorer = explorer
        # links do not change, and the same pair is asked about from the line and from either end
        self._explained = functools.lru_cache(EXPLAINED)(functools.partial(explain, explorer.links))
        self._verbs: dict[str, Callable[[Ask], list[Part]]] = {
            "about": self._about, "edge": self._edge, "pair": self._edge, "expand": self._expand, "find": self._find,
            "around": self._around, "filter": self._filter, "hide": self._hide, "show_all": self._show_all, "pin": self._pin,
            "unpin": self._unpin, "arrange": self._arrange, "path": self._path, "without": self._without, "back": self._back,
            "undo": self._undo, "search": self._search, "shared": self._shared, "apart": self._apart, "save": self._save,
        }  # fmt: skip

    def answer(self, _widget: Any, content: Any, _buffers: Any) -> None:
        """Answer one message; what goes wrong is answered in one sentence."""
        if not isinstance(content, dict) or content.get("ask") not in self._verbs:
            return
        reply: dict[str, Any] = {"n": content.get("n")}
        try:
            reply |= self._reply(content)
        except TnskitError as problem:
            told = str(problem)
            reply["error"] = told[:1].upper() + told[1:] + ("" if told.endswith(".") else ".")
        except Exception as problem:
            # the words of a foreign error may hold what is raw
            reply["error"] = f"Something went wrong ({type(problem).__name__}); nothing was changed."
            self._explorer.send(reply)
            raise
        self._explorer.send(reply)

    def _reply(self, content: Ask) -> dict[str, Any]:
        if content["ask"] == "save":
            form = str(content.get("form"))
            made = self._explorer.written(form, theme="dark" if content.get("theme") == "dark" else "light")
            return {"file": base64.b64encode(made).decode(), "form": form, "parts": []}
        return {"parts": self._verbs[content["ask"]](content)}

    def prepared(self) -> dict[str, list[Part]]:
        """Give the answers that a page without Python carries: for what is asked about and has most links, and for the strongest links."""
        explorer = self._explorer
        nodes = sorted(explorer._scene["nodes"], key=lambda node: (not node.get("center"), -node.get("inside", 0)))[:PREPARED]
        told = {node["id"]: self._plain({"id": node["id"]}) for node in nodes}
        known = {node["id"] for node in explorer._scene["nodes"] if node["kind"] == "account"}
        linked = [edge for edge in explorer._scene["edges"] if edge["s"] in known and edge["t"] in known]
        strongest = sorted(linked, key=lambda edge: -edge["score"])[:PREPARED]
        return told | {edge["id"]: self._plain({"a": edge["s"], "b": edge["t"]}) for edge in strongest}

    def _plain(self, ask: Ask) -> list[Part]:
        parts = self._edge(ask) if "a" in ask else self._about(ask)
        return [part for part in parts if part["part"] != "buttons"]

    def _name(self, ask: Ask, key: str = "id") -> str:
        if key == "id" and "name" in ask:
            return str(ask["name"])
        names = self._explorer._ids.names
        if ask.get(key) in names:
            return str(names[ask[key]])
        return str(ask.get(key))

    def _about(self, ask: Ask) -> list[Part]:
        explorer, name = self._explorer, self._name(ask)
        graph, data = explorer._picture.graph, explorer._node(name)
        if data["type"] == "identifier":
            return answers.identifier(explorer.links, name, data, [str(other) for other in graph[name]])
        if data["type"] != "account":
            many = f"{data['size']:,} accounts"
            told = f"{many} that hang together, folded into one." if data["type"] == "group" else f"{many} that are not shown yet."
            return [answers.text(tidy(name), "h"), answers.text(told), answers.buttons(("Open", {"ask": "expand", "name": name}))]
        code, people = explorer._picture.codes[name], explorer._picture.people
        linked, inside = explorer._picture.members.linked.get(code, 0), explorer._picture.members.inside.get(code, 0)
        others = [other for other in explorer.view.accounts if other in people and other != name]
        best = max(others, key=lambda other: people.edges[name, other]["score"] if people.has_edge(name, other) else -99.0, default="")
        if not best or not people.has_edge(name, best):
            best = max(people[name], key=lambda other: (people.edges[name, other]["score"], other), default=best)
        facts = {key: tidy(str(data[key])) for key in ("role", "status")}
        return answers.account(name, self._why(best, name) if best else None, linked=linked, inside=inside, facts=facts)

    def _edge(self, ask: Ask) -> list[Part]:
        a, b = self._name(ask, "a"), self._name(ask, "b")
        kinds = {name: self._explorer._picture.graph.nodes[name]["type"] for name in (a, b) if name in self._explorer._picture.graph}
        if other := next((name for name, kind in kinds.items() if kind != "account"), None):
            return self._about({"name": other})
        return answers.pair(self._why(a, b), a, b, can_mark=self._explorer.book is not None)

    def _why(self, a: str, b: str) -> Explanation:
        return self._explained(*sorted((a, b)))

    def _expand(self, ask: Ask) -> list[Part]:
        before = len(self._explorer._picture.codes)
        self._explorer.expand(self._name(ask))
        return [answers.text(f"{len(self._explorer._picture.codes) - before:,} more accounts are shown. {self._explorer._state['told']}")]

    def _find(self, ask: Ask) -> list[Part]:
        name = self._name(ask)
        if name not in self._explorer._picture.graph:
            self._explorer.bring(name)
        self._explorer.selected = [name]
        return self._about({"name": name})

    def _around(self, ask: Ask) -> list[Part]:
        self._explorer.around(self._name(ask))
        return [answers.text(f"Around {tidy(self._name(ask))} now; Undo goes back.")]

    def _filter(self, ask: Ask) -> list[Part]:
        wanted: dict[str, Any] = {name: ask[name] for name in ("label", "kinds", "since", "until") if name in ask}
        if "mode" in ask:
            wanted["two_mode"] = ask["mode"] == "two"
        self._explorer.filter(**wanted)
        return []

    def _hide(self, ask: Ask) -> list[Part]:
        self._explorer.hide(self._name(ask))
        return [answers.text(f"{tidy(self._name(ask))} is hidden."), answers.buttons(("Show everything", {"ask": "show_all"}))]

    def _show_all(self, _ask: Ask) -> list[Part]:
        self._explorer.show_all()
        return [answers.text("Everything that was hidden is shown.")]

    def _pin(self, ask: Ask) -> list[Part]:
        self._explorer.pin(self._name(ask), float(ask["x"]), -float(ask["y"]))
        return []

    def _unpin(self, ask: Ask) -> list[Part]:
        self._explorer.unpin(self._name(ask))
        return []

    def _arrange(self, _ask: Ask) -> list[Part]:
        self._explorer.arrange()
        return []

    def _path(self, ask: Ask) -> list[Part]:
        found = self._explorer.path(self._name(ask, "a"), self._name(ask, "b"))
        if found.accounts:
            self._explorer.selected = list(found.accounts)
        return answers.way(found)

    def _without(self, ask: Ask) -> list[Part]:
        gone = dict.fromkeys([*self._explorer.view.without, self._name(ask)])
        return answers.fallen(self._explorer.what_if(*gone))

    def _back(self, _ask: Ask) -> list[Part]:
        self._explorer.what_if()
        return [answers.text("Everything is back as it was linked.")]

    def _undo(self, _ask: Ask) -> list[Part]:
        return [answers.text("The last step was taken back." if self._explorer.undo() else "There is nothing to take back.")]

    def _search(self, ask: Ask) -> list[Part]:
        words = str(ask.get("text", "")).strip()
        if not words:
            raise UsageError("type the beginning of an account, or part of a masked value")
        graph, low = self._explorer._picture.graph, words.lower()
        here = [name for name, data in graph.nodes(data=True) if data["type"] in ("account", "identifier") and low in str(name).lower()]
        names = dict.fromkeys([*here, *self._explorer.links.index.starting(words, answers.FOUND)])
        exact = sorted(names, key=lambda name: (str(name) != words, name not in graph, str(name)))[: answers.FOUND]
        return answers.hits([(str(name), name in graph) for name in exact], words)

    def _shared(self, ask: Ask) -> list[Part]:
        told = {key: str(ask.get(key, "")) for key in ("why", "because", "until")}
        n = self._explorer.mark_shared(self._name(ask), why=told["why"], because=told["because"], until=told["until"])
        return [answers.text(f"Written to the log as event {n}: the next tns.link(market, log=log) sets it aside. Undo lifts it.")]

    def _apart(self, ask: Ask) -> list[Part]:
        n = self._explorer.mark_apart(self._name(ask, "a"), self._name(ask, "b"), because=str(ask.get("because", "")))
        told = f"Written to the log as event {n}. It holds once a second person has agreed: log.agree({n}). Undo lifts it."
        return [answers.text(told)]

    def _save(self, _ask: Ask) -> list[Part]:
        return []
