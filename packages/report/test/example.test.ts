import { readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test, vi } from "vitest";

test("the example of the README runs", async () => {
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((...words) => void lines.push(words.join(" ")));
  try {
    await import("../examples/report.ts");
  } finally {
    log.mockRestore();
  }
  const path = /^Open (.*) in a browser$/.exec(lines[0] ?? "")?.[1] ?? "";
  expect(readFileSync(path, "utf8")).toContain("<title>Deployment of shop/web 0123456</title>");
  rmSync(dirname(path), { recursive: true });
});
