// Regenerates the vendored browser files under src/tongyu/shell/static/shell/ from npm packages.
// Usage, in this folder: npm ci --ignore-scripts && npm run build
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { PurgeCSS } from "purgecss";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..");
const packages = join(here, "node_modules");
const out = join(root, "src/tongyu/shell/static/shell");
const browsers = ["chrome80", "safari13"];
const written = {};

const read = (...parts) => readFileSync(join(...parts), "utf8");
const lines = (name) => read(here, name).split(/\s+/).filter((word) => word && !word.startsWith("#"));

function write(path, text) {
  const clean = text.replace(/\n?\/[/*][#@] ?sourceMappingURL=[^\n]*/g, "").trimEnd() + "\n";
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, clean);
  written[relative(root, path)] = createHash("sha256").update(clean).digest("hex");
  console.log(String(clean.length).padStart(8), relative(root, path));
}

// Old phones read no oklch(); esbuild leaves custom properties alone, so they are turned into sRGB here.
function toHex(lightness, chroma, hue) {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const byte = (x) => {
    const y = x <= 0.0031308 ? 12.92 * x : 1.055 * Math.max(x, 0) ** (1 / 2.4) - 0.055;
    return Math.round(255 * Math.min(1, Math.max(0, y))).toString(16).padStart(2, "0");
  };
  return "#" + linear.map(byte).join("");
}

const plainColours = (css) =>
  css.replace(/oklch\(([\d.]+)% ([\d.]+) ([\d.]+)(?:deg)?\)/g, (_, l, c, h) => toHex(l / 100, +c, +h));

// light-dark(a, b) is newer than many phones in use; we have one theme, so `a` it is.
function lightOnly(css) {
  for (;;) {
    const start = css.indexOf("light-dark(");
    if (start < 0) return css;
    let depth = 0, comma = -1, end = start + 10;
    do {
      if (css[end] === "(") depth += 1;
      if (css[end] === ")") depth -= 1;
      if (css[end] === "," && depth === 1 && comma < 0) comma = end;
      end += 1;
    } while (depth);
    css = css.slice(0, start) + css.slice(start + 11, comma).trim() + css.slice(end);
  }
}

async function minify(css) {
  const { code } = await transform(css, { loader: "css", minify: true, target: browsers, legalComments: "inline" });
  return code;
}

function files(folder, ending) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path, ending);
    return name.endsWith(ending) ? [path] : [];
  });
}

async function styles() {
  const tabler = lightOnly(plainColours(read(packages, "@tabler/core/dist/css/tabler.css")));
  const own = read(here, "shell.css");
  // Some components are templates, others are drawn by functions.
  const shell = join(root, "src/tongyu/shell");
  const drawn = ["drawing.py", "frames.py", "rows.py"].map((name) => join(shell, name));
  const chrome = [...files(join(shell, "templates"), ".html"), ...drawn].map((path) => ({
    raw: readFileSync(path, "utf8"), extension: "html",
  }));
  const words = { raw: read(here, "phone-classes.txt"), extension: "txt" };
  const [small] = await new PurgeCSS().purge({
    css: [{ raw: tabler }], content: [...chrome, words], variables: true, keyframes: true,
    defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
    blocklist: [/data-bs-theme/, /^\[dir/, /apexcharts/, /^\.ts-/, /litepicker/],
  });
  write(join(out, "desk.css"), await minify(tabler + own));
  write(join(out, "phone.css"), await minify(small.css + own));
}

function sprite() {
  const symbols = lines("icons.txt").sort().map((name) => {
    const svg = read(packages, `@tabler/icons/icons/outline/${name}.svg`);
    const paths = svg.match(/<(path|circle|rect|line|polyline)[^>]*>/g).filter((p) => !p.includes('stroke="none"'));
    return `<symbol id="${name}" viewBox="0 0 24 24">${paths.join("").replace(/ \/>/g, "/>")}</symbol>`;
  });
  const licence = "<!-- Tabler Icons, MIT, https://tabler.io/icons -->";
  write(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${licence}\n${symbols.join("\n")}\n</svg>`);
}

async function charts() {
  const { outputFiles } = await build({
    entryPoints: [join(here, "echarts.js")], bundle: true, minify: true, write: false,
    format: "iife", globalName: "echarts", target: browsers, legalComments: "inline", nodePaths: [packages],
  });
  write(join(out, "echarts.min.js"), outputFiles[0].text);
}

await styles();
sprite();
await charts();
write(join(out, "htmx.min.js"), read(packages, "htmx.org/dist/htmx.min.js"));
write(join(root, "tests/vendor/axe.min.js"), read(packages, "axe-core/axe.min.js"));
writeFileSync(join(here, "hashes.json"), JSON.stringify(written, null, 2) + "\n");
