import { expect, it } from "vitest";
import { redactText, stripCredentials } from "./credentials.ts";

it.each([
  ["http://user:secret@example.org/up.git", "http://example.org/up.git"],
  ["https://token@example.org/x", "https://example.org/x"],
  ["https://us@er:p@ss@example.org/x", "https://example.org/x"],
  ["ssh://git:pw@example.org/x", "ssh://git@example.org/x"],
  ["git@example.org:x/y", "git@example.org:x/y"],
  ["/srv/a@b", "/srv/a@b"],
  ["https://example.org/a@b", "https://example.org/a@b"],
])("strips %s to %s", (url, stripped) => {
  expect(stripCredentials(url)).toBe(stripped);
});

it("removes credentials inside a message (git W29)", () => {
  expect(redactText("fatal: 'https://me:pw@h/x' and http://t@h2/ failed")).toBe(
    "fatal: 'https://h/x' and http://h2/ failed",
  );
});
