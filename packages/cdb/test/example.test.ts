import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.restoreAllMocks();
});

test("the example in the README runs and prints what the README says", async () => {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((...parts: unknown[]) => {
    lines.push(parts.map((part) => (Array.isArray(part) ? JSON.stringify(part) : String(part))).join(" "));
  });
  await import("../examples/words.ts");
  expect(lines).toEqual(['eins ["eins","un"] false', "one eins", "two zwei", "one un"]);
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const example = readFileSync(new URL("../examples/words.ts", import.meta.url), "utf8");
  expect(readme).toContain(example);
});
