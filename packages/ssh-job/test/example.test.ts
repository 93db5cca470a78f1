import { expect, it, vi } from "vitest";

it("runs the example of the README", async () => {
  const log = vi.spyOn(console, "log").mockReturnValue();
  await import("../examples/uptime.ts");
  const lines = log.mock.calls.flat();
  log.mockRestore();
  expect(lines.map(String).toSorted((a, b) => a.localeCompare(b))).toEqual([
    "uptime -p: failed on 1 hosts",
    "uptime -p: up 3 days on 499 hosts",
  ]);
});
