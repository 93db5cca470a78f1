import { expect, test, vi } from "vitest";

test("the example prints what the README says", async () => {
  const print = vi.spyOn(console, "log").mockImplementation(() => undefined);
  await import("../examples/read-config.ts");
  expect(print.mock.calls.map((words) => words.join(" ")).join("\n")).toMatchInlineSnapshot(`
    "cache_revs 7 scap/scap.cfg:5
    group_size 20 scap/scap.cfg:3
    umask 18 -D umask:022
    failure_limit 0% default
    The configuration has 2 problems:
      scap/scap.cfg:2: cache_revs must be an integer, not "many"
      scap/scap.cfg:3: batch_size must be at least 1, not "0""
  `);
  print.mockRestore();
});
