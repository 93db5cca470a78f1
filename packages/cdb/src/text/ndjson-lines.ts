import { isUtf8 } from "node:buffer";
import { toBytes } from "../data.ts";
import type { CdbEncoder } from "../encoder.ts";
import { CdbError } from "../errors.ts";

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Puts the records of lines with one JSON object each; empty lines do not count. */
export function ndjsonLineTaker(
  encoder: CdbEncoder,
  path: string | undefined,
): (line: Buffer, offset: number) => void {
  return (line, offset) => {
    if (line.length === 0) return;
    try {
      const record = parseObject(line);
      encoder.put(field(record, "key"), field(record, "value"));
    } catch (error) {
      if (error instanceof CdbError && error.code !== "CDB_TEXT") throw error;
      const message =
        error instanceof CdbError ? error.reason : "the line is no JSON object with a key and a value";
      throw new CdbError("CDB_INPUT", message, {
        path: path ?? "ndjson text",
        offset,
        hint: 'A line is {"key":"…","value":"…"}; use keyBase64 and valueBase64 for bytes that are not UTF-8.',
      });
    }
  };
}

function parseObject(line: Buffer): Record<string, unknown> {
  if (!isUtf8(line)) throw new CdbError("CDB_TEXT", "the line is not UTF-8");
  const record: unknown = JSON.parse(line.toString("utf8"));
  if (typeof record !== "object" || record === null || Array.isArray(record)) {
    throw new CdbError("CDB_TEXT", "the line is no JSON object with a key and a value");
  }
  return { ...record };
}

function field(record: Record<string, unknown>, what: "key" | "value"): Uint8Array {
  const base64 = record[`${what}Base64`];
  if (typeof base64 === "string") {
    if (BASE64.test(base64)) return Buffer.from(base64, "base64");
    throw new CdbError("CDB_TEXT", `${what}Base64 is not base64`);
  }
  const text = record[what];
  if (text === undefined) throw new CdbError("CDB_TEXT", `the line has no "${what}"`);
  // Anything but text is refused there.
  return toBytes(text as string, what);
}
