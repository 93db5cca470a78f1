import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { readYaml, typedYamlValues, writeYaml, YamlFloat } from "../src/index.ts";

const TYPED = { file: "x.yaml", values: typedYamlValues };

/** Writes each of the values on standard input with PyYAML, which must be able to read what we write, too. */
const PYTHON = `
import datetime, json, sys, yaml
class Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data): return True
def plain(value):
    if isinstance(value, dict):
        if "$int" in value: return int(value["$int"])
        if "$float" in value: return float(value["$float"])
        if "$date" in value: return datetime.date.fromisoformat(value["$date"])
        if "$time" in value: return datetime.datetime.fromisoformat(value["$time"])
        if "$bytes" in value: return bytes(value["$bytes"])
        if "$map" in value: return {plain(k): plain(v) for k, v in value["$map"]}
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list) else value
print(json.dumps([yaml.dump(plain(v), Dumper=Dumper, default_flow_style=False) for v in json.load(sys.stdin)]))
`;

const hasPython = (() => {
  try {
    execFileSync("/usr/bin/python3", ["-c", "import yaml"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();
if (!hasPython && process.env["CI"] !== undefined) throw new Error("CI must have python3-yaml");

const PIECES = [
  ..."a b : # - ' \" \\ { } [ ] , & * ! | > % @ ` ? = ~ . e + _ 0 1 7".split(" "),
  ...[" ", "  ", "\n", "\n\n", "\t", "\r", "\u0007", "é", "\u0085", "\u2028", "\ufeff", "😀"],
  ...["word ", "longer-word ", "{{ x }}\n", "yes", "null"],
];
const WORDS = ["", "no", "012", "1:20", "1.5", "2001-01-01", ".5", ".inf", "<<", "---", "- a", "1_0", "0x1f"];

const SCALARS = [
  ...[null, true, false, 0, -5, { $int: "12345678901234567890" }, { $int: "-9007199254740993" }],
  ...[
    "120.5",
    "1e-5",
    "1e16",
    "1.5e300",
    "-0.0",
    "inf",
    "-inf",
    "nan",
    "1e22",
    "123456789012345.6",
    "5e-324",
  ].map(($float) => ({ $float })),
  ...[{ $date: "2020-01-31" }, { $date: "0001-01-01" }, { $bytes: [] }, { $bytes: [0, 255, 104, 105] }],
  ...[
    "2020-01-01T10:00:00",
    "2020-01-01T10:00:00.000120",
    "2020-01-01T10:00:00+05:30",
    "2020-01-01T00:00:00-00:30",
  ].map(($time) => ({ $time })),
  ...[{ $bytes: Array.from({ length: 100 }, (_, index) => index) }],
];
const KEYS = [
  [10, 9, 100, -1],
  [{ $float: "1.5" }, 1, { $int: "12345678901234567890" }, { $float: "-0.5" }, false],
  [1, "a", 0],
  [null],
  [null, "a"],
  ["é", "z", "😀", "\uffee", "Z"],
  [{ $date: "2020-01-31" }, { $date: "2019-01-31" }],
  [{ $bytes: [98] }, { $bytes: [97] }],
  [{ $time: "2020-01-01T10:00:00+05:30" }, { $time: "2020-01-01T05:00:00+01:00" }],
  [
    { $time: "2020-01-01T10:00:00.000120" },
    { $time: "2020-01-01T10:00:00" },
    { $time: "0001-01-01T00:00:00" },
  ],
  [{ $time: "2020-01-01T10:00:00" }, { $time: "2019-01-01T10:00:00+05:30" }],
];

/** Values that are the same in every run, hard ones for a writer of YAML. */
class Values {
  #state = 20310405;

  #below(limit: number): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state % limit;
  }

  #text(): string {
    if (this.#below(6) === 0) return WORDS[this.#below(WORDS.length)] ?? "";
    const length = [1, 2, 3, 5, 8, 30, 60][this.#below(7)] ?? 1;
    return Array.from({ length }, () => PIECES[this.#below(PIECES.length)]).join("");
  }

  next(depth = 4): unknown {
    const kind = depth === 0 ? 0 : this.#below(10);
    if (kind < 5) return this.#text();
    if (kind === 5) return SCALARS[this.#below(SCALARS.length)];
    if (kind === 6 && this.#below(3) === 0) return this.#typedKeys(depth - 1);
    if (kind < 8) return Array.from({ length: this.#below(4) }, () => this.next(depth - 1));
    return this.mapping(this.#below(4), depth - 1);
  }

  /** A mapping with keys that can be compared with each other, or with all sorts of keys. */
  #typedKeys(depth: number): unknown {
    const keys = KEYS[this.#below(KEYS.length)] ?? [];
    return { $map: keys.map((key) => [key, this.next(depth)]) };
  }

  mapping(size: number, depth = 4): Record<string, unknown> {
    return Object.fromEntries(Array.from({ length: size }, () => [this.#text(), this.next(depth)]));
  }
}

function typed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(typed);
  if (typeof value !== "object" || value === null) return value;
  if ("$int" in value) return BigInt(String(value.$int));
  if ("$float" in value) return new YamlFloat(Number(String(value.$float).replace("inf", "Infinity")));
  if ("$date" in value || "$time" in value) return readYaml(String(Object.values(value)[0]), TYPED);
  if ("$bytes" in value) return Uint8Array.from(value.$bytes as number[]); // by the list above
  if ("$map" in value)
    return new Map((value.$map as unknown[][]).map(([key, member]) => [typed(key), typed(member)]));
  return new Map(Object.entries(value).map(([key, member]) => [key, typed(member)]));
}

test.skipIf(!hasPython)(
  `writes the same bytes as PyYAML${hasPython ? "" : " (NOT RUN: needs python3-yaml)"}`,
  () => {
    const values = new Values();
    const samples = Array.from({ length: 1_000 }, () => values.mapping(3));
    const input = JSON.stringify(samples);
    const output = execFileSync("/usr/bin/python3", ["-c", PYTHON], {
      input,
      encoding: "utf8",
      maxBuffer: 2 ** 27,
    });
    const expected = JSON.parse(output) as string[]; // a list of texts, by the program above
    expect(samples.map((sample) => writeYaml(typed(sample)))).toEqual(expected);
  },
);
