import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { CdbSink } from "./cdb-sink.ts";
import { CdbEncoder } from "./encoder.ts";
import { type CdbData, type CdbEntry, encodeCdb, readCdb } from "./index.ts";

const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
const FIVE: CdbEntry[] = [
  ["one", "Hello"],
  ["two", "Goodbye"],
  ["€", "ü"],
  ["", "empty key"],
  ["k", ""],
];

describe("encodeCdb", () => {
  test.each<[string, CdbEntry[], number, string]>([
    ["nothing (cdb case 2)", [], 2048, "a646d6b87720195feb973de130b10123"],
    ["one record (cdb case 3)", FIVE.slice(0, 1), 2080, "9f716900e8b94d8c5d682938b38fb0cd"],
    ["two records (cdb case 6)", FIVE.slice(0, 2), 2114, "7cc6c39b46102a1a10ca542ec9e87aa3"],
    ["empty and non-ASCII keys and values (cdb case 4)", FIVE, 2201, "479995142ab363ea7265ee1c978610e9"],
    [
      "duplicates that wrap round their table (cdb case 5)",
      [
        ["one", "first"],
        ["two", "x"],
        ["one", "second"],
      ],
      2141,
      "7a1888fd87b0f3801de291dd2d4282b1",
    ],
  ])("writes the known bytes for %s", (_name, entries, size, hash) => {
    const file = encodeCdb(entries);
    expect([md5(file), file.length]).toEqual([hash, size]);
  });

  test("lays out a record, its tables and the positions of empty tables as the format says (cdb case 3)", () => {
    const file = encodeCdb([["one", "Hello"]]);
    expect(file.subarray(2048).toString("hex")).toBe(
      "03000000050000006f6e6548656c6c6f0000000000000000815b870b00080000",
    );
    expect(file.subarray(128 * 8, 131 * 8).toString("hex")).toBe(
      "100800000000000010080000020000002008000000000000",
    );
  });

  test("keeps a key whose hash is 0 apart from one that wants its slot (cdb case 9)", () => {
    const reader = readCdb(
      encodeCdb([
        ["ad V-F}", "zero"],
        ["c1351", "collide"],
      ]),
    );
    expect([reader.getText("ad V-F}"), reader.getText("c1351")]).toEqual(["zero", "collide"]);
  });

  test.each([
    [5, "not the number 5"],
    [null, "not null"],
    [["x"], "not a list"],
    ["a\ud800b", "lone surrogate at character 1"],
  ])("refuses the value %j (cdb case 13)", (value, message) => {
    // A caller without types can pass anything.
    expect(() => encodeCdb([["k", value as CdbData]])).toThrow(message);
    expect(() => encodeCdb([[value as CdbData, "v"]])).toThrow(message);
  });
});

test("a record that would end beyond 4 GiB fails at its put (cdb case 33) (cdb W4)", () => {
  const sink: CdbSink = {
    startPosition: 0xffff_ffff - 100,
    write: (bytes) => bytes,
    writeNow: () => undefined,
  };
  const encoder = new CdbEncoder(sink, "big.cdb");
  // 8 + 1 + 11 bytes of record and 16 of tables, twice: 72 of 100 bytes.
  encoder.put(Buffer.from("a"), Buffer.alloc(11));
  encoder.put(Buffer.from("b"), Buffer.alloc(11));
  expect(() => encoder.put(Buffer.from("c"), Buffer.alloc(11))).toThrow(
    expect.objectContaining({ code: "CDB_TOO_LARGE", message: expect.stringContaining("big.cdb") }),
  );
  expect(encoder.finish()).toEqual({ records: 2, sizeBytes: 0xffff_ffff - 100 + 72 });
});
