import { expect, test, vi } from "vitest";

test("the example of the README runs", async () => {
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((...words) => void lines.push(words.join(" ")));
  try {
    await import("../examples/deploy-lock.ts");
  } finally {
    log.mockRestore();
  }
  expect(lines[0]).toContain('"reason": "fix the login page"');
  expect(lines.slice(1)).toEqual(["refused: fix the login page", "after the release: {}"]);
});
