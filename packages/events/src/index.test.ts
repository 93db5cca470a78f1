import { expect, it } from "vitest";
import * as events from "./index.ts";

it("exports these names and no others", () => {
  expect(Object.keys(events).toSorted()).toMatchInlineSnapshot(`
    [
      "EMPTY_VIEW",
      "HOST_STATES",
      "bareEvent",
      "finalHostStates",
      "foldEvent",
      "groupFailures",
      "hostChange",
      "plannedHosts",
      "readEvent",
    ]
  `);
});
