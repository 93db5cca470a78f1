import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const PACKAGES = fileURLToPath(new URL("../packages", import.meta.url));
const names = readdirSync(PACKAGES);

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

  const examples = names.flatMap((name) =>
    readdirSync(join(PACKAGES, name, "examples"))
      .filter((file) => file.endsWith(".ts"))
      .map((file) => ({ name, file })),
  );
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
