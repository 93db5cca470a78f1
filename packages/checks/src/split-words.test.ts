import { expect, test } from "vitest";
import { splitWords } from "./split-words.ts";

test.each([
  ['echo \'a b\' "c\\"d" e\\ f #x', ["echo", "a b", 'c"d', "e f", "#x"]],
  ["echo $HOME | cat", ["echo", "$HOME", "|", "cat"]],
  ["  a\t b\n", ["a", "b"]],
  ["''", [""]],
  ["a''b\"\"c", ["abc"]],
  ['"a\\$b\\\\c"', ["a\\$b\\c"]],
  ["'a\\b'", ["a\\b"]],
  ["", []],
])("%j is split into %j", (text, words) => {
  expect(splitWords(text)).toEqual(words);
});

test.each(["'a", 'a "b', "a\\"])("%j cannot be split", (text) => {
  expect(() => splitWords(text)).toThrow(/not closed|at the end/);
});
