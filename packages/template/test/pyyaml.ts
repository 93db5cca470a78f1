import { execFileSync, spawnSync } from "node:child_process";
import { readYaml, type YamlValues } from "../src/index.ts";

const PYTHON = "/usr/bin/python3";
/** Whether Debian's python3-yaml is installed. */
export const havePyYaml: boolean = spawnSync(PYTHON, ["-c", "import yaml"]).status === 0;

// Values of both sides as JSON in which every type stays apart.
const ENCODE = `
import datetime, json, sys, yaml
def encode(v):
    if isinstance(v, bool) or v is None: return v
    if isinstance(v, int): return {"int": str(v)}
    if isinstance(v, float): return {"float": repr(v)}
    if isinstance(v, str): return {"str": v}
    if isinstance(v, list): return [encode(x) for x in v]
    if isinstance(v, dict): return {"map": [[encode(k), encode(x)] for k, x in v.items()]}
    if isinstance(v, set): return {"set": sorted([encode(x) for x in v], key=repr)}
    if isinstance(v, tuple): return {"pair": [encode(x) for x in v]}
    if isinstance(v, bytes): return {"bytes": v.hex()}
    if isinstance(v, datetime.datetime):
        offset = v.utcoffset()
        zone = None if offset is None else offset.total_seconds() / 60
        return {"time": [v.year, v.month, v.day, v.hour, v.minute, v.second, v.microsecond, zone]}
    if isinstance(v, datetime.date): return {"date": [v.year, v.month, v.day]}
    raise TypeError(type(v))
def load(text):
    try: return encode(yaml.safe_load(text))
    except Exception as e: return "ERROR"
json.dump([load(t) for t in json.load(sys.stdin)], sys.stdout)
`;

const tagged: YamlValues = {
  float: (value) => ({ float: value }),
  date: (year, month, day) => ({ date: [year, month, day] }),
  dateTime: (time) => ({
    time: [time.year, time.month, time.day, time.hour, time.minute, time.second, time.microsecond].concat(),
    zone: time.offsetMinutes ?? null,
  }),
  bytes: (data) => ({ bytes: Buffer.from(data).toString("hex") }),
  pair: (key, value) => ({ pair: [key, value] }),
};

function encode(value: unknown): unknown {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number" || typeof value === "bigint") return { int: String(value) };
  if (typeof value === "string") return { str: value };
  if (Array.isArray(value)) return value.map(encode);
  if (value instanceof Map)
    return { map: Array.from(value, ([key, member]) => [encode(key), encode(member)]) };
  const entry = Object.entries(value as object);
  const [kind, data] = entry[0] ?? [];
  if (kind === "float") return { float: Number(data) };
  if (kind === "pair" && Array.isArray(data)) return { pair: data.map(encode) };
  if (kind === "time" && Array.isArray(data)) return { time: [...data, entry[1]?.[1]] };
  return value;
}

// Python's repr of a float is compared as a number: 1e+20 and 100000000000000000000 are the same float.
function normalise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalise);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      if (key !== "float") return [key, normalise(member)];
      return [key, String(Number(String(member).replace("inf", "Infinity")))];
    }),
  );
}

/** What we read from a text, in which every type stays apart; `"ERROR"` when we refuse it. */
export function readOurs(text: string): unknown {
  try {
    return normalise(encode(readYaml(text, { file: "x.yaml", values: tagged })));
  } catch {
    return "ERROR";
  }
}

/** What PyYAML reads from each of the texts, in the form of {@link readOurs}. */
export function readTheirs(texts: readonly string[]): unknown[] {
  const options = { input: JSON.stringify(texts), encoding: "utf8", maxBuffer: 2 ** 28 } as const;
  const results = JSON.parse(execFileSync(PYTHON, ["-c", ENCODE], options)) as unknown[]; // a list, by the program above
  return results.map(normalise);
}
