import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CdbData } from "../data.ts";
import { CdbEncoder } from "../encoder.ts";
import { type CdbEntry, CdbError, encodeCdb, readCdb } from "../index.ts";
import { CdbImageBuilder } from "../json/cdb-image.ts";
import { encodeJson, encodeJsonMemory } from "../json/encode-json.ts";
import { MemorySink } from "../memory-sink.ts";
import { CdbmakeParser } from "../text/cdbmake-parser.ts";
import { dumpCdbmake } from "../text/dump-cdb.ts";
import { TableBuilder } from "../table-builder.ts";
import { Kernel } from "./kernel.ts";

function startKernel(): Kernel {
  const kernel = Kernel.start();
  if (kernel === undefined) throw new Error("NOT RUN: needs a little-endian machine");
  return kernel;
}

/** What a piece of work gives: bytes, or the message of its error. */
function outcome(work: () => Buffer): string {
  try {
    return work().toString("latin1");
  } catch (error) {
    if (error instanceof CdbError) return error.message;
    throw error;
  }
}

function gathered(work: (write: (bytes: Buffer, length: number) => void) => void): Buffer {
  const pieces: Buffer[] = [];
  work((bytes, length) => pieces.push(Buffer.from(bytes.subarray(0, length))));
  return Buffer.concat(pieces);
}

const toJson = (cdb: Buffer, kernel?: Kernel): Buffer =>
  gathered((write) => encodeJson(readCdb(cdb), write, {}, encodeJsonMemory(kernel)));

const toCdbmake = (cdb: Buffer, kernel?: Kernel): Buffer =>
  gathered((write) => dumpCdbmake(readCdb(cdb), write, kernel));

function ofJson(json: Buffer, kernel?: Kernel): Buffer {
  const { head, tables } = new CdbImageBuilder(kernel).build(json, "x.json");
  return Buffer.concat([head, tables]);
}

/** The text comes in pieces, as from a pipe. */
function ofCdbmake(text: Buffer, kernel?: Kernel, pieceBytes = text.length): Buffer {
  const sink = new MemorySink();
  const encoder = new CdbEncoder(sink, undefined, kernel);
  const parser = new CdbmakeParser(encoder, kernel, "x.txt");
  let taken = 0;
  for (let end = 0; end < text.length;) {
    end = Math.min(text.length, end + pieceBytes);
    taken += parser.parse(text.subarray(taken, end), taken, end === text.length);
  }
  return sink.result(encoder.finish().sizeBytes);
}

/** Text of all that the kernel does itself, and of what it has to leave: control characters, four bytes, surrogates. */
const anyText = fc.string({
  unit: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        ...Array.from("abcdefgh ijklmnop-:;=<>&'\"\\/\n\r\t\b\féßжю€☃页\u07ff\u0800\ud7ff\ue000\uffff"),
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom("\u0000", "\u001f", "\u007f", "😀", "\u{10ffff}") },
  ),
  maxLength: 60,
});
const anyBytes = fc.oneof(
  { weight: 20, arbitrary: anyText },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }) },
);
const entryOf = <Part extends CdbData>(part: fc.Arbitrary<Part>): fc.Arbitrary<CdbEntry> =>
  fc.tuple(part, part);
const textEntries = fc.array(entryOf(anyText), { maxLength: 60 });
const byteEntries = fc.array(entryOf(anyBytes as fc.Arbitrary<CdbData>), { maxLength: 60 });

