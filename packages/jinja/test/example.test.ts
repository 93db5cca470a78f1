import { readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";

it("prints what the README says, with the example that is in it", async () => {
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((text: unknown) => void lines.push(String(text)));
  await import("../examples/nginx.ts");
  log.mockRestore();
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const example = readFileSync(new URL("../examples/nginx.ts", import.meta.url), "utf8");
  expect(readme).toContain(example);
  expect(readme).toContain(lines.join("\n"));
});
