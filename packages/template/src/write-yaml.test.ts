import { expect, test } from "vitest";
import { readYaml } from "./read-yaml.ts";
import { writeYamlInline } from "./write-yaml-inline.ts";
import { writeYaml } from "./write-yaml.ts";
import { PythonOrderedDict, typedYamlValues, YamlFloat } from "./yaml-values.ts";

const typed = (text: string): unknown => readYaml(text, { file: "x", values: typedYamlValues });

test("sorts the keys of every mapping by code point", () => {
  const text = "m: {b: 1, a: 2, C: 3, é: 4, _: 5, '10': 6, '9': 7, \uE000: 8, 😀: 9}\n";
  expect(writeYaml(typed(text))).toBe(
    "m:\n  '10': 6\n  '9': 7\n  C: 3\n  _: 5\n  a: 2\n  b: 1\n" +
      '  "\\xE9": 4\n  "\\uE000": 8\n  "\\U0001F600": 9\n',
  );
});

test("sorts numbers by value and leaves mixed keys as they are", () => {
  expect(writeYaml(typed("{10: a, 9: b, 100: c, 9.5: d}"))).toBe("9: b\n9.5: d\n10: a\n100: c\n");
  expect(writeYaml(typed("{b: 1, 3: 2, a: 3}"))).toBe("b: 1\n3: 2\na: 3\n");
});

test.each([
  "1.0",
  "1e3",
  "0755",
  "yes",
  "'yes'",
  "'1e3'",
  "1.0e+20",
  "1.0e-07",
  ".inf",
  ".nan",
  "-0.0",
  "12345678901234567890",
  "2020-01-01",
  "'2020-01-01'",
  "2020-01-01 10:00:00",
  "2020-01-01 10:00:00.5 +05:30",
  "!!binary aGk=",
  "60:30",
  "'60:30'",
  "'='",
  "'<<'",
  "{1: a, 2: b}",
  "{true: a, false: b}",
  "{~: a}",
  '"a\\nb\\n"',
  '"port: {{ port }}\\ndebug: {{ debug }}\\n"',
  '" \\t x \\u0007 \\u2028"',
  "''",
  "[]",
  "{}",
  "[[], {a: [1]}]",
])("%s is read back as it was", (text) => {
  const value = typed(`a: ${text}`);
  expect(typed(writeYaml(value))).toEqual(value);
});

test("writes plain objects too and leaves undefined members out", () => {
  expect(writeYaml({ b: [1, new YamlFloat(2)], a: undefined, c: { d: null } })).toBe(
    "b:\n- 1\n- 2.0\nc:\n  d: null\n",
  );
});

test("writes an ordered mapping as Python does", () => {
  const inner = new PythonOrderedDict([["command", "z"]]);
  const value = {
    checks: new PythonOrderedDict([
      ["b", inner],
      ["a", new PythonOrderedDict([])],
    ]),
  };
  expect(writeYaml(value)).toBe(`checks: !!python/object/apply:collections.OrderedDict
- - - b
    - !!python/object/apply:collections.OrderedDict
      - - - command
          - z
  - - a
    - !!python/object/apply:collections.OrderedDict
      - []
`);
});

test("writes values on one line", () => {
  expect(writeYamlInline(typed("{a: [1, 'x', null, true, 1.0, 'no'], b: {c: 'd: e'}}"))).toBe(
    "{a: [1, x, null, true, 1.0, 'no'], b: {c: 'd: e'}}",
  );
});
