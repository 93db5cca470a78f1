import { expect, test } from "vitest";
import { argv, describeCommand, shellText } from "./command.ts";

test.each([
  ["an empty program", () => argv("")],
  ["an empty text", () => shellText(" \n")],
  ["a NUL character in a word", () => argv("echo", "a\0b")],
  ["a NUL character in a text", () => shellText("echo \0")],
])("12: %s is refused before any host is contacted", (_what, make) => {
  expect(make).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
});

test("5: all words are kept, empty ones too, as a person would type them", () => {
  expect(describeCommand(argv("echo", "a b", "", "x"))).toBe("echo 'a b' '' x");
});
