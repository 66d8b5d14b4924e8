// The picture as a table: for who listens, for who would rather read, and with the same selection.
import { make, named } from "./dom.js";

export function table(parts) {
  const { side, model, panel, looks } = parts;
  const body = make("tbody");
  const head = make("tr", {}, ...["name", "kind", "status", "linked", "strongest link"].map((text) => make("th", { text, scope: "col" })));
  const caption = make("caption");
  const grid = make("table", { class: "mirror", "aria-label": "What the picture shows" }, caption, make("thead", {}, head), body);
  const found = make("details", { class: "mirrored" }, make("summary", { text: "The picture as a table" }), make("div", { class: "wide" }, grid));
  side.append(found);
  let rows = new Map();
  let stale = null;

  function draw(scene, state) {
    stale = [scene, state];
    if (found.open) fill();
  }
  found.addEventListener("toggle", () => found.open && fill());

  function fill() {
    if (!stale) return;
    const [scene, state] = stale;
    stale = null;
    const away = new Set(state.nodes);
    rows = new Map();
    caption.textContent = state.told;
    const shown = scene.nodes.filter((node) => !away.has(node.id));
    shown.sort((a, b) => (b.center ?? 0) - (a.center ?? 0) || a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name));
    body.replaceChildren(...shown.map((node) => {
      const row = make("tr", { "data-id": node.id },
        make("td", {}, make("button", { type: "button", onclick: (event) => pick(node, event) }, named(node.name))),
        make("td", { class: "kind", text: (looks.marks[node.kind] ?? looks.marks.other).word }),
        make("td", {}, named([node.role, node.status].filter((one) => one).join(", "))),
        make("td", { class: "n", text: node.linked === undefined ? "" : `${node.inside} of ${node.linked}` }), make("td", {}, named(node.told)));
      rows.set(node.id, row);
      return row;
    }));
    choose(model.get("_chosen"));
  }

  function pick(node, event) {
    const held = model.get("_chosen");
    const several = event.shiftKey || event.ctrlKey || event.metaKey;
    const now = !several ? [node.id] : held.includes(node.id) ? held.filter((one) => one !== node.id) : [...held, node.id];
    parts.canvas?.take(now);
    parts.canvas?.show(node.id);
    if (now.length === 2 && several) panel.send({ ask: "pair", a: now[0], b: now[1] });
    else panel.send({ ask: "about", id: node.id });
  }

  body.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr");
    const next = event.key === "ArrowDown" ? row?.nextElementSibling : event.key === "ArrowUp" ? row?.previousElementSibling : null;
    if (next) {
      next.querySelector("button").focus();
      event.preventDefault();
    } else if (event.key === "e" && !model.alone) panel.send({ ask: "expand", id: row.dataset.id });
  });

  function choose(ids) {
    const wanted = new Set(ids);
    for (const [id, row] of rows) {
      row.classList.toggle("chosen", wanted.has(id));
      row.setAttribute("aria-selected", String(wanted.has(id)));
    }
    if (ids.length && found.open) rows.get(ids.at(-1))?.scrollIntoView({ block: "nearest" });
  }

  return { draw, choose };
}
