// Light or dark, as the notebook around it is: told by JupyterLab, by VS Code, or seen from the paper it lies on.
export function watchTheme(root, looks, apply) {
  const now = () => {
    const told = document.body.dataset.jpThemeLight;
    if (told) return told === "true" ? "light" : "dark";
    if (document.body.classList.contains("vscode-dark")) return "dark";
    if (document.body.classList.contains("vscode-light")) return "light";
    for (let one = root.parentElement; one; one = one.parentElement) {
      const found = getComputedStyle(one).backgroundColor.match(/[\d.]+/g)?.map(Number);
      if (found && (found.length < 4 || found[3] > 0)) return 0.2126 * found[0] + 0.7152 * found[1] + 0.0722 * found[2] < 128 ? "dark" : "light";
    }
    return "light";
  };
  let last = "";
  const look = () => {
    const name = now();
    if (name !== last) apply((last = name));
  };
  const watcher = new MutationObserver(look);
  watcher.observe(document.body, { attributes: true });
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", look);
  look();
  requestAnimationFrame(look);
  return () => {
    watcher.disconnect();
    media.removeEventListener("change", look);
  };
}
