import { expect, it } from "vitest";
import { leafTexts, maskSecrets } from "./mask-secrets.ts";
import { unifiedDiff } from "./unified-diff.ts";

function masked(before: string, content: string, secrets: readonly string[]): readonly string[] {
  const [old, new_] = [Buffer.from(before), Buffer.from(content)];
  const diff = unifiedDiff({ label: "a", bytes: old }, { label: "b", bytes: new_ });
  if (diff === undefined) throw new Error("the texts are the same");
  return maskSecrets(diff, { content, secrets }).body.slice(1);
}

it("finds texts and numbers at any depth", () => {
  const values = new Map<string, unknown>([
    ["a", ["x", { b: 12 }]],
    ["c", new Map([["d", "one\ntwo"]])],
  ]);
  expect(leafTexts(values)).toEqual(["x", "12", "one", "two"]);
});

it("masks new values where they stand and old ones altogether", () => {
  const before = "user: app\npassword: 0ld-secret\n";
  const content = "user: app\npassword: n3w-secret\n";
  expect(masked(before, content, ["n3w-secret"])).toEqual([
    " user: app",
    "-password: ********",
    "+password: ********",
  ]);
});

it("masks the longer of two secrets first, and keeps short texts", () => {
  expect(masked("", "a: abc-def 1\n", ["abc", "abc-def", "1"])).toEqual(["+a: ******** 1"]);
});

it.each([
  ["-- 0ld in a comment of SQL", "-********"],
  ["c2VjcmV0LXBhc3N3b3Jk==", "-********"],
  ["password 0ld=secret", "-********"],
  ["password = 0ld:secret", "-password = ********"],
])("shows of the removed line %j only a setting that the new file has", (removed, shown) => {
  const lines = masked(`${removed}\n`, "password = n3w\n", ["n3w"]);
  expect(lines).toEqual([shown, "+password = ********"]);
});
