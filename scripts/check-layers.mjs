// Fails when an import points up the layers or reaches into another package.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Rows from the bottom up. A package may import packages of lower rows only. */
const ROWS = [
  ["@scap/config", "@scap/log", "@scap/cdb", "@scap/jinja"],
  ["@scap/ssh-job", "@scap/git", "@scap/template", "@scap/lock", "@scap/events"],
  ["@scap/targets", "@scap/checks"],
  ["@scap/cli"],
  ["@scap/deploy", "@scap/mediawiki", "@scap/cookbook", "@scap/report"],
  ["@scap/lab"],
  ["scap", "deploy-local", "deploy-log"],
];
/** Workflows know nothing of the command line, and nothing that is shipped but the `scap` command knows the lab. */
const FORBIDDEN = [
  { from: /^@scap\/(deploy|mediawiki|cookbook|report|lab)$/, to: /^@scap\/cli$/ },
  { from: /^(?!scap$)/, to: /^@scap\/lab$/ },
];

const rowOf = (name) => ROWS.findIndex((row) => row.includes(name));
const problems = [];
let files = 0;

for (const folder of ["packages", "apps"]) {
  for (const directory of readdirSync(join(root, folder))) checkPackage(join(root, folder, directory));
}
for (const problem of problems) console.error(problem);
console.log(`${files} files checked, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);

function checkPackage(directory) {
  const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  if (rowOf(manifest.name) < 0)
    problems.push(`${manifest.name}: not in the rows of scripts/check-layers.mjs`);
  for (const file of sources(join(directory, "src"))) checkFile(file, directory, manifest.name);
}

function checkFile(file, directory, from) {
  files++;
  const isTest = file.endsWith(".test.ts");
  const text = readFileSync(file, "utf8");
  for (const [, specifier] of text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)"([^"\n]+)"/g)) {
    const place = `${relative(root, file)}: import of "${specifier}"`;
    if (specifier.startsWith(".")) {
      if (!join(file, "..", specifier).startsWith(directory)) problems.push(`${place} leaves the package`);
      continue;
    }
    const name = specifier.startsWith("@")
      ? specifier.split("/").slice(0, 2).join("/")
      : specifier.split("/")[0];
    if (name.startsWith("@scap/")) checkDirection(place, from, specifier, name, isTest);
  }
}

function checkDirection(place, from, specifier, to, isTest) {
  if (specifier !== to && specifier !== `${to}/options`) problems.push(`${place} reaches into a package`);
  if (isTest || from === to) return;
  if (rowOf(to) >= rowOf(from)) problems.push(`${place} points up or sideways`);
  for (const rule of FORBIDDEN) {
    if (rule.from.test(from) && rule.to.test(to)) problems.push(`${place} is not allowed in ${from}`);
  }
}

function sources(directory) {
  return readdirSync(directory, { recursive: true })
    .map((name) => join(directory, name))
    .filter((path) => path.endsWith(".ts") && statSync(path).isFile());
}
