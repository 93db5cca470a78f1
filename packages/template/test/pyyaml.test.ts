import { describe, expect, test } from "vitest";
import { havePyYaml, readOurs, readTheirs } from "./pyyaml.ts";

const TEXTS: readonly string[] = [
  "a: [\n  b\n]\n",
  "a: {\n  b: 1\n}\nc: 2\n",
  "x:\n  a: [\n1,\n2]\n",
  "a:\n  - b: [1,\n  2]\n",
  "a: 'x\ny'\n",
  'a: "x\ny"\n',
  "a: [\n\n  b, # c\n]\nd:\n  e: {\nf: [\n1\n]\n}\n",
  "{a:1}",
  '{"a":1}',
  "a: &x 1\nb: &x 2\n",
  "! 12",
  '! "12"',
  "a: x\n y\n",
  "- a\n-b\n",
  "a:\tb",
  "a: b\t",
  "a: b \t# c",
  "a: b # \tc",
  "a: 'b\tc' #\tx\nd: \"e\tf\"",
  "\ta: b",
  "a: 1\n\t\nb: 2",
  "a: |\n  x\ty\n",
  "a: b\tc",
  "? a\n: b",
  "a: |\n  x\n y\n",
  "a: b: c",
  "a: - b",
  "[a, b, ]",
  "[a,,b]",
  "{a, b}",
  "[a: b]",
  "a: !!str\nb: 1",
  "a: %x",
  "%YAML 1.1\n---\na: 1",
  "--- a\n--- b",
  "--- a\n...\n",
  "",
  "# c\n",
  "a: *b",
  "a: >-\n\n  x\n\n  y\n",
  "a: |2\n    x\n",
  "a: \u0007",
  'a: "\\q"',
  'a: "\\/"',
  "a: 'it''s'",
  "a: b #c",
  "a: b#c",
  "a: !!binary aGk=",
  "a: !!omap [x: 1]",
  "a: !!pairs [x: 1, x: 2]",
  "[a]: b",
  "=: 1",
  "a: =",
  "- <<",
  "<<: {a: 1}",
  "<<: [{a: 1}, {a: 2, b: 3}]\na: 9",
  "a: 1\n<<: {a: 2}",
  "<<: {a: 2}\n<<: {b: 2}",
  "x: &x {a: 1}\ny: &y {<<: *x, b: 2}\nz: {c: 3, <<: *y, a: 4}",
  "<<: 1",
  "a: !!int '12'",
  "a: !!float 12",
  "a: !!int x",
  "a: !!bool yes",
  "a: !!null x",
  "a: !!timestamp 2020-01-01",
  "a: !!timestamp x",
  "1: a\n1: b",
  "1: a\n1.0: b\ntrue: c",
  "yes: a\n0: b\nno: c\n~: d",
  "a: !foo b",
  "a: !!python/object/apply:os.system [id]",
  "a: !!python/tuple [1]",
  "a: !!str 12",
  "a: !!map x",
  "!!str [a]",
  "%TAG ! tag:yaml.org,2002:\n---\n!str 12",
  "a: &x\n  b: 1\nc: *x",
  "&a a: b\n*a : c",
  "a: b\r\nc: d\r\n",
  "a: @x",
  "\uFEFFa: 1",
  'a: "x\\\n  y"',
  "a: x\n\n  y",
  "b: 1\na: 2\nb: 3",
  "10: a\n9: b\n'9': c",
  'a: "\\u00e9\\x41\\U0001F600\\N\\_\\L\\P\\e\\0"',
  "a:\n-\n-\n",
  "'a': &b 'c'",
  "- !!omap\n  - a: 1\n  - b: 2\n",
  "a: &x [1, 2]\nb: [*x, *x]\n",
];

const SCALARS: readonly string[] = (
  "yes no on off Yes YES y n True TRUE tRue ~ null Null NULL nULL 0755 010 08 0o755 1_000 0b101 0x1F 60:30 1:30:00 " +
  "190:20:30.15 1e3 1e+3 1.0e3 12e03 1e400 1.0e+3 1.5E-3 .5 1. 0.0 . .. 12345678901234567890 -12345678901234567890 " +
  "0xFFFFFFFFFFFFFFFFFF 2020-01-01 2020-1-1 2020-13-01 2021-02-29 2020-02-29 2020-01-01T00:00:00Z .inf -.INF .NaN " +
  "0b 0x 0b_ 1__0 _1 0_7 0_ +1 -0 -0.0 1:60 1:59 0:30 -1:30 1:30.5 -1:30.5 1_0.5 +.5 -.5 ._5 .5_0 2020-01-01t1:02:03.5-3 " +
  "2020-01-01T10:00:00.1234567Z 089 08.5 0.1 1e-7 123456789.123456789 -- -1 --1 0x1g 1,000 9007199254740993 " +
  "1.7976931348623157e+308 1.0e+400 !!float .inf"
)
  .split(" ")
  .concat([
    "2020-01-01 10:00:00",
    "2020-01-01 10:00:00 +05:30",
    "2020-01-01 25:00:00",
    "2020-01-01\t10:00:00 Z",
    "''",
    '"1"',
  ]);

describe.skipIf(!havePyYaml && !process.env["CI"])(
  `the values of PyYAML${havePyYaml ? "" : " (NOT RUN: needs python3-yaml)"}`,
  () => {
    const texts = [...TEXTS, ...SCALARS.flatMap((text) => [text, `a: ${text}`, `[${text}]`, `${text}: k`])];
    const theirs = havePyYaml ? readTheirs(texts) : [];

    test.each(texts.map((text, index) => [text, index] as const))("%j", (text, index) => {
      expect(readOurs(text)).toEqual(theirs[index]);
    });
  },
);
