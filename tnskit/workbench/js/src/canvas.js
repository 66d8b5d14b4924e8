// The picture itself, on a canvas without WebGL. Places come from Python; what moves is only the eye.
import cytoscape from "cytoscape";
import { make } from "./dom.js";
import { words } from "./words.js";

const UNIT = 58;
const MANY = 400;
// a node is never drawn smaller than this on the screen, a line never thinner
const LEAST = 6;
const HAIR = 0.9;
const CROWD = 30;

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
  // the eye was moved by hand: what is seen then is nobody else's to change
  let steered = false;
  let zoomed = 1;
  const sign = { size: 12, small: 11 };

  const size = (node) => Math.max(22, LEAST / zoomed) * (looks.marks[node.data("kind")] ?? looks.marks.other).size * (node.data("center") ? 1.45 : 1);
  const width = (edge) => Math.max((looks.widths[edge.data("label")] ?? 1.4) * (edge.data("thin") ?? 1), HAIR / zoomed);

  function restyle() {
    const t = parts.theme;
    const style = [
      { selector: "node", style: {
        width: size, height: size, color: t.ink, "text-valign": "bottom", "text-margin-y": () => sign.size / 6,
        "font-family": "system-ui, sans-serif", "text-outline-color": t.paper, "text-outline-width": () => sign.size / 6,
        "border-width": 1, "border-color": t.paper, "overlay-padding": 4, "overlay-shape": "ellipse",
      } },
      { selector: "node.named, node.hover", style: { label: "data(label)", "font-size": () => sign.size } },
      { selector: "node.lifted", style: { "text-valign": "top", "text-margin-y": () => -sign.size / 6 } },
      { selector: "node[kind = 'group'], node[kind = 'more']", style: { "text-valign": "center", "font-size": 13, width: 58, height: 34, "text-margin-y": 0, color: "#1A1C1E", "text-outline-width": 0 } },
      { selector: "node[kind = 'group']", style: { width: 96, height: 50 } },
      { selector: "node[?center]", style: { "font-weight": "bold", "border-width": 2, "border-color": t.ink } },
      { selector: "node[?center].named", style: { "font-size": () => sign.size * 1.25 } },
      { selector: "node[?gone]", style: { "border-width": 3, "border-color": t.minus, "border-style": "double" } },
      { selector: "node.pinned", style: { "underlay-color": t.soft, "underlay-opacity": 0.35, "underlay-padding": 5, "underlay-shape": "ellipse" } },
      { selector: "node[?without]", style: { opacity: 0.35, "border-width": 2, "border-style": "dashed", "border-color": t.minus } },
      { selector: "edge", style: { width, "line-color": t.soft, "curve-style": "haystack", "haystack-radius": 0,
        opacity: (edge) => (edge.data("thin") < 0.5 ? 0.45 : 0.85) } },
      { selector: "edge.told", style: { label: "data(score)", "font-size": () => sign.small, color: t.ink, "font-family": "system-ui, sans-serif",
        "text-background-color": t.paper, "text-background-opacity": 0.9, "text-background-padding": 1 } },
      { selector: "edge[label = 'strong']", style: { "line-color": t.ink } },
      { selector: "edge[label = 'possible']", style: { "line-style": "dotted" } },
      { selector: "edge[?innocent]", style: { "line-color": t.benign, "line-style": "dashed" } },
      { selector: "edge[?changed]", style: { "line-color": t.minus } },
      { selector: "edge[?fell]", style: { "line-color": t.minus, "line-style": "dashed", opacity: 0.55 } },
      { selector: ".chosen", style: { "overlay-color": "#0072B2", "overlay-opacity": 0.3 } },
      { selector: "edge.near", style: { opacity: 1, width: (edge) => width(edge) + 1.2 } },
      { selector: ".dim", style: { opacity: 0.4 } },
      { selector: ".away", style: { display: "none" } },
      { selector: ".hover", style: { opacity: 1, "z-index": 9 } },
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
    // among many, a copy of the picture is moved under the hand, and drawn anew when it lets go
    cy.renderer().textureOnViewport = many;
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
    spell();
    const still = many || matchMedia("(prefers-reduced-motion: reduce)").matches;
    for (const [node, at] of moved) still ? node.position(at) : node.animate({ position: at }, { duration: 300 });
    const came = new Set([...moved.map(([node]) => node.id()), ...fresh.filter((one) => one.group === "nodes").map((one) => one.data.id)]);
    if (!fitted || came.size > cy.nodes().length / 2) setTimeout(fit, still ? 0 : 320);
    else if (came.size) bringIntoSight(came);
    fitted = true;
    stage.setAttribute("aria-label", `Picture: ${state.told} The table beside it says the same; arrow keys go from node to node.`);
  }

  // what came in should be seen, without losing where one was
  function bringIntoSight(came) {
    if (outOfSight(cy.nodes(":visible").filter((node) => came.has(node.id())))) fit();
  }

  function outOfSight(found) {
    const box = cy.extent();
    const own = found.boundingBox();
    return own.x1 < box.x1 || own.y1 < box.y1 || own.x2 > box.x2 || own.y2 > box.y2;
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

  function fit() {
    cy.fit(cy.elements(":visible"), 34);
    steered = false;
    if (cy.zoom() > 1.6) cy.zoom({ level: 1.6, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  }

  // Sizes and words are those of the screen, not of the picture: set anew when the eye comes nearer or goes away.
  function spell() {
    clearTimeout(waiting);
    waiting = 0;
    if (!cy.width() || cy.destroyed()) return;
    const before = zoomed;
    if (Math.abs(Math.log(cy.zoom() / zoomed)) > 0.1) zoomed = cy.zoom();
    const shrunk = zoomed !== before && Math.min(zoomed, before) < 0.75;
    if (shrunk) cy.elements().updateStyle();
    const { named, lifted, told, size: large, small } = words(cy, new Set(["group", "more"]));
    Object.assign(sign, { size: large, small });
    cy.batch(() => {
      cy.nodes(".named").not(named).removeClass("named");
      cy.nodes(".lifted").not(lifted).removeClass("lifted");
      lifted.addClass("lifted");
      cy.edges(".told").not(told).removeClass("told");
      named.addClass("named").updateStyle();
      told.addClass("told").updateStyle();
    });
  }
  let waiting = 0;
  const soon = () => {
    const many = cy.nodes().length > MANY;
    // among many, not before the eye stands still
    if (many) clearTimeout(waiting);
    if (many || !waiting) waiting = setTimeout(spell, many ? 160 : 40);
  };
  cy.on("viewport", soon);
  cy.on("position", "node", soon);
  cy.on("scrollzoom pinchzoom dragpan", () => (steered = true));

  function choose(ids) {
    cy.batch(() => {
      cy.elements(".chosen").removeClass("chosen");
      cy.edges(".near").removeClass("near");
      cy.elements(".dim").removeClass("dim");
      const held = cy.nodes().filter((node) => ids.includes(node.id())).addClass("chosen");
      held.connectedEdges().addClass("near");
      // among many, what is chosen and what it touches stand out
      if (held.nonempty() && cy.nodes().length > CROWD) cy.elements().not(held.closedNeighborhood()).addClass("dim");
    });
    soon();
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
    if (outOfSight(best[1])) cy.center(best[1]);
    parts.controls.tell(`${best[1].data("name")}: ${best[1].data("told")}`);
  }

  return {
    cy, draw, choose, take, restyle, fit,
    resized() {
      cy.resize();
      if (!steered) fit();
    },
    show(id) {
      if (outOfSight(cy.getElementById(id))) cy.animate({ center: { eles: cy.getElementById(id) } }, { duration: 200 });
    },
  };
}
