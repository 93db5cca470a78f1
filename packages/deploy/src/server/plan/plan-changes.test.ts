import { expect, it } from "vitest";
import { changedLines } from "./plan-changes.ts";

it("shows what is said of one thing together, the old before the new", () => {
  const before = ["commit: a", "check one: timeout: 30", "check two: timeout: 30", "host web1 in default"];
  const now = ["commit: b", "check one: timeout: 60", "check two: timeout: 30", "host web2 in default"];
  expect(changedLines(before, now)).toEqual([
    "- commit: a",
    "+ commit: b",
    "- check one: timeout: 30",
    "+ check one: timeout: 60",
    "- host web1 in default",
    "+ host web2 in default",
  ]);
});

it("sees that one of several equal lines is gone", () => {
  expect(changedLines(["a", "b", "a"], ["a", "b"])).toEqual(["- a"]);
});

it("says so when only the order is another", () => {
  expect(changedLines(["a", "b", "c"], ["a", "c", "b"])).toEqual([
    "the order is another from line 2 on:",
    "- b",
    "+ c",
  ]);
});

it("counts what would be too much to read", () => {
  const lines = Array.from({ length: 20 }, (_, at) => `host web${at}`);
  expect(changedLines([], lines)).toHaveLength(13);
  expect(changedLines([], lines).at(-1)).toBe("and 8 more lines");
});
