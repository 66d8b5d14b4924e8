// The explorer: a picture, what it says, and a table that mirrors it. No rule is decided here: whatever is asked goes to Python,
// and whatever comes back is written down as text.
import { asker } from "./asker.js";
import { canvas } from "./canvas.js";
import { controls } from "./controls.js";
import { make } from "./dom.js";
import { panel } from "./panel.js";
import { table } from "./table.js";
import { watchTheme } from "./theme.js";

function render({ model, el }) {
  const root = make("div", { class: "tns-explorer", "data-lm-suppress-shortcuts": "true" });
  const stage = make("div", { class: "stage", tabindex: "0", role: "application" });
  const side = make("div", { class: "side" });
  const looks = model.get("_looks");
  const ask = asker(model);
  const parts = { root, stage, side, model, looks, ask, theme: looks.themes.light, themeName: "light" };
  const bar = make("div", { class: "bar", role: "toolbar", "aria-label": "What is shown" });
  const foot = make("div", { class: "foot" });
  root.append(bar, make("div", { class: "middle" }, stage, side), foot);
  el.replaceChildren(root);

  parts.panel = panel(parts);
  parts.table = table(parts);
  parts.controls = controls(parts, bar, foot);
  const stops = [];
  // keys pressed in here are meant for here, not for the notebook around it
  root.addEventListener("keydown", (event) => event.stopPropagation());
  stops.push(watchTheme(root, looks, (name) => {
    parts.theme = looks.themes[name];
    parts.themeName = name;
    root.dataset.theme = name;
    for (const [key, colour] of Object.entries(parts.theme)) if (key !== "name") root.style.setProperty(`--tns-${key}`, colour);
    parts.canvas?.restyle();
    parts.controls.legend();
  }));

  // a cell has no size when it is first drawn into
  const seen = new ResizeObserver(() => {
    if (!stage.clientWidth) return;
    if (parts.canvas) parts.canvas.resized();
    else {
      parts.canvas = canvas(parts);
      root.tnsCanvas = parts.canvas.cy;
      refresh();
    }
  });
  seen.observe(stage);
  function refresh() {
    parts.canvas?.draw(model.get("_scene"), model.get("_state"));
    parts.table.draw(model.get("_scene"), model.get("_state"));
    parts.controls.draw(model.get("_scene"), model.get("_state"));
    chosen();
  }
  function chosen() {
    const ids = model.get("_chosen");
    parts.canvas?.choose(ids);
    parts.table.choose(ids);
  }
  let waiting = 0;
  const later = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(refresh);
  };
  const heard = (content) => ask.heard(content);
  model.on("change:_scene", later);
  model.on("change:_state", later);
  model.on("change:_chosen", chosen);
  model.on("msg:custom", heard);
  parts.table.draw(model.get("_scene"), model.get("_state"));
  parts.controls.draw(model.get("_scene"), model.get("_state"));
  parts.panel.say([{ part: "note", text: "Click an account, a shape or a line to read why. Double-click an account to open its strongest links." }]);
  return () => {
    seen.disconnect();
    for (const stop of stops) stop();
    model.off("change:_scene", later);
    model.off("change:_state", later);
    model.off("change:_chosen", chosen);
    model.off("msg:custom", heard);
    parts.canvas?.cy.destroy();
  };
}

// A page that was saved: the picture and its answers are in it, and nobody is there to be asked anything else.
function page(el, told) {
  const held = { ...told };
  const hearers = {};
  const model = {
    get: (key) => held[key],
    set: (key, value) => {
      held[key] = value;
      for (const hear of hearers[`change:${key}`] ?? []) hear();
    },
    save_changes() {},
    on: (name, hear) => (hearers[name] ??= []).push(hear),
    off() {},
    alone: true,
    send(content) {
      const { id, a, b } = content;
      const parts = told.prepared[id] ?? told.prepared[`${a}-${b}`] ?? told.prepared[`${b}-${a}`] ?? [{ part: "note", text: "This page holds no answer to that; open the notebook it was saved from." }];
      queueMicrotask(() => hearers["msg:custom"]?.forEach((hear) => hear({ n: content.n, parts })));
    },
  };
  render({ model, el });
}

globalThis.tnskitExplorer = { page };
export default { render };
