import { isUtf8 } from "node:buffer";
import { CdbError } from "./errors.ts";

/** A key or value: text, stored as UTF-8, or bytes. */
export type CdbData = string | Uint8Array;

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The bytes that a key or value is stored as.
 *
 * @throws {@link CdbError} `CDB_TEXT` for anything but text and bytes, and for text with a lone surrogate
 */
export function toBytes(data: CdbData, what: "key" | "value"): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (typeof data !== "string") {
    throw new CdbError("CDB_TEXT", `the ${what} must be text or bytes, not ${describe(data)}`);
  }
  const surrogate = LONE_SURROGATE.exec(data);
  if (surrogate !== null) {
    throw new CdbError("CDB_TEXT", `the ${what} has a lone surrogate at character ${surrogate.index}`, {
      hint: "Text with half a surrogate pair has no UTF-8 form; pass the bytes instead.",
    });
  }
  return Buffer.from(data, "utf8");
}

/**
 * Bytes as text, strictly.
 *
 * @throws {@link CdbError} `CDB_TEXT` if they are not UTF-8
 */
export function toText(bytes: Buffer, what: "key" | "value", path?: string): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw new CdbError("CDB_TEXT", `the ${what} ${printable(bytes)} is not UTF-8`, {
    path,
    hint: "Read it as bytes.",
  });
}

/** Bytes for a message: as text where that is possible, shortened, in quotes. */
export function printable(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 80));
  const text = isUtf8(start) ? start.toString("utf8") : start.toString("latin1");
  return JSON.stringify(text) + (bytes.length > 80 ? "…" : "");
}

function describe(data: unknown): string {
  if (data === null) return "null";
  if (Array.isArray(data)) return "a list";
  return typeof data === "number" ? `the number ${data}` : typeof data;
}
