// The only way in which anything gets into the page: as text, never as markup.
export function make(tag, told = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(told)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "text") made.textContent = value;
    else if (value !== false && value !== undefined) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...inside.filter((one) => one !== null && one !== undefined));
  return made;
}

// A name in a sentence: its own direction does not turn what stands around it.
export const named = (text) => make("bdi", { text });
