import { expect, it, vi } from "vitest";

it("the example of the README puts equal failures together", async () => {
  const print = vi.spyOn(console, "log").mockImplementation(() => undefined);
  await import("../examples/outcome.ts");
  expect(print.mock.calls).toEqual([["web1, web2: not healthy"]]);
  print.mockRestore();
});
