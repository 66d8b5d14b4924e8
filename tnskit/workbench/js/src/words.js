// Names beside nodes: as many as fit, the weightiest first, none on another or on a node, always large enough to be read.
const SIZE = 12;
const CELL = 64;
const widths = new Map();
const ruler = document.createElement("canvas").getContext("2d");
ruler.font = `${SIZE}px system-ui, sans-serif`;

function wide(text) {
  if (!widths.has(text)) {
    if (widths.size > 20000) widths.clear();
    widths.set(text, ruler.measureText(text).width);
  }
  return widths.get(text);
}

// Boxes on the screen, found by the cells that they lie in.
function sheet() {
  const cells = new Map();
  const each = ([x0, y0, x1, y1], visit) => {
    for (let x = Math.floor(x0 / CELL); x <= Math.floor(x1 / CELL); x += 1)
      for (let y = Math.floor(y0 / CELL); y <= Math.floor(y1 / CELL); y += 1) if (visit(`${x},${y}`) === false) return;
  };
  return {
    take: (box, owner) => each(box, (key) => void (cells.get(key) ?? cells.set(key, []).get(key)).push([box, owner])),
    // `words`: only other words are in the way, which nobody owns
    free(box, owner, words = false) {
      let free = true;
      each(box, (key) => {
        const hit = (cells.get(key) ?? []).some(([other, whose]) => whose !== owner && !(words && whose) &&
          box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
        if (hit) free = false;
        return free;
      });
      return free;
    },
  };
}

const weight = (node) => (node.hasClass("chosen") ? 1e6 : 0) + (node.data("center") ? 1e5 : 0) + (node.data("gone") ? 4 : 0) + node.degree();

// Which nodes and edges get their words at this zoom, and how large a sign is in the units of the picture.
export function words(cy, inside) {
  const zoom = cy.zoom();
  const onscreen = Math.min(16, Math.max(11, SIZE * Math.sqrt(zoom)));
  const page = sheet();
  const nodes = cy.nodes(":visible").filter((node) => {
    const { x, y } = node.renderedPosition();
    return x > -50 && y > -50 && x < cy.width() + 50 && y < cy.height() + 50;
  });
  for (const node of nodes) {
    const { x, y } = node.renderedPosition();
    const half = node.renderedWidth() / 2;
    page.take([x - half, y - half, x + half, y + half], node.id());
  }
  const named = [];
  const lifted = [];
  for (const node of nodes.toArray().sort((a, b) => weight(b) - weight(a) || (a.id() < b.id() ? -1 : 1))) {
    if (inside.has(node.data("kind"))) {
      if (node.renderedWidth() > 26) named.push(node);
      continue;
    }
    const { x, y } = node.renderedPosition();
    const big = node.data("center") ? 1.25 : 1;
    const half = (wide(node.data("label")) * big * onscreen) / SIZE / 2 + 1;
    const tall = onscreen * big * 1.2;
    const away = node.renderedHeight() / 2 + 2;
    const below = [x - half, y + away, x + half, y + away + tall];
    const over = [x - half, y - away - tall, x + half, y - away];
    const wanted = node.data("center") || node.hasClass("chosen");
    // a name that is wanted may lie on a node, but on no other name
    const tries = wanted ? [[below, false], [over, false], [below, true], [over, true]] : [[below, false]];
    const box = tries.find(([one, words]) => page.free(one, node.id(), words))?.[0];
    if (!box) continue;
    page.take(box, null);
    if (box === over) lifted.push(node);
    named.push(node);
  }
  const told = [];
  const edges = cy.edges(":visible");
  if (edges.length <= 40) {
    for (const edge of edges.toArray().sort((a, b) => b.data("score") - a.data("score"))) {
      const a = edge.source().renderedPosition();
      const b = edge.target().renderedPosition();
      const half = (wide(String(edge.data("score"))) * 11) / SIZE / 2 + 1;
      const [x, y] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
      const box = [x - half, y - 7, x + half, y + 7];
      if (!edge.data("score") || Math.hypot(a.x - b.x, a.y - b.y) < 60 || !page.free(box, null)) continue;
      page.take(box, edge.id());
      told.push(edge);
    }
  }
  return { named: cy.collection(named), lifted: cy.collection(lifted), told: cy.collection(told), size: onscreen / zoom, small: 11 / zoom };
}
