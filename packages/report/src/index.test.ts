import { expect, it } from "vitest";
import * as report from "./index.ts";

it("exports these names and no others", () => {
  expect(Object.keys(report).toSorted()).toMatchInlineSnapshot(`
    [
      "ReportError",
      "plainRecord",
      "renderReport",
    ]
  `);
});