describe("with the kernel the bytes and the errors are those of the slow way", () => {
  const kernel = startKernel();

  test("for JSON of any records", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(byteEntries, (entries) => {
        const cdb = encodeCdb(entries);
        expect(outcome(() => toJson(cdb, kernel))).toBe(outcome(() => toJson(cdb)));
      }),
      { numRuns: 500 },
    );
  });

  test("for records of any JSON, cut or with a byte changed too", { timeout: 60_000 }, () => {
    const change = fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom("none", "cut", "byte", "doubled"));
    fc.assert(
      fc.property(textEntries, change, (entries, [place, byte, kind]) => {
        const json = toJson(encodeCdb(entries));
        const at = place % json.length;
        const changed = {
          none: json,
          cut: json.subarray(0, at),
          byte: Buffer.concat([json.subarray(0, at), Buffer.from([byte]), json.subarray(at + 1)]),
          doubled: Buffer.concat([json.subarray(0, at), json.subarray(at >> 1)]),
        }[kind] as Buffer;
        expect(outcome(() => ofJson(changed, kernel))).toBe(outcome(() => ofJson(changed)));
      }),
      { numRuns: 1000 },
    );
  });

  test(
    "for records of any cdbmake text, in pieces, cut or with a byte changed too",
    { timeout: 60_000 },
    () => {
      const change = fc.tuple(
        fc.nat(),
        fc.nat(255),
        fc.constantFrom("none", "cut", "byte"),
        fc.integer({ min: 1, max: 400 }),
      );
      fc.assert(
        fc.property(byteEntries, change, (entries, [place, byte, kind, pieceBytes]) => {
          const text = toCdbmake(encodeCdb(entries));
          const at = place % text.length;
          const changed = {
            none: text,
            cut: text.subarray(0, at),
            byte: Buffer.concat([text.subarray(0, at), Buffer.from([byte]), text.subarray(at + 1)]),
          }[kind] as Buffer;
          const slow = outcome(() => ofCdbmake(changed));
          expect(outcome(() => ofCdbmake(changed, kernel))).toBe(slow);
          expect(outcome(() => ofCdbmake(changed, kernel, pieceBytes))).toBe(slow);
        }),
        { numRuns: 1000 },
      );
    },
  );

  test("for cdbmake text of any records", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(byteEntries, (entries) => {
        const cdb = encodeCdb(entries);
        expect(toCdbmake(cdb, kernel).equals(toCdbmake(cdb))).toBe(true);
      }),
    );
  });

  test.each([
    ["short", 20_000, 10],
    ["empty", 100_000, 1],
    ["long", 300, 3000],
    ["longer than all buffers", 3, 700_000],
  ])("for many %s records, over the edges of its memory", (_, count, length) => {
    const texts = ['plain text / with "quotes" ', "été ", "правка ", "页面", "😀\u0001"];
    const entries = Array.from({ length: count }, (__, n): CdbEntry => {
      const text = texts[n % texts.length] ?? "";
      return [`${text}${n}`, text.repeat(Math.ceil(((n * 7919) % length) / text.length))];
    });
    const cdb = encodeCdb(entries);
    const json = toJson(cdb);
    const text = toCdbmake(cdb);
    expect(toJson(cdb, kernel).equals(json)).toBe(true);
    expect(toCdbmake(cdb, kernel).equals(text)).toBe(true);
    expect(ofJson(json, kernel).equals(cdb)).toBe(true);
    expect(ofCdbmake(text, kernel).equals(cdb)).toBe(true);
  });
});

test("the kernel does nearly all of what localisation caches have", () => {
  const kernel = startKernel();
  const entries = Array.from({ length: 1000 }, (_, n): CdbEntry => [
    `messages:página/${n}`,
    `s:9:"правка 页面\\n";`,
  ]);
  const cdb = encodeCdb(entries);
  const json = toJson(cdb);
  const read = kernel.recordsOfJson(
    { bytes: json, start: json.indexOf(",\n"), end: json.length },
    { bytes: Buffer.alloc(cdb.length * 2), start: 0, end: cdb.length * 2 },
    0,
  );
  const written = kernel.jsonOfRecords(
    { bytes: cdb, start: 2048, end: cdb.length },
    { bytes: kernel.allocate(1 << 18), start: 0, end: 1 << 18 },
  );
  expect(read.records).toBeGreaterThan(500);
  expect(written.records).toBeGreaterThan(500);
});

test("tables are laid out alike with and without the kernel, and in one piece or several", () => {
  const kernel = Kernel.start();
  // All records in one table, which is too large for the kernel; some in a few tables; many in all of them.
  const spreads: [count: number, tables: number][] = [
    [0, 1],
    [40_000, 1],
    [60_000, 3],
    [100_000, 256],
  ];
  for (const [count, tables] of spreads) {
    const builders = [new TableBuilder(kernel), new TableBuilder()];
    for (let n = 0; n < count; n++) {
      const hash = ((Math.imul(n, 0x9e37_79b1) << 8) | (n % tables)) >>> 0;
      for (const builder of builders) builder.add(hash, 2048 + n * 16);
    }
    const [byKernel, here] = builders.map((builder) => builder.build(2048 + count * 16));
    expect(byKernel?.tables.length).toBe(count * 16);
    expect(byKernel?.tables.equals(here?.tables ?? Buffer.alloc(0))).toBe(true);
    expect(byKernel?.header).toEqual(here?.header);
    expect(byKernel?.equalHashes).toBe(here?.equalHashes);
  }
});

test("memory in the kernel's reach comes to an end, other memory does not", () => {
  const kernel = startKernel();
  const buffers = Array.from({ length: 40 }, () => kernel.allocate(1 << 20));
  expect(new Set(buffers.map(({ buffer }) => buffer)).size).toBeGreaterThan(1);
  expect(buffers.every(({ length }) => length === 1 << 20)).toBe(true);
});
