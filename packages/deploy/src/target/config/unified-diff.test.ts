import { applyPatch } from "diff";
import { describe, expect, it } from "vitest";
import { unifiedDiff } from "./unified-diff.ts";

function diffOf(before: string | Buffer | undefined, after: string | Buffer): string | undefined {
  const bytes = (file: string | Buffer): Buffer => (typeof file === "string" ? Buffer.from(file) : file);
  const old = before === undefined ? undefined : bytes(before);
  const diff = unifiedDiff({ label: "/etc/a", bytes: old }, { label: "/etc/a (new)", bytes: bytes(after) });
  return diff && `${[...diff.head, ...diff.body].join("\n")}\n`;
}

const HEAD = "--- /etc/a\n+++ /etc/a (new)\n";

describe("unifiedDiff writes what diff -u writes (template W14)", () => {
  it.each([
    ["a change", "a\nb\nc\n", "a\nB\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"],
    ["one line", "a\n", "b\n", "@@ -1 +1 @@\n-a\n+b\n"],
    ["an old file that is empty", "", "a\n", "@@ -0,0 +1 @@\n+a\n"],
    ["a new file that is empty", "a\nb\n", "", "@@ -1,2 +0,0 @@\n-a\n-b\n"],
    ["a file that is missing", undefined, "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"],
    [
      "files without a line feed at the end",
      "a\nb",
      "a\nc",
      "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n",
    ],
    ["a line feed that is gone", "a\n", "a", "@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n"],
    ["a line feed that is new", "a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"],
    ["CRLF", "a\r\nb\r\n", "a\nb\r\n", "@@ -1,2 +1,2 @@\n-a\r\n+a\n b\r\n"],
    ["CR alone, which ends no line", "a\rb\n", "a\rc\n", "@@ -1 +1 @@\n-a\rb\n+a\rc\n"],
    [
      "two places",
      "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
      "1\n2\n3\n4\n5\n6\n7\n8\n",
      "@@ -6,4 +6,3 @@\n 6\n 7\n 8\n-9\n",
    ],
    [
      "places far from each other",
      "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
      "one\n2\n3\n4\n5\n6\n7\n8\nnine\n",
      "@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+nine\n",
    ],
  ])("for %s", (_what, before, after, hunks) => {
    expect(diffOf(before, after)).toBe(HEAD + hunks);
  });

  it("for bytes that are not UTF-8, which differ also where they look the same", () => {
    const [one, other] = [Buffer.from([0xff, 0x0a]), Buffer.from([0xfe, 0x0a])];
    expect(diffOf(one, other)).toBe(`${HEAD}@@ -1 +1 @@\n-\ufffd\n+\ufffd\n`);
    expect(diffOf(Buffer.from("é\n", "latin1"), "é\n")).toBe(`${HEAD}@@ -1 +1 @@\n-\ufffd\n+é\n`);
  });

  it("for binary files", () => {
    expect(diffOf("a\0b", "a\n")).toBe("Binary files /etc/a and /etc/a (new) differ\n");
  });
});

it("finds no difference in equal files, and one between an empty file and none", () => {
  expect(diffOf("a\n", "a\n")).toBeUndefined();
  expect(diffOf("", "")).toBeUndefined();
  expect(diffOf(undefined, "")).toBe(HEAD);
});

it("shows files that have nothing in common as one hunk", () => {
  const lines = (name: string, end: string): string =>
    Array.from({ length: 30_000 }, (_, index) => `${name} ${index}`).join("\n") + end;
  const [before, after] = [lines("old", ""), lines("new", "\n")];
  const diff = diffOf(before, after) ?? "";
  expect(diff.split("\n")[2]).toBe("@@ -1,30000 +1,30000 @@");
  expect(diff.split("\n").at(30_003)).toBe("\\ No newline at end of file");
  expect(applyPatch(before, diff)).toBe(after);
});

it("leads from every text to the other one", () => {
  const texts = [
    "",
    "\n",
    "a",
    "a\nb\nc\nd\ne\nf\ng\n",
    "x\na\nb\nd\ne\nf\ng",
    "g\nf\r\ne\n\n\n",
    "a\na\na\na\n",
  ];
  for (const before of texts) {
    for (const after of texts.filter((text) => text !== before)) {
      expect(applyPatch(before, diffOf(before, after) ?? "", { autoConvertLineEndings: false })).toBe(after);
    }
  }
});
