import { expect, test, vi } from "vitest";

test("the example prints what the README says", async () => {
  const print = vi.spyOn(console, "log").mockImplementation(() => undefined);
  await import("../examples/host-sets.ts");
  expect(print.mock.calls.map((words) => words.join(" ")).join("\n")).toMatchInlineSnapshot(`
    "web1 web3
    db1,web[1-3]
    1000000 web[1-4] web[5-7] web[8-10]
    canary 1/1 0 canary=web1
    default 4/5 1 default1=web[2-4] default2=web5
    db1,web[2-4]"
  `);
  print.mockRestore();
});
