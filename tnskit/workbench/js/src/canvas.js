// The picture itself, on a canvas without WebGL. Places come from Python; what moves is only the eye.
import cytoscape from "cytoscape";
import { make } from "./dom.js";

const UNIT = 58;
const MANY = 400;

export function canvas(parts) {
  const { stage, model, looks, panel } = parts;
  const view = make("div", { class: "view" });
  stage.prepend(view);
  const cy = cytoscape({
    container: view, minZoom: 0.03, maxZoom: 4, boxSelectionEnabled: true, selectionType: "single",
    hideEdgesOnViewport: false, textureOnViewport: false, pixelRatio: "auto", autounselectify: true,
  });
  let quiet = new Set();
  let fitted = false;

  const size = (node) => 22 * (looks.marks[node.data("kind")] ?? looks.marks.other).size * (node.data("center") ? 1.45 : 1);
  const width = (edge) => (looks.widths[edge.data("label")] ?? 1.4) * 0.9;

  function restyle() {
    const t = parts.theme;
    const style = [
      { selector: "node", style: {
        width: size, height: size, label: "data(label)", color: t.ink, "font-size": 12, "text-valign": "bottom", "text-margin-y": 3,
        "font-family": "system-ui, sans-serif", "text-outline-color": t.paper, "text-outline-width": 2, "min-zoomed-font-size": 7,
        "border-width": 1, "border-color": t.paper, "overlay-padding": 4,
      } },
      { selector: "node[kind = 'group'], node[kind = 'more']", style: { "text-valign": "center", "font-size": 9, width: 48, height: 30, "text-margin-y": 0, color: "#1A1C1E", "text-outline-width": 0 } },
      { selector: "node[kind = 'group']", style: { width: 74, height: 46 } },
      { selector: "node[?center]", style: { "font-weight": "bold", "font-size": 15, "border-width": 2, "border-color": t.ink } },
      { selector: "node[?gone]", style: { "border-width": 3, "border-color": t.minus, "border-style": "double" } },
      { selector: "node.pinned", style: { "underlay-color": t.soft, "underlay-opacity": 0.35, "underlay-padding": 5, "underlay-shape": "ellipse" } },
      { selector: "node[?without]", style: { opacity: 0.35, "border-width": 2, "border-style": "dashed", "border-color": t.minus } },
      { selector: "edge", style: { width, "line-color": t.soft, "curve-style": "haystack", "haystack-radius": 0, opacity: 0.85 } },
      { selector: "edge[label = 'strong']", style: { "line-color": t.ink } },
      { selector: "edge[label = 'possible']", style: { "line-style": "dotted" } },
      { selector: "edge[?innocent]", style: { "line-color": t.benign, "line-style": "dashed" } },
      { selector: "edge[?changed]", style: { "line-color": t.minus } },
      { selector: "edge[?fell]", style: { "line-color": t.minus, "line-style": "dashed", opacity: 0.55 } },
      { selector: ".chosen", style: { "overlay-color": "#0072B2", "overlay-opacity": 0.3 } },
      { selector: "edge.near", style: { opacity: 1, width: (edge) => width(edge) + 1.2 } },
      { selector: ".away", style: { display: "none" } },
      { selector: ".hover", style: { "text-outline-width": 3, "min-zoomed-font-size": 0, "z-index": 9 } },
    ];
    for (const [kind, mark] of Object.entries(looks.marks)) {
      const shape = mark.corners ? { shape: "polygon", "shape-polygon-points": mark.corners } : { shape: mark.shape };
      style.splice(1, 0, { selector: `node[kind = '${kind}']`, style: { ...shape, "background-color": mark.colour } });
    }
    cy.style(style);
  }

  function draw(scene, state) {
    const many = scene.nodes.length > MANY;
    const wanted = new Map(scene.nodes.map((node) => [node.id, node]));
    const lines = new Map(scene.edges.map((edge) => [edge.id, edge]));
    cy.startBatch();
    cy.elements().filter((one) => !wanted.has(one.id()) && !lines.has(one.id())).remove();
    const fresh = [];
    const moved = [];
    for (const node of scene.nodes) {
      const at = { x: node.x * UNIT, y: node.y * UNIT };
      const here = cy.getElementById(node.id);
      if (here.empty()) fresh.push({ group: "nodes", data: node, position: at });
      else {
        here.data({ ...node });
        const was = here.position();
        if (Math.hypot(was.x - at.x, was.y - at.y) > 0.5) moved.push([here, at]);
      }
    }
    for (const edge of scene.edges) {
      const here = cy.getElementById(edge.id);
      if (here.empty()) fresh.push({ group: "edges", data: { ...edge, source: edge.s, target: edge.t } });
      else here.data({ ...edge });
    }
    const first = cy.elements().empty();
    cy.add(fresh);
    if (first) restyle();
    hush(state);
    cy.endBatch();
    const still = many || matchMedia("(prefers-reduced-motion: reduce)").matches;
    for (const [node, at] of moved) still ? node.position(at) : node.animate({ position: at }, { duration: 300 });
    if (!fitted || moved.length > cy.nodes().length / 2) setTimeout(fit, still ? 0 : 320);
    else if (!first && fresh.length) bringIntoSight(fresh);
    fitted = true;
    stage.setAttribute("aria-label", `Picture: ${state.told} The table beside it says the same; arrow keys go from node to node.`);
  }

  // what came in should be seen, without losing where one was
  function bringIntoSight(fresh) {
    const found = cy.collection(fresh.filter((one) => one.group === "nodes").map((one) => cy.getElementById(one.data.id)));
    if (found.empty()) return;
    const box = cy.extent();
    const own = found.boundingBox();
    if (own.x1 < box.x1 || own.y1 < box.y1 || own.x2 > box.x2 || own.y2 > box.y2) fit();
  }

  function hush(state) {
    const next = new Set([...state.nodes, ...state.edges]);
    for (const id of quiet) if (!next.has(id)) cy.getElementById(id).removeClass("away");
    for (const id of next) if (!quiet.has(id)) cy.getElementById(id).addClass("away");
    for (const id of next) cy.getElementById(id).addClass("away");
    quiet = next;
    cy.nodes(".pinned").removeClass("pinned");
    for (const id of state.pinned) cy.getElementById(id).addClass("pinned");
  }

  const fit = () => cy.fit(cy.elements(":visible"), 34);

  function choose(ids) {
    cy.batch(() => {
      cy.elements(".chosen").removeClass("chosen");
      cy.edges(".near").removeClass("near");
      for (const id of ids) {
        const node = cy.getElementById(id).addClass("chosen");
        node.connectedEdges().addClass("near");
      }
    });
  }

  function take(ids) {
    model.set("_chosen", ids);
    model.save_changes();
    choose(ids);
    parts.table.choose(ids);
  }

  cy.on("tap", "node", (event) => {
    const id = event.target.id();
    const held = model.get("_chosen");
    const source = event.originalEvent;
    if (source?.shiftKey || source?.ctrlKey || source?.metaKey) {
      const now = held.includes(id) ? held.filter((one) => one !== id) : [...held, id];
      take(now);
      const two = now.map((one) => cy.getElementById(one)).filter((one) => one.data("kind") === "account");
      if (now.length === 2 && two.length === 2) panel.send({ ask: "pair", a: now[0], b: now[1] });
      return;
    }
    take([id]);
    panel.send({ ask: "about", id });
  });
  cy.on("tap", "edge", (event) => {
    const { s, t } = event.target.data();
    take([s, t]);
    panel.send({ ask: "edge", a: s, b: t });
  });
  cy.on("dbltap", "node", (event) => {
    if (event.target.data("kind") in looks.marks && !["account", "group", "more"].includes(event.target.data("kind"))) return;
    if (!model.alone) panel.send({ ask: "expand", id: event.target.id() });
  });
  cy.on("tap", (event) => {
    if (event.target === cy) take([]);
  });
  cy.on("boxend", () => setTimeout(() => {
    const ids = cy.nodes(".boxed").map((one) => one.id());
    cy.nodes(".boxed").removeClass("boxed");
    if (ids.length) take(ids);
  }));
  cy.on("boxselect", "node", (event) => event.target.addClass("boxed"));
  cy.on("box", "node", (event) => event.target.addClass("boxed"));
  cy.on("dragfreeon", "node", (event) => {
    const { x, y } = event.target.position();
    if (!model.alone) panel.send({ ask: "pin", id: event.target.id(), x: x / UNIT, y: y / UNIT });
  });
  const tip = make("div", { class: "tip", hidden: true });
  stage.append(tip);
  cy.on("mouseover", "node, edge", (event) => {
    event.target.addClass("hover");
    const told = event.target.data();
    tip.textContent = event.target.isNode() ? `${told.name}: ${told.told}` : told.told;
    tip.hidden = false;
    const at = event.renderedPosition ?? { x: 0, y: 0 };
    tip.style.left = `${Math.min(at.x + 12, stage.clientWidth - 180)}px`;
    tip.style.top = `${at.y + 14}px`;
  });
  cy.on("mouseout", "node, edge", (event) => {
    event.target.removeClass("hover");
    tip.hidden = true;
  });
  cy.on("viewport", () => (tip.hidden = true));

  // arrow keys go to the nearest node in that direction; what a click does, a key does too
  stage.addEventListener("keydown", (event) => {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const id = model.get("_chosen").at(-1);
    const here = id ? cy.getElementById(id) : cy.nodes(":visible[?center]").first();
    const act = {
      Enter: () => id && panel.send({ ask: "about", id }), e: () => id && panel.send({ ask: "expand", id }),
      h: () => id && panel.send({ ask: "hide", id }), w: () => id && panel.send({ ask: "without", id }),
      p: () => id && panel.send({ ask: here.hasClass("pinned") ? "unpin" : "pin", id, x: here.position("x") / UNIT, y: here.position("y") / UNIT }),
      "+": () => cy.zoom({ level: cy.zoom() * 1.25, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } }),
      "-": () => cy.zoom({ level: cy.zoom() / 1.25, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } }),
      f: fit, Escape: () => take([]), "/": () => parts.root.querySelector("input[type=search]").focus(),
    };
    const typed = ["INPUT", "TEXTAREA", "SELECT", "BUTTON"].includes(event.target.tagName);
    if (typed) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "z") panel.send({ ask: "undo" });
    else if (ways[event.key]) step(here, ways[event.key]);
    else if (act[event.key] && !event.ctrlKey && !event.metaKey && (!model.alone || !["e", "h", "w", "p"].includes(event.key))) act[event.key]();
    else return;
    event.preventDefault();
  });

  function step(here, [x, y]) {
    const from = here.nonempty() ? here.position() : { x: 0, y: 0 };
    let best = null;
    cy.nodes(":visible").forEach((node) => {
      const dx = node.position("x") - from.x;
      const dy = node.position("y") - from.y;
      const along = dx * x + dy * y;
      const cost = along > 1 ? Math.hypot(dx, dy) + 2 * Math.abs(dx * y - dy * x) : Infinity;
      if (!best || cost < best[0]) if (cost < Infinity) best = [cost, node];
    });
    if (!best) return;
    take([best[1].id()]);
    const box = cy.extent();
    const at = best[1].position();
    if (at.x < box.x1 || at.x > box.x2 || at.y < box.y1 || at.y > box.y2) cy.center(best[1]);
    parts.controls.tell(`${best[1].data("name")}: ${best[1].data("told")}`);
  }

  return {
    cy, draw, choose, take, restyle, fit,
    resized: () => cy.resize(),
    show: (id) => cy.animate({ center: { eles: cy.getElementById(id) } }, { duration: 200 }),
  };
}
