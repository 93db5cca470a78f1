import { expect, test } from "vitest";

import { coerceText } from "./coerce.ts";
import type { ConfigValue, OptionType } from "./option-spec.ts";

test.each<[OptionType, string, ConfigValue]>([
  ["bool", "TRUE", true],
  ["bool", "off", false],
  ["int", " 5 ", 5],
  ["int", "-5", -5],
  ["int", "1_000", 1000],
  ["int", "010", 10],
  ["int", "-٣５𝟡", -359],
  ["float", "1e3", 1000],
  ["float", "٣.５e𝟘", 3.5],
  ["float", " .5 ", 0.5],
  ["float", "1_0.5_0", 10.5],
  ["float", "5.", 5],
  ["float", "-Infinity", -Infinity],
  ["umask", "022", 18],
  ["umask", "0o022", 18],
  ["umask", "0", 0],
  ["umask", "22", 22],
  ["limit", "75%", "75%"],
  ["limit", "3", "3"],
  ["limit", "٣.５%", "٣.５%"],
  ["str", "  ", "  "],
])("%s %j gives %j", (type, text, value) => {
  expect(coerceText(type, text)).toEqual({ ok: true, value });
});

test("nan is a number of the dialect", () => {
  expect(coerceText("float", "NaN")).toEqual({ ok: true, value: Number.NaN });
});

test.each<[OptionType, string]>([
  ["bool", " true"],
  ["bool", "y"],
  ["bool", ""],
  ["bool", "maybe"],
  ["int", "5.0"],
  ["int", "0x10"],
  ["int", "0o10"],
  ["int", ""],
  ["int", "1__0"],
  ["int", "_1"],
  ["int", "99999999999999999999"],
  ["float", ""],
  ["float", "1e"],
  ["float", "."],
  ["float", "0x1"],
  ["umask", "089"],
  ["umask", "u=rwx"],
  ["limit", "abc"],
  ["limit", "1.5"],
  ["limit", "%"],
  ["limit", ""],
  ["limit", "-5"],
  ["limit", "200%"],
  ["limit", "-1%"],
])("%s refuses %j", (type, text) => {
  expect(coerceText(type, text).ok).toBe(false);
});
