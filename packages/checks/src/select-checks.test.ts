import { expect, test } from "vitest";
import { checksFromDefinitions } from "./load-checks.ts";
import { selectChecks } from "./select-checks.ts";

const { checks } = checksFromDefinitions({
  a: { command: "x", after: "promote", group: "canary" },
  b: { command: "x", after: "restart_service" },
  c: { command: "x", before: "restart_service" },
  d: { command: "x", stage: "promote", before: "fetch" },
  e: { command: "x", after: "nope" },
});

test.each([
  ["promote", "after", "canary", ["a", "d"]],
  ["promote", "after", "default", ["d"]],
  ["promote", "after", undefined, ["a", "d"]],
  ["handle_service", "after", undefined, ["b"]],
  ["handle_service", "before", undefined, ["c"]],
  ["fetch", "before", "canary", ["d"]],
  ["rollback", "after", undefined, []],
] as const)("%s/%s in group %s runs %j (cases 29 and 30)", (stage, when, group, names) => {
  expect(selectChecks({ checks, stage, when, group }).map(({ name }) => name)).toEqual(names);
});
