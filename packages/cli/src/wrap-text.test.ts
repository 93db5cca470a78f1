import { expect, it } from "vitest";
import { renderDefinitions, wrapParagraphs, wrapText } from "./wrap-text.ts";

it("parts lines at blanks only, and lets a long word stand alone", () => {
  expect(wrapText("a bc  def\nghijklmnop q", 6)).toEqual(["a bc", "def", "ghijklmnop", "q"]);
  expect(wrapText("", 6)).toEqual([""]);
});

it("wraps paragraphs anew, and leaves what is indented as it is", () => {
  expect(wrapParagraphs("one\ntwo three\n\n  x   y\n  z\n\nfour", 9)).toBe(
    "one two\nthree\n\n  x   y\n  z\n\nfour",
  );
  expect(wrapParagraphs("one\ntwo", Infinity)).toBe("one\ntwo");
});

it("wraps what a term means under itself, and puts a long term on a line of its own", () => {
  const rows = [
    ["-f", "do the work again on hosts that have it"],
    ["--a-name-that-is-longer-than-thirty", "short"],
  ] as const;
  expect(`\n${renderDefinitions(rows, 60)}`).toMatchInlineSnapshot(`
    "
      -f                              do the work again on hosts
                                      that have it
      --a-name-that-is-longer-than-thirty
                                      short
    "
  `);
  expect(
    renderDefinitions(rows, 60)
      .split("\n")
      .every((line) => line.length <= 60),
  ).toBe(true);
});
