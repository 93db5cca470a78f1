import type { Runtime } from "../runtime/runtime.ts";
import { arrayCursor } from "./cursors.ts";
import { PyObject } from "./object.ts";
import { sequenceIndex } from "./sequence-index.ts";
import type { Cursor, Value } from "./value.ts";

const NAMED: Readonly<Record<number, string>> = { 9: "\\t", 10: "\\n", 13: "\\r", 92: "\\\\" };

/** Python `bytes`. */
export class PyBytes extends PyObject {
  readonly typeName = "bytes";
  /** The bytes. */
  readonly data: Uint8Array;

  constructor(data: Uint8Array) {
    super();
    this.data = data;
  }

  override isTrue(): boolean {
    return this.data.length > 0;
  }

  override repr(): string {
    const hasOnlySingle = this.data.includes(39) && !this.data.includes(34);
    const quote = hasOnlySingle ? '"' : "'";
    return `b${quote}${Array.from(this.data, (byte) => byteText(byte, quote)).join("")}${quote}`;
  }

  override attribute(name: string, runtime: Runtime): Value | undefined {
    return runtime.methodOf("bytes", this, name);
  }

  override item(key: Value): Value | undefined {
    const index = sequenceIndex(key, this.data.length);
    return index === undefined ? undefined : this.data[index];
  }

  override get isSubscriptable(): boolean {
    return true;
  }

  override cursor(): Cursor {
    return arrayCursor([...this.data]);
  }

  override size(): number {
    return this.data.length;
  }

  override equals(other: Value): boolean {
    return other instanceof PyBytes && other.repr() === this.repr();
  }

  override hashKey(): unknown {
    return `\u0000${this.repr()}`;
  }
}

function byteText(byte: number, quote: string): string {
  const character = String.fromCharCode(byte);
  if (character === quote) return `\\${quote}`;
  const named = NAMED[byte];
  if (named !== undefined) return named;
  return byte >= 32 && byte < 127 ? character : `\\x${byte.toString(16).padStart(2, "0")}`;
}
