import { expect, test, vi } from "vitest";

test("the example of the README runs", async () => {
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((...words) => void lines.push(words.join(" ")));
  try {
    await import("../examples/render-config.ts");
  } finally {
    log.mockRestore();
  }
  expect(lines).toEqual(["port: 9090\ndebug: false\nratio: 1.0\nhosts:\n- db1\n- db2"]);
});
