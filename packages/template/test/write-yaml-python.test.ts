import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { writeYaml } from "../src/write-yaml.ts";
import { YamlFloat } from "../src/yaml-values.ts";

/** Writes each of the values on standard input with PyYAML, which must be able to read what we write, too. */
const PYTHON = `
import json, sys, yaml
class Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data): return True
def plain(value):
    if isinstance(value, dict): return value["$float"] if "$float" in value else {k: plain(v) for k, v in value.items()}
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
    if (kind === 5) return [null, true, 0, -5, { $float: 120.5 }, { $float: 1e-5 }][this.#below(6)];
    if (kind < 8) return Array.from({ length: this.#below(4) }, () => this.next(depth - 1));
    return this.mapping(this.#below(4), depth - 1);
  }

  mapping(size: number, depth = 4): Record<string, unknown> {
    return Object.fromEntries(Array.from({ length: size }, () => [this.#text(), this.next(depth)]));
  }
}

function typed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(typed);
  if (typeof value !== "object" || value === null) return value;
  if ("$float" in value) return new YamlFloat(Number(value.$float));
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
