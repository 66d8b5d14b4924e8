// Questions to Python, each with a number; the answer with that number settles it.
export function asker(model) {
  const open = new Map();
  let n = 0;
  let busy = () => {};
  const ask = (content) =>
    new Promise((settle) => {
      n += 1;
      open.set(n, settle);
      busy(open.size);
      model.send({ ...content, n });
    });
  ask.heard = (content) => {
    const settle = open.get(content?.n);
    if (!settle) return;
    open.delete(content.n);
    busy(open.size);
    settle(content);
  };
  ask.onbusy = (tell) => (busy = tell);
  return ask;
}
