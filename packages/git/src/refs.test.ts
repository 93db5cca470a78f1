import { expect, it } from "vitest";
import { isObjectId, isReferenceName } from "./refs.ts";

it.each(["refs/heads/a", "refs/tags/scap/sync/2031-04-05/0001", "refs/x/é"])("accepts %s", (name) => {
  expect(isReferenceName(name)).toBe(true);
});

it.each([
  "a",
  "refs/a..b",
  "refs/a b",
  "refs/.a",
  "refs/a.lock",
  "refs/a/",
  "refs//a",
  "refs/a:b",
  "refs/a@{1}",
  "refs/a\n",
])("refuses %j", (name) => {
  expect(isReferenceName(name)).toBe(false);
});

it("tells object ids of both formats", () => {
  expect([
    isObjectId("a".repeat(40)),
    isObjectId("a".repeat(64)),
    isObjectId("a".repeat(50)),
    isObjectId("HEAD"),
  ]).toEqual([true, true, false, false]);
});
