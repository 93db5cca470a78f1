import { expect, it, vi } from "vitest";

it("the example of the README runs", async () => {
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  try {
    await import("../examples/pack-and-receive.ts");
  } finally {
    log.mockRestore();
  }
  expect(lines[0]).toMatch(/^\d+ bytes of pack, \d+ of index$/);
  expect(lines[1]).toBe("Hello from another repository");
});
