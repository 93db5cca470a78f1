import { expect, test } from "vitest";
import { cdbHash, encodeCdb, readCdb } from "./index.ts";

/** Index entry of table 129, in which "one" is; its only record is at 2048, its slots at 2064 and 2072. */
const ENTRY = 129 * 8;
const SLOT = 2072;

type Change = (bytes: Buffer) => void;
const write =
  (value: number, at: number): Change =>
  (bytes) =>
    void bytes.writeUInt32LE(value, at);

/** A file with one record, damaged. */
function damaged(...changes: Change[]): Buffer {
  const bytes = encodeCdb([["one", "Hello"]]);
  for (const change of changes) change(bytes);
  return bytes;
}

const damage = (offset: number, message: string): unknown =>
  expect.objectContaining({
    code: "CDB_DAMAGED",
    path: "x.cdb",
    offset,
    message: expect.stringContaining(message),
  });

test.each<[string, Buffer, number, string]>([
  ["past the end", damaged(write(2080, ENTRY)), ENTRY, "hash table 129 (bytes 2080 to 2096) is outside"],
  ["in the index", damaged(write(2040, ENTRY)), ENTRY, "is outside of the file"],
  ["at 0 with slots", damaged(write(0, ENTRY)), ENTRY, "is outside of the file"],
  ["at 2^32 - 1", damaged(write(0xffff_ffff, ENTRY)), ENTRY, "(bytes 4294967295 to 4294967311)"],
  ["at 2^32 - 16", damaged(write(0xffff_fff0, ENTRY)), ENTRY, "(bytes 4294967280 to 4294967296)"],
  ["with 2^32 - 1 slots", damaged(write(0xffff_ffff, ENTRY + 4)), ENTRY, "to 34359740424) is outside"],
  ["with 2^29 slots, 2^32 bytes", damaged(write(0x2000_0000, ENTRY + 4)), ENTRY, "to 4294969360) is outside"],
  ["over another", damaged(write(2064, 130 * 8), write(1, 130 * 8 + 4)), 130 * 8, "129 and 130 overlap"],
])("a hash table %s is refused when the file is opened", (_name, bytes, offset, message) => {
  expect(() => readCdb(bytes, "x.cdb")).toThrow(damage(offset, message));
});

test.each([2079, 2080, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, 0xffff_ffff, 1, 2047, 2057])(
  "a slot that points to %d, where no record can be, ends the lookup with its place (cdb W3)",
  (position) => {
    const reader = readCdb(damaged(write(position, SLOT + 4)), "x.cdb");
    for (const look of [() => reader.get("one"), () => reader.getAll("one"), () => reader.getMany(["one"])])
      expect(look).toThrow(damage(SLOT, `the record at ${position}`));
    expect(reader.verify().problems).toEqual([
      { offset: SLOT, message: `the slot points to ${position}, where no record starts` },
      { offset: 2048, message: "no slot points to the record here" },
    ]);
    expect([...reader.textEntries()]).toEqual([["one", "Hello"]]);
  },
);

test.each([
  ["key", 2048],
  ["value", 2052],
])("a record whose %s has an impossible length is never read", (_what, at) => {
  for (const length of [9, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff]) {
    const reader = readCdb(damaged(write(length, at)), "x.cdb");
    const walk = damage(2048, "the record here does not end before 2064, where the records end");
    expect(() => [...reader]).toThrow(walk);
    expect(() => reader.stats()).toThrow(walk);
    expect(reader.verify()).toMatchObject({ isValid: false, problems: [{ offset: 2048 }] });
  }
});

test("a table in which every slot points to the same record ends every lookup", () => {
  const full = damaged((bytes) => bytes.copy(bytes, 2064, SLOT, 2080));
  const reader = readCdb(full, "x.cdb");
  const others = Array.from({ length: 2000 }, (_, n) => Buffer.from(`${n}`));
  const inTable = others.filter((key) => (cdbHash(key) & 0xff) === 129);
  expect(inTable.length).toBeGreaterThan(0);
  expect(inTable.some((key) => reader.has(key))).toBe(false);
  expect([reader.getAll("one").length, reader.getMany(inTable)]).toEqual([2, inTable.map(() => undefined)]);
  expect(reader.verify().isValid).toBe(false);
});

test("more or fewer records than the tables are made for are an error at the end of the walk (cdb W2)", () => {
  const reader = readCdb(damaged(write(1, ENTRY + 4)), "x.cdb");
  expect(() => [...reader]).toThrow(damage(2064, "1 records, but the hash tables are made for 0.5"));
  const two = damaged((bytes) => {
    bytes.writeUInt32LE(0, 2048);
    bytes.writeUInt32LE(0, 2052);
    bytes.writeUInt32LE(0, 2056);
    bytes.writeUInt32LE(0, 2060);
  });
  expect(() => [...readCdb(two, "x.cdb")]).toThrow(
    damage(2064, "2 records, but the hash tables are made for 1"),
  );
});
