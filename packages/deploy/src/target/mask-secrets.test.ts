import { expect, it } from "vitest";
import { leafTexts, maskSecrets } from "./mask-secrets.ts";

it("finds texts and numbers at any depth", () => {
  const values = new Map<string, unknown>([
    ["a", ["x", { b: 12 }]],
    ["c", new Map([["d", "one\ntwo"]])],
  ]);
  expect(leafTexts(values)).toEqual(["x", "12", "one", "two"]);
});

it("masks new values where they stand and old ones altogether", () => {
  const diff = "--- a\n+++ b\n@@ -1,2 +1,2 @@\n user: app\n-password: 0ld-secret\n+password: n3w-secret\n";
  expect(maskSecrets(diff, ["n3w-secret"])).toBe(
    "--- a\n+++ b\n@@ -1,2 +1,2 @@\n user: app\n-password: ********\n+password: ********\n",
  );
});

it("masks the longer of two secrets first, and keeps short texts", () => {
  expect(maskSecrets("+a: abc-def 1", ["abc", "abc-def", "1"])).toBe("+a: ******** 1");
});
