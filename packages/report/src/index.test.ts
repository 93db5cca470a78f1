import { expect, it } from "vitest";
import * as report from "./index.ts";

it("exports these names and no others", () => {
  expect(Object.keys(report).toSorted()).toMatchInlineSnapshot(`
    [
      "EMPTY_STATE",
      "ReportError",
      "eventOf",
      "failureGroups",
      "finalHostStates",
      "foldState",
      "plainRecord",
      "plannedHosts",
      "renderReport",
    ]
  `);
});
