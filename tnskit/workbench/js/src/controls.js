// Search, filters, time, undo, save, legend: fields and buttons that ask Python and show what it says.
import { make, named } from "./dom.js";

const DAY = 86400000;
const day = (n) => new Date(n * DAY).toISOString().slice(0, 10);
const number = (text) => Math.round(Date.parse(text) / DAY);

export function controls(parts, bar, foot) {
  const { model, panel, looks, ask } = parts;
  const send = (content) => panel.send(content);
  const button = (text, title, onclick) => make("button", { type: "button", text, title, "aria-label": title, onclick });
  const told = make("span", { class: "told", role: "status" });
  const search = make("input", { type: "search", placeholder: "account or masked value", size: 24, "aria-label": "Search" });
  const find = make("form", { role: "search", onsubmit: (event) => {
    event.preventDefault();
    send({ ask: "search", text: search.value });
  } }, search);
  const mode = make("select", { "aria-label": "What is drawn", onchange: () => send({ ask: "filter", mode: mode.value }) },
    make("option", { value: "one", text: "accounts" }), make("option", { value: "two", text: "accounts and what they share" }));
  const label = make("select", { "aria-label": "Weakest link that is drawn", onchange: () => send({ ask: "filter", label: label.value }) },
    ...looks.labels.map((word) => make("option", { value: word, text: word === "strong" ? "strong links" : `${word} links and up` })));
  const undo = button("Undo", "Take the last step back", () => send({ ask: "undo" }));
  const tidy = button("Arrange", "Arrange everything anew, but for what is pinned", () => send({ ask: "arrange" }));
  const whole = button("Fit", "Show all of it", () => parts.canvas?.fit());
  const all = button("Show hidden", "Show again what was hidden", () => send({ ask: "show_all" }));
  const back = button("Put back", "Put back what was taken away in thought", () => send({ ask: "back" }));
  const keep = make("select", { class: "keep", "aria-label": "Save as", onchange: () => save() },
    make("option", { value: "", text: "Save as …" }), make("option", { value: "png", text: "picture (PNG)" }),
    make("option", { value: "svg", text: "picture (SVG)" }), make("option", { value: "html", text: "page that opens offline" }),
    make("option", { value: "py", text: "cell that recreates it" }));
  bar.append(find, mode, label, undo, whole, tidy, all, back, keep);
  if (model.alone) for (const one of [find, mode, label, undo, tidy, all, back, keep]) one.remove();

  const kinds = make("div", { class: "kinds", role: "group", "aria-label": "Legend; a box shows or leaves out what is shared by that kind" });
  const from = make("input", { type: "range", "aria-label": "Used on this day or later" });
  const to = make("input", { type: "range", "aria-label": "Used on this day or before" });
  const rail = make("div", { class: "rail" }, from, to);
  const span = make("span", { class: "span" });
  const time = make("div", { class: "time", role: "group", "aria-label": "Time" }, make("span", { text: "Used between " }), rail, span);
  foot.append(told, kinds, ...(model.alone ? [] : [time]));
  // one rail with two ends; both stay within reach where they meet at the right
  function spanned() {
    const share = (one) => (100 * (one.value - one.min)) / Math.max(1, one.max - one.min);
    rail.style.setProperty("--from", `${share(from)}%`);
    rail.style.setProperty("--to", `${share(to)}%`);
    from.style.zIndex = share(from) > 50 ? 2 : 1;
    span.textContent = `${day(+from.value)} – ${day(+to.value)}`;
  }
  let timer = 0;
  const moved = (event) => {
    if (+from.value > +to.value) event.target === from ? (to.value = from.value) : (from.value = to.value);
    spanned();
    clearTimeout(timer);
    timer = setTimeout(() => send({
      ask: "filter", since: +from.value > +from.min ? day(+from.value) : "", until: +to.value < +to.max ? day(+to.value) : "",
    }), 60);
  };
  from.addEventListener("input", moved);
  to.addEventListener("input", moved);
  ask.onbusy((many) => parts.root.classList.toggle("busy", many > 0));

  async function save() {
    const form = keep.value;
    keep.value = "";
    if (!form) return;
    const answer = await ask({ ask: "save", form, theme: parts.themeName });
    if (answer.error) return panel.say([{ part: "p", text: answer.error }]);
    const bytes = Uint8Array.from(atob(answer.file), (sign) => sign.charCodeAt(0));
    if (form === "py") {
      const text = new TextDecoder().decode(bytes);
      panel.say([{ part: "h", text: "A cell that recreates this view" }]);
      const box = make("textarea", { class: "code", readonly: true, rows: "4", "aria-label": "Code" });
      box.value = text;
      panel.said.append(box, button("Copy", "Copy the code", () => {
        box.select();
        navigator.clipboard?.writeText(text).catch(() => document.execCommand("copy"));
      }));
      return;
    }
    const types = { png: "image/png", svg: "image/svg+xml", html: "text/html" };
    const address = URL.createObjectURL(new Blob([bytes], { type: types[form] }));
    make("a", { href: address, download: `explorer.${form}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    panel.say([{ part: "p", text: `Saved as explorer.${form}, with the legend and how much of what is shown.` }]);
  }

  function sign(kind) {
    const mark = looks.marks[kind] ?? looks.marks.other;
    const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    made.setAttribute("viewBox", "-1.15 -1.15 2.3 2.3");
    made.setAttribute("aria-hidden", "true");
    made.setAttribute("class", "sign");
    const rings = { ellipse: 0, rectangle: [4, 45], diamond: [4, 0], pentagon: [5, 90], hexagon: [6, 0], octagon: [8, 22.5], triangle: [3, 90] };
    let shape;
    if (mark.shape === "ellipse") {
      shape = document.createElementNS(made.namespaceURI, "circle");
      shape.setAttribute("r", "0.95");
    } else {
      shape = document.createElementNS(made.namespaceURI, "polygon");
      let corners = mark.corners;
      if (mark.shape === "star") corners = [...Array(10).keys()].flatMap((n) => at(n, 10, 90, n % 2 ? 0.42 : 1));
      else if (!corners) corners = [...Array(rings[mark.shape][0]).keys()].flatMap((n) => at(n, ...rings[mark.shape], 1));
      shape.setAttribute("points", corners.join(" "));
    }
    shape.setAttribute("fill", mark.colour);
    made.append(shape);
    return made;
  }
  const at = (n, many, turn, far) => {
    const angle = ((360 / many) * n + turn) * (Math.PI / 180);
    return [far * Math.cos(angle), -far * Math.sin(angle)];
  };

  let scene = null;
  let state = null;
  function legend() {
    if (!scene) return;
    const present = new Set(scene.nodes.map((node) => node.kind));
    const on = new Set(state.kinds ?? scene.kinds);
    const boxes = scene.kinds.map((kind) => {
      const box = make("input", { type: "checkbox", onchange: () => {
        on.has(kind) ? on.delete(kind) : on.add(kind);
        send({ ask: "filter", kinds: on.size === scene.kinds.length ? null : [...on] });
      } });
      box.checked = on.has(kind);
      return make("label", {}, model.alone ? null : box, sign(kind), make("span", { text: looks.marks[kind]?.word ?? kind }));
    });
    const others = ["account", "group", "more"].filter((kind) => present.has(kind));
    const signs = others.map((kind) => make("span", { class: "item" }, sign(kind), make("span", { text: looks.marks[kind].word })));
    const lines = [["strong", "strong"], ["likely", "likely"], ["possible", "possible"], ["innocent", "more likely innocent"]];
    if (scene.edges.some((edge) => edge.changed)) lines.push(["fell", "would change or fall"]);
    if (scene.nodes.some((node) => node.gone)) signs.push(make("span", { class: "item" }, make("i", { class: "removed" }), make("span", { text: "removed or suspended" })));
    const strokes = lines.map(([name, text]) => make("span", { class: "item" }, make("i", { class: `line ${name}` }), make("span", { text })));
    kinds.replaceChildren(...signs, ...boxes, ...strokes);
  }

  function draw(nextScene, nextState) {
    scene = nextScene;
    state = nextState;
    told.replaceChildren(named(state.told));
    if (state.without.length) told.append(" Without, in thought: ", named(state.without.join(", ")), ".");
    mode.value = state.mode;
    label.value = state.label;
    undo.disabled = !state.undo;
    all.hidden = !state.hidden;
    back.hidden = !state.without.length;
    time.hidden = !scene.days.length;
    if (scene.days.length) {
      const [first, last] = scene.days.map(number);
      for (const one of [from, to]) Object.assign(one, { min: first, max: last });
      if (document.activeElement !== from && document.activeElement !== to) {
        from.value = state.since ? number(state.since) : first;
        to.value = state.until ? number(state.until) : last;
      }
      spanned();
    }
    legend();
  }

  return { draw, legend, tell: (text) => told.replaceChildren(named(text)) };
}
