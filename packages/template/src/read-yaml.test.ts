import { expect, test } from "vitest";
import { readYaml, readYamlDocument } from "./read-yaml.ts";

const read = (text: string, allowOrderedDict = false): unknown =>
  readYaml(text, { file: "scap/x.yaml", allowOrderedDict });

test("keeps the order and the types of keys", () => {
  const value = read("10: a\n'9': b\nyes: c\n~: d\n");
  expect(value).toEqual(
    new Map<unknown, string>([
      [10, "a"],
      ["9", "b"],
      [true, "c"],
      [null, "d"],
    ]),
  );
});

test("an empty text is null", () => {
  expect(read("# nothing\n")).toBeNull();
});

test("plain values are ISO texts for dates and bigints beyond 2^53", () => {
  expect(read("[2020-01-01, 2020-01-01 10:00:00 -3, 12345678901234567890, 1.0]")).toEqual([
    "2020-01-01",
    "2020-01-01T10:00:00-03:00",
    12345678901234567890n,
    1,
  ]);
});

test.each([
  ["a: 1\nb: *c\n", 'scap/x.yaml:2: invalid YAML: alias "c" has no anchor before it'],
  ["a: 1\nb:\tc\n", "scap/x.yaml:2: invalid YAML: a tab cannot stand here; use blanks"],
  ["a: 1\n---\nb: 1\n", "scap/x.yaml:1: invalid YAML: more than one document; expected a single one"],
  ["a:\n  - !foo b\n", "scap/x.yaml:2: invalid YAML: the tag !foo is not allowed for this scalar"],
  [
    "a: !!python/object/apply:os.system [id]\n",
    "scap/x.yaml:1: invalid YAML: the tag !!python/object/apply:os.system is not allowed for this sequence",
  ],
  ["a: 2020-13-01\n", "scap/x.yaml:1: invalid YAML: there is no date 2020-13-01"],
  ["a: &x [*x]\n", 'scap/x.yaml:1: invalid YAML: alias "x" stands inside of what it refers to'],
  ["a: [\n", "scap/x.yaml:2: invalid YAML: unexpected end of the stream within a flow collection"],
  ["? [a]\n: b\n", "scap/x.yaml:1: invalid YAML: a list or mapping cannot be a key"],
])("names file and line of %j", (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test("Python's OrderedDict is read where it is allowed, and only there (template W1)", () => {
  const text = [
    "checks: !!python/object/apply:collections.OrderedDict",
    "- - - b",
    "    - !!python/object/apply:collections.OrderedDict",
    "      - - - command",
    "          - y",
    "  - - a",
    "    - !!python/object/apply:collections.OrderedDict",
    "      - []",
    "",
  ].join("\n");
  const inner = new Map<string, unknown>([
    ["b", new Map([["command", "y"]])],
    ["a", new Map()],
  ]);
  expect(read(text, true)).toEqual(new Map([["checks", inner]]));
  expect(() => read(text)).toThrow("is not allowed");
  expect(() => read("a: !!python/object/apply:os.system [id]", true)).toThrow("is not allowed");
});

test("a YAML bomb ends with an error at once", () => {
  const levels = Array.from({ length: 12 }, (_, level) => {
    const items = level === 0 ? "lol" : `*l${level - 1}`;
    return `l${level}: &l${level} [${Array.from({ length: 10 }, () => items).join(", ")}]`;
  });
  expect(() => read(levels.join("\n"))).toThrow("aliases stand for more than 1000000 values");
});

test("nesting of thousands of levels ends with an error", () => {
  expect(() => read("[".repeat(50_000))).toThrow("nesting exceeded");
});

test("tells on which line a key stands", () => {
  const document = readYamlDocument("a: [\n 1,\n2]\nb:\n  c: 1\n", { file: "x" });
  const root = document.value;
  if (!(root instanceof Map)) throw new Error("expected a mapping");
  expect(document.lineOf(root, "a")).toBe(1);
  expect(document.lineOf(root, "b")).toBe(4);
  expect(document.lineOf(root.get("b"), "c")).toBe(5);
  expect(document.lineOf(root.get("a"), 1)).toBe(3);
  expect(document.lineOf(root, "zz")).toBeUndefined();
});

const RICH = `# comment
base: &base {user: www, "quoted \\u00e9": 'it''s'}
pool:
  <<: *base
  hosts: [
    db1, {a: 1.0},
  ]
? complex
: - 2020-01-01 10:00:00 +05:30
  - !!binary aGk=
text: |+
  line
   more

folded: >-
  a
  b
`;

test("a text that is cut anywhere is read or refused with a place", () => {
  for (let length = 0; length <= RICH.length; length += 1) {
    const text = RICH.slice(0, length);
    let error: unknown;
    try {
      read(text);
    } catch (caught) {
      error = caught;
    }
    if (error !== undefined) {
      expect(error).toMatchObject({ code: "TEMPLATE_YAML", file: "scap/x.yaml", line: expect.any(Number) });
    }
  }
});
