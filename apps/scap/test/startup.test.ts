import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** Modules of Node that cost next to nothing, because Node has loaded them itself by then. */
const CHEAP = new Set(["fs/promises", "module", "os", "path", "url"]);

describe("the file that every command starts with", () => {
  const text = readFileSync(new URL("../dist/main.js", import.meta.url), "utf8");
  const imports = Array.from(
    text.matchAll(/^\s*import\b[^"'()]*["']([^"']+)["']|;import\b[^"'()]*["']([^"']+)["']/gm),
  );
  const names = imports.map(([, first, second]) => (first ?? second ?? "").replace(/^node:/, ""));

  test("waits for no other file and for no module of Node that takes time", () => {
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !CHEAP.has(name))).toEqual([]);
  });

  test("has the declarations of all commands, but not their work", () => {
    expect(text.length).toBeLessThan(200_000);
    expect(text).toContain("./run-deploy.js");
  });
});
