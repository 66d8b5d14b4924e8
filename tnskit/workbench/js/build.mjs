// Builds the one file that ships: `npm ci && npm run build`. The same source gives the same bytes; a test compares them.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const out = process.env.TNSKIT_STATIC ?? "../static";

await build({
  entryPoints: ["src/index.js"],
  outfile: `${out}/explorer.js`,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2021",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
copyFileSync("src/explorer.css", `${out}/explorer.css`);

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const shipped = Object.entries(lock.packages).filter(([path, told]) => path && !told.dev);
const notices = shipped.map(([path, told]) => {
  const name = path.replace(/^.*node_modules\//, "");
  const text = readFileSync(`${path}/LICENSE`, "utf8").trim();
  return `${name} ${told.version} (${told.license})\n\n${text}\n`;
});
writeFileSync(
  `${out}/NOTICES.txt`,
  "explorer.js holds these packages besides our own source in ../js:\n\n" + notices.join("\n" + "-".repeat(78) + "\n\n"),
);
