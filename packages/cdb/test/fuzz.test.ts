import { describe, expect, test } from "vitest";
import { CdbError, cdbFromJson, encodeCdb, readCdb, writeCdbJson } from "../src/index.ts";

// CDB_FUZZ_INPUTS=1000000 for the long run; CDB_FUZZ_SEED repeats one.
const INPUTS = Number(process.env["CDB_FUZZ_INPUTS"] ?? 100_000);
const SEED = Number(process.env["CDB_FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const LONG_MS = 20_000 + INPUTS;
/** No input here has more than a few thousand slots or records: more time means a loop. */
const SLOW_MS = 5000;

console.log(`fuzz: CDB_FUZZ_SEED=${SEED} CDB_FUZZ_INPUTS=${INPUTS}`);

class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed | 1;
  }
  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }
  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}

const SMALL = encodeCdb([
  ["one", "Hello"],
  ["two", "x"],
  ["one", "second"],
  ["", ""],
  ["ad V-F}", "zero"],
]);
const KEYS = ["one", "two", "", "ad V-F}", "absent"].map((key) => Buffer.from(key));
const EDGES = [0, 1, 7, 8, 2047, 2048, 2049, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, 0xffff_ffff];
let slowest = 0;

/** Does everything that a reader can do. Only a CdbError may come out, and no byte from outside of the input. */
function exercise(input: Buffer): void {
  const start = performance.now();
  // Guards around the input: whatever is read from there shows.
  const guarded = Buffer.alloc(input.length + 128, 0xa5);
  input.copy(guarded, 64);
  const bytes = guarded.subarray(64, 64 + input.length);
  try {
    const reader = readCdb(bytes, "fuzz.cdb");
    reader.verify();
    for (const key of KEYS) attempt(() => reader.getAll(key).forEach((value) => checkInside(value, bytes)));
    for (const key of KEYS) attempt(() => checkInside(reader.get(key) ?? bytes, bytes));
    attempt(() => reader.getMany(KEYS).forEach((value) => checkInside(value ?? bytes, bytes)));
    attempt(() => reader.stats());
    attempt(() => {
      for (const entry of reader) entry.forEach((part) => checkInside(part, bytes));
    });
    attempt(() => writeCdbJson(reader, () => undefined));
  } catch (error) {
    requireCdbError(error);
  }
  slowest = Math.max(slowest, performance.now() - start);
}

function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    requireCdbError(error);
  }
}

function requireCdbError(error: unknown): void {
  if (!(error instanceof CdbError) || error.offset === undefined || error.path === undefined) throw error;
}

function checkInside(view: Buffer, bytes: Buffer): void {
  const start = view.byteOffset - bytes.byteOffset;
  if (start < 0 || start + view.length > bytes.length)
    throw new Error(`read outside of the input at ${start}`);
}

describe("a reader given bad input ends with an error that names file and offset, or with records", () => {
  test("random bytes of 0 to 4096", { timeout: LONG_MS }, () => {
    const random = new Random(SEED);
    for (let n = 0; n < INPUTS * 0.1; n++) exercise(random.bytes(random.below(4097)));
    expect(slowest).toBeLessThan(SLOW_MS);
  });

  test("every truncation of a good file", () => {
    for (let end = 0; end <= SMALL.length; end++) exercise(SMALL.subarray(0, end));
    expect(slowest).toBeLessThan(SLOW_MS);
  });

  test("every byte of a good file with every bit flipped", () => {
    const bytes = Buffer.from(SMALL);
    for (let at = 0; at < bytes.length; at++) {
      const good = bytes[at] ?? 0;
      for (const flip of [0xff, 1, 2, 4, 8, 16, 32, 64, 128]) {
        bytes[at] = good ^ flip;
        exercise(bytes);
      }
      bytes[at] = good;
    }
    expect(slowest).toBeLessThan(SLOW_MS);
  });

  test(
    "good files with numbers changed to edges, tables moved and slots copied",
    { timeout: LONG_MS },
    () => {
      const random = new Random(SEED + 1);
      for (let n = 0; n < INPUTS * 0.45; n++) exercise(mutated(random));
      expect(slowest).toBeLessThan(SLOW_MS);
    },
  );
});

/** Small changes in many places find more than random bytes, which the index check refuses. */
function mutated(random: Random): Buffer {
  const bytes = Buffer.from(SMALL);
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const isIndex = random.below(2) === 0;
    const at = isIndex ? random.below(512) * 4 : 2048 + random.below(bytes.length - 2052);
    const choice = random.below(4);
    if (choice === 0) bytes.writeUInt32LE(EDGES[random.below(EDGES.length)] ?? 0, at);
    else if (choice === 1) bytes.writeUInt32LE(2040 + random.below(bytes.length - 2030), at);
    else if (choice === 2) bytes.writeUInt32LE(random.below(64), at);
    else
      bytes.copy(
        bytes,
        at,
        2048 + random.below(bytes.length - 2056),
        2048 + random.below(bytes.length - 2048),
      );
  }
  return bytes;
}

describe("the JSON reader given bad input ends with an error that names file and offset, or with a good file", () => {
  const GOOD = Buffer.from(
    '{"a\\/b":"\\u00e9\\ud83d\\ude00",\n"__proto__":"x",\n"10":"é☃",\n"9":"","a":"1","a":"2"}',
  );
  const PIECES = [
    '"',
    "\\",
    "\\u",
    "d83d",
    "{",
    "}",
    ":",
    ",",
    "\ufeff",
    "\u0000",
    "é",
    "[",
    "null",
    '"a":"b",',
  ];

  test("good texts with bytes changed, cut, doubled and put in", { timeout: LONG_MS }, () => {
    const random = new Random(SEED + 2);
    for (let n = 0; n < INPUTS * 0.45; n++) {
      let text = Buffer.from(GOOD);
      for (let changes = 1 + random.below(4); changes > 0; changes--) text = changed(text, random);
      attempt(() => {
        const cdb = cdbFromJson(text, "fuzz.json");
        if (!readCdb(cdb).verify().isValid) throw new Error(`not a good file from ${text.toString("hex")}`);
      });
    }
    expect(slowest).toBeLessThan(SLOW_MS);
  });

  function changed(text: Buffer, random: Random): Buffer<ArrayBuffer> {
    const at = random.below(text.length + 1);
    const end = Math.min(text.length, at + random.below(12));
    const piece = Buffer.from(PIECES[random.below(PIECES.length)] ?? "");
    const middle = [piece, random.bytes(1), text.subarray(at, end)][random.below(3)] ?? piece;
    return Buffer.concat([text.subarray(0, at), middle, text.subarray(random.below(2) === 0 ? at : end)]);
  }
});
