import * as fc from "fast-check";
import type { LogRecord } from "@scap/log";
import { expect, it } from "vitest";
import { RecordRelay } from "./record-relay.ts";

const SEED = Number(process.env["SCAP_TEST_SEED"] ?? 20_260_101);

const FIELDS = [
  "name",
  "msg",
  "args",
  "levelno",
  "levelname",
  "created",
  "host",
  "exc_text",
  "type",
  "event",
];
const record = fc
  .dictionary(fc.oneof(fc.constantFrom(...FIELDS), fc.string()), fc.jsonValue({ maxDepth: 3 }), {
    maxKeys: 8,
  })
  .map((fields) => Buffer.from(`${JSON.stringify(fields)}\n`));
const soup = fc
  .array(
    fc.constantFrom(
      '{"msg":',
      '"%s %(a)d %',
      "{",
      "}",
      "\n",
      "\r",
      "\x1b[2J",
      "\x07",
      "é",
      '","args":[',
      "\0",
    ),
  )
  .map((parts) => Buffer.from(parts.join("")));
const bytes = fc.uint8Array({ maxLength: 60 }).map((each) => Buffer.from(each));
const output = fc.array(fc.oneof(record, soup, bytes), { maxLength: 12 });

it(`whatever a target says is records under its own name, or text (seed ${SEED})`, () => {
  let count = 0;
  fc.assert(
    fc.property(output, fc.nat({ max: 7 }), (pieces, cut) => {
      const records: LogRecord[] = [];
      const relay = new RecordRelay({
        host: "web1",
        longestLine: 200,
        onRecord: (each) => void records.push(each),
        onText: (text) => expect(typeof text).toBe("string"),
      });
      // Reads end anywhere, in the middle of characters too.
      for (const piece of pieces)
        [piece.subarray(0, cut), piece.subarray(cut)].forEach((part) => relay.push(part));
      relay.end();
      count += records.length;
      for (const each of records) {
        expect(each).toMatchObject({ host: "web1", relayed: true, levelno: expect.any(Number) });
        expect(each.name).toMatch(/^target\.web1\./);
        expect(Number.isFinite(each.created)).toBe(true);
      }
      expect(relay.pending.length).toBeLessThanOrEqual(200);
    }),
    { seed: SEED, numRuns: 300 },
  );
  expect(count).toBeGreaterThan(100);
});
