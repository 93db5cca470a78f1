import { expect, test, vi } from "vitest";

test("the example of the README runs", async () => {
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((...words) => void lines.push(words.join(" ")));
  try {
    await import("../examples/run-checks.ts");
  } finally {
    log.mockRestore();
  }
  expect(lines).toEqual(["smoke failed login page is empty", "exit status 1"]);
});
