import { describe, expect, it } from "vitest";
import { readJson } from "./read-json.ts";
import { YamlFloat } from "./yaml-values.ts";

const read = (text: string): unknown => readJson(text, { file: "v.json" });

describe("readJson", () => {
  it("keeps floats, big integers and the order of keys", () => {
    const text = ' { "b": 1.0, "10": [1e3, -0, 12345678901234567890], "a\\n\\u00e9\\"": {}, "b": true } ';
    expect(read(text)).toEqual(
      new Map<string, unknown>([
        ["b", true],
        ["10", [new YamlFloat(1000), 0, 12345678901234567890n]],
        ['a\né"', new Map()],
      ]),
    );
  });

  it.each([
    ["", 1],
    ["[1,]", 1],
    ['{"a": 1,\n}', 2],
    ["[1 2]", 1],
    ['{"a" 1}', 1],
    ["[01]", 1],
    ["[1.]", 1],
    ['["a\nb"]', 1],
    ['["a', 1],
    ['["\\q"]', 1],
    ["nul", 1],
    ["{} {}", 1],
    ["[\u00a01]", 1],
  ])("refuses %j in line %i", (text, line) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: "TEMPLATE_JSON", file: "v.json", line }),
    );
  });

  it("refuses what is nested too deeply", () => {
    expect(() => read("[".repeat(100_000))).toThrow(/nested deeper than 500 levels/);
  });
});
