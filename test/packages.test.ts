import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const PACKAGES = fileURLToPath(new URL("../packages", import.meta.url));
const NODE_TYPES = fileURLToPath(new URL("../node_modules/@types/node", import.meta.url));
const names = readdirSync(PACKAGES);
const examples = names.flatMap((name) =>
  readdirSync(join(PACKAGES, name, "examples"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({ name, file })),
);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "scap-installed-"));
  // One call packs them all: npm takes longer to start than to pack.
  npm(["pack", "--pack-destination", folder, ...names.map((name) => `./${name}`)], PACKAGES);
  const tarballs = readdirSync(folder).map((file) => join(folder, file));
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  npm(["install", "--no-audit", "--no-fund", "--ignore-scripts", ...tarballs], folder);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function npm(args: readonly string[], cwd: string): void {
  execFileSync("npm", args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
}

describe("the packed packages, installed into an empty folder", () => {
  it.each(names)("@scap/%s can be imported", async (name) => {
    const script = `import * as all from "@scap/${name}"; console.log(Object.keys(all).length)`;
    const exported = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(Number(exported)).toBeGreaterThan(0);
  });

  it.each([
    ["node16", { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 }],
    ["bundler", { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }],
  ])("have types under which all READMEs and examples compile, with %s resolution", (_name, resolution) => {
    const program = ts.createProgram(typescriptFiles(), { ...STRICT, ...resolution });
    const problems = ts.getPreEmitDiagnostics(program);
    const host = { getCanonicalFileName: String, getCurrentDirectory: () => folder, getNewLine: () => "\n" };
    expect(ts.formatDiagnostics(problems, host)).toBe("");
  });

  it.each(examples)("@scap/$name runs its example $file", ({ name, file }) => {
    const source = readFileSync(join(PACKAGES, name, "examples", file), "utf8");
    const target = join(folder, `${name}-${basename(file, ".ts")}.js`);
    writeFileSync(
      target,
      ts.transpile(source, { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 }),
    );
    execFileSync(process.execPath, [target], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
      timeout: 60_000,
    });
  });
});

/** What a careful user of TypeScript has, declarations of the packages included. */
const STRICT: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts"],
  types: ["node"],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  noEmit: true,
};

/** Writes every example, and every piece of TypeScript of a README, into the project; answers with their paths. */
function typescriptFiles(): string[] {
  mkdirSync(join(folder, "node_modules/@types"), { recursive: true });
  rmSync(join(folder, "node_modules/@types/node"), { recursive: true, force: true });
  symlinkSync(realpathSync(NODE_TYPES), join(folder, "node_modules/@types/node"));
  return names.flatMap((name) => {
    const readme = readFileSync(join(PACKAGES, name, "README.md"), "utf8");
    const pieces = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text = ""]) => text);
    const sources = examples.filter((each) => each.name === name);
    const texts = sources.map(({ file }) => readFileSync(join(PACKAGES, name, "examples", file), "utf8"));
    return [...pieces, ...texts].map((text, at) => {
      const path = join(folder, `${name}-${at}.ts`);
      writeFileSync(path, text);
      return path;
    });
  });
}
