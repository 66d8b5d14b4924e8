// What the picture says: parts that Python wrote, put down as text.
import { make, named } from "./dom.js";

export function panel({ side, ask, model, looks }) {
  const said = make("div", { class: "said", role: "region", "aria-label": "What was found", "aria-live": "polite", tabindex: "0" });
  side.append(said);

  function part(one) {
    if (one.part === "h") return make("h4", {}, named(one.text));
    if (one.part === "list") return make("ol", {}, ...one.items.map((text) => make("li", {}, named(text))));
    if (one.part === "sum") return sum(one.rows);
    if (one.part === "table") return grid(one);
    if (one.part === "buttons") {
      if (model.alone) return null;
      return make("div", { class: "asks" }, ...one.buttons.map(({ text, ask: content }) =>
        make("button", { type: "button", onclick: () => (content.ask === "form" ? form(content) : send(content)) }, named(text))));
    }
    return make("p", { class: one.part === "note" ? "note" : "" }, named(one.text));
  }

  function sum(rows) {
    const most = Math.max(1, ...rows.map((row) => Math.abs(row.points)));
    return make("ul", { class: "sum" }, ...rows.map((row) => {
      const bar = make("span", { class: `bar ${row.points < 0 ? "minus" : "plus"}`, "aria-hidden": "true" });
      bar.style.width = `${(100 * Math.abs(row.points)) / most}%`;
      const points = `${row.points > 0 ? "+" : row.points < 0 ? "−" : ""}${Math.abs(row.points)}`;
      const head = make("div", { class: "head" }, make("b", { class: "points", text: row.points ? points : "(not added)" }),
        make("span", { text: ` ${row.family}: ` }), named(row.what));
      return make("li", {}, head, row.points ? bar : null, make("div", { class: "words", text: row.words }),
        row.dates ? make("div", { class: "dates" }, named(row.dates)) : null);
    }));
  }

  function grid({ head, rows }) {
    const top = make("tr", {}, ...head.map((text) => make("th", { text, scope: "col" })));
    return make("div", { class: "wide" }, make("table", {}, make("thead", {}, top),
      make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((text) => make("td", {}, named(String(text)))))))));
  }

  // What is written to the case log asks for a reason first.
  function form(content) {
    const because = make("textarea", { rows: "3", required: true, "aria-label": "How that is known" });
    const fields = [];
    const told = {};
    if (content.form === "shared") {
      const why = make("select", { "aria-label": "Who shares it" }, ...looks.why.map((word) => make("option", { value: word, text: word.replace("_", " ") })));
      const year = new Date(Date.now() + 180 * 86400000).toISOString().slice(0, 10);
      const until = make("input", { type: "date", value: year, "aria-label": "Until" });
      fields.push(make("label", { text: "Who shares it " }, why), make("label", { text: "Set aside until " }, until));
      told.read = () => ({ why: why.value, until: until.value });
    }
    const word = make("div", { class: "wrong", role: "alert" });
    const go = make("button", { type: "submit", text: "Write it to the case log" });
    const made = make("form", { onsubmit: async (event) => {
      event.preventDefault();
      const { form: name, ask: _ask, ...rest } = content;
      const answer = await ask({ ...rest, ask: name, because: because.value, ...(told.read?.() ?? {}) });
      if (answer.error) word.textContent = answer.error;
      else say(answer.parts);
    } }, ...fields, make("label", { text: "How that is known" }, because), go, word);
    said.append(made);
    because.focus();
  }

  function say(parts) {
    said.replaceChildren(...parts.map(part).filter((one) => one));
    said.scrollTop = 0;
    said.dataset.said = String(Number(said.dataset.said ?? 0) + 1);
  }

  async function send(content) {
    const answer = await ask(content);
    if (answer.error) say([{ part: "p", text: answer.error }]);
    else if (answer.parts?.length) say(answer.parts);
    if (answer.error) said.firstElementChild?.classList.add("wrong");
    return answer;
  }

  return { say, send, said };
}
