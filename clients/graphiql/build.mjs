// Bundles the page into the folder the gateway serves it from, with the licences of all that went in.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SERVED = "../../gateway/pages/graphiql";
const MODULES = "node_modules/";

// The letters of the reader's own system do: those in the style sheets are four fifths of them, and a licence more.
const withoutLetters = {
  name: "without letters",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/@font-face\s*\{[^}]*\}/g, ""),
      loader: "css",
    }));
  },
};

rmSync(SERVED, { recursive: true, force: true });
mkdirSync(SERVED, { recursive: true });
const { metafile } = await build({
  entryPoints: ["page.jsx", "page.css"],
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  outdir: SERVED,
  metafile: true,
  legalComments: "none", // the licences are in a file of their own
  alias: { "react-style-singleton": "./adopted-style.js" },
  plugins: [withoutLetters],
  define: { "process.env.NODE_ENV": '"production"' },
});
copyFileSync("index.html", join(SERVED, "index.html"));
writeFileSync(join(SERVED, "LICENSES.txt"), licences(metafile));
writeFileSync(join(SERVED, "made-from.json"), JSON.stringify(sources(), null, 2) + "\n");

// Returns the licence of every package of which a line is in the bundle.
function licences({ inputs }) {
  const found = new Set(
    Object.keys(inputs)
      .filter((path) => path.includes(MODULES))
      .map(packageOf),
  );
  return [...found].sort().map(licenceOf).join("\n");
}

function packageOf(path) {
  const at = path.lastIndexOf(MODULES) + MODULES.length;
  const parts = path.slice(at).split("/");
  return path.slice(0, at) + parts.slice(0, parts[0].startsWith("@") ? 2 : 1).join("/");
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json")));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file ? readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim() : "The package itself holds no text of it.";
  return `== ${name} ${version}: ${license}\n\n${text}\n`;
}

// Returns the digest of every file of this folder, so that a test can tell whether it was built since.
function sources() {
  const files = readdirSync(".", { withFileTypes: true }).filter((one) => one.isFile());
  const names = files.map((one) => one.name).sort();
  return Object.fromEntries(names.map((name) => [name, digest(name)]));
}

function digest(name) {
  return createHash("sha256").update(readFileSync(name)).digest("hex");
}
