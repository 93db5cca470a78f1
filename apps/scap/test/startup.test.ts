import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** Modules of Node that cost next to nothing, because Node has loaded them itself by then. */
const CHEAP = new Set(["fs", "module", "os", "path", "url"]);
/** What the frame loads only where something is configured. */
const PARTS = ["./plugin-commands.cjs", "./session.cjs"];

describe("the file that every command starts with", () => {
  const text = readFileSync(new URL("../dist/main.cjs", import.meta.url), "utf8");
  const required = Array.from(text.matchAll(/\brequire\("(?:node:)?([^"]+)"\)/g), ([, name = ""]) => name);

  test("waits for no other file and for no module of Node that takes time (cli W8)", () => {
    expect(required.length).toBeGreaterThan(PARTS.length);
    expect(required.filter((name) => !CHEAP.has(name)).toSorted()).toEqual(PARTS);
    for (const part of PARTS) expect(text).toContain(`"part:${part}"(`);
  });

  test("has the declarations of all commands, but not their work", () => {
    expect(text.length).toBeLessThan(100_000);
    expect(text).toContain("./run-deploy.js");
  });
});
