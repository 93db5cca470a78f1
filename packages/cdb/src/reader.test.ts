import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CdbEntry, type CdbReader, encodeCdb, openCdb, readCdb } from "./index.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cdb-reader-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const WAYS: [string, (bytes: Buffer) => CdbReader][] = [
  ["in memory", (bytes) => readCdb(bytes, "x.cdb")],
  ["from a file", (bytes) => openCdb(stored(bytes), { cacheBytes: 1 << 15 })],
  ["from a file read at once", (bytes) => openCdb(stored(bytes), { mode: "memory" })],
];

function changedAt(key: Buffer, at: number): Buffer {
  const changed = Buffer.from(key);
  changed[at] = (key[at] ?? 0) ^ 0x40;
  return changed;
}

function stored(bytes: Buffer): string {
  const path = join(folder, "x.cdb");
  writeFileSync(path, bytes);
  return path;
}

describe.each(WAYS)("a reader %s", (_name, open) => {
  test("gives first values, all values, keys and entries in file order (cdb cases 5 and 8)", () => {
    const reader = open(
      encodeCdb([
        ["one", "first"],
        ["two", "x"],
        ["one", "second"],
        ["mediawiki", "🌻"],
      ]),
    );
    expect(reader.size).toBe(4);
    expect(reader.getText("one")).toBe("first");
    expect(reader.getAll("one").map(String)).toEqual(["first", "second"]);
    expect(reader.getText(Buffer.from("mediawiki"))).toBe("🌻");
    expect([reader.has("two"), reader.has("three"), reader.get("three")]).toEqual([true, false, undefined]);
    expect([...reader.keys()].map(String)).toEqual(["one", "two", "one", "mediawiki"]);
    expect([...reader.textEntries()][3]).toEqual(["mediawiki", "🌻"]);
    expect(reader.verify()).toEqual({ isValid: true, records: 4, problems: [] });
    reader.close();
  });

  test("finds keys and values that are longer than its blocks", () => {
    const long = "k".repeat(40_000);
    const big = Buffer.alloc(900_000, "v");
    const reader = open(
      encodeCdb([
        [long, "1"],
        ["a", big],
        ["é".repeat(200), "2"],
      ]),
    );
    expect([reader.getText(long), reader.get("a")?.equals(big)]).toEqual(["1", true]);
    expect(reader.getText("é".repeat(200))).toBe("2");
    expect([...reader].map(([, value]) => value.length)).toEqual([1, 900_000, 1]);
    reader.close();
  });

  test("finds keys of every length, and none that differs in one byte", () => {
    const keyOf = (length: number): Buffer =>
      Buffer.from(Array.from({ length }, (_, n) => (n * 7 + length) & 0xff));
    const keys = Array.from({ length: 300 }, (_, length) => keyOf(length));
    const reader = open(encodeCdb(keys.map((key, n): CdbEntry => [key, `value ${n}`])));
    const wrong = keys.flatMap((key) => Array.from(key, (_, at) => changedAt(key, at)));
    expect(keys.map((key) => reader.getText(key))).toEqual(keys.map((_, n) => `value ${n}`));
    expect(reader.getMany(keys).map(String)).toEqual(keys.map((_, n) => `value ${n}`));
    expect(wrong.some((key) => reader.has(key))).toBe(false);
    expect(reader.getMany(wrong.values()).some((value) => value !== undefined)).toBe(false);
    reader.close();
  });

  test("finds text of every length, ASCII or not, and of what is there twice the first", () => {
    const texts = Array.from({ length: 270 }, (_, n) => `${"k".repeat(n)}${n % 3 === 0 ? "é€😀" : ""}`);
    const entries = [...texts, ...texts].map((text, n): CdbEntry => [text, `${n}`]);
    const reader = open(encodeCdb(entries));
    expect(reader.getMany(texts).map(String)).toEqual(texts.map((_, n) => `${n}`));
    expect(texts.map((text) => reader.getText(text))).toEqual(texts.map((_, n) => `${n}`));
    expect(
      reader.getMany(["none", "k", ...texts.slice(0, 40), "none"]).map((value) => value?.length),
    ).toEqual([undefined, 1, ...texts.slice(0, 40).map((_, n) => `${n}`.length), undefined]);
    expect(reader.getMany([])).toEqual([]);
    expect(() => reader.getMany(["a\ud800"])).toThrow(expect.objectContaining({ code: "CDB_TEXT" }));
    reader.close();
  });

  test("keeps what it gave when it reads on", () => {
    const reader = open(
      encodeCdb(Array.from({ length: 20_000 }, (_, n) => [`key${n}`, `value${n}`.repeat(5)])),
    );
    const entries = [...reader.entries()];
    const isRight = entries.every(
      ([key, value], n) => String(key) === `key${n}` && String(value) === `value${n}`.repeat(5),
    );
    expect([entries.length, isRight]).toEqual([20_000, true]);
    for (let n = 0; n < 20_000; n += 97) expect(reader.getText(`key${n}`)).toBe(`value${n}`.repeat(5));
    reader.close();
  });

  test.each([
    [Buffer.alloc(0), "offset 0: not a CDB file: 0 bytes"],
    [Buffer.alloc(2047), "offset 2047: not a CDB file: 2047 bytes"],
    [Buffer.alloc(2048, "a"), "offset 0: hash table 0 (bytes 1633771873"],
  ])("refuses what is no CDB file (%#) (cdb case 10)", (bytes, message) => {
    expect(() => open(bytes)).toThrow(message);
  });

  test("takes 2048 zero bytes as a file without records (cdb case 10)", () => {
    const reader = open(Buffer.alloc(2048));
    expect([reader.size, [...reader.keys()], reader.get("x")]).toEqual([0, [], undefined]);
    reader.close();
  });

  test("reads files of writers that leave the position of empty tables 0 (cdb case 11) (cdb W2)", () => {
    const bytes = encodeCdb([
      ["one", "1"],
      ["two", "2"],
    ]);
    for (let table = 0; table < 256; table++) {
      if (bytes.readUInt32LE(table * 8 + 4) === 0) bytes.writeUInt32LE(0, table * 8);
    }
    const reader = open(bytes);
    expect([...reader.textEntries()]).toEqual([
      ["one", "1"],
      ["two", "2"],
    ]);
    expect(reader.verify().isValid).toBe(true);
    reader.close();
  });

  test("says where a record leaves the records", () => {
    const bytes = encodeCdb([["one", "Hello"]]);
    bytes.writeUInt32LE(6, 2052);
    const reader = open(bytes);
    expect(() => [...reader.keys()]).toThrow(/x\.cdb, offset 2048: the record here does not end before 2064/);
    expect(() => reader.get("one")).toThrow("x.cdb, offset 2072: the record at 2048");
    expect(reader.verify().problems[0]?.offset).toBe(2048);
    reader.close();
  });

  test("ends a search in a table without a free slot", () => {
    const bytes = encodeCdb([["one", "Hello"]]);
    bytes.copy(bytes, 2064, 2072, 2080);
    const reader = open(bytes);
    expect(reader.getAll("one").length).toBe(2);
    expect(reader.verify().problems.map(({ message }) => message)).toEqual([
      "a second slot points to the record at 2048",
    ]);
    reader.close();
  });

  test("reports bytes that are not UTF-8 with their key", () => {
    const reader = open(encodeCdb([["k", Buffer.from([0xff])]]));
    expect(() => reader.getText("k")).toThrow(/x\.cdb: the value "ÿ" is not UTF-8/);
    expect(reader.get("k")).toEqual(Buffer.from([0xff]));
    reader.close();
  });

  test("refuses to work after it is closed", () => {
    const reader = open(encodeCdb([]));
    reader.close();
    reader.close();
    expect(() => reader.get("x")).toThrow(expect.objectContaining({ code: "CDB_CLOSED" }));
  });
});

test("a file cut in the middle of a record gives an error with the offset (cdb case 12)", () => {
  const bytes = encodeCdb([["one", "Hello"]]);
  expect(() => readCdb(bytes.subarray(0, 2060), "cut.cdb")).toThrow(/^cut\.cdb, offset 1032: hash table 129/);
});

test("a file that does not exist, or is a directory, is named", () => {
  expect(() => openCdb(join(folder, "none.cdb"))).toThrow(/none\.cdb: cannot open: no such file/);
  expect(() => openCdb(folder)).toThrow(/cannot read: is a directory/);
});

test("tables that overlap are refused", () => {
  const bytes = encodeCdb([
    ["one", "1"],
    ["two", "2"],
  ]);
  bytes.writeUInt32LE(bytes.readUInt32LE(41 * 8), 129 * 8);
  expect(() => readCdb(bytes)).toThrow(/hash tables 41 and 129 overlap|hash tables 129 and 41 overlap/);
});
