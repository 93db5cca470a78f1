import { PyObject } from "./object.ts";
import type { Cursor, Value } from "./value.ts";

/** A sequence that can be walked over once: the result of `map`, `select`, `batch` and the like. */
export class OneTimeSequence extends PyObject implements Cursor {
  readonly typeName: string;
  readonly #cursor: Cursor;

  constructor(cursor: Cursor, typeName = "generator") {
    super();
    this.typeName = typeName;
    this.#cursor = cursor;
  }

  /** The next member, or `undefined` after the last. */
  next(): Value | undefined {
    return this.#cursor.next();
  }

  override cursor(): Cursor {
    return this;
  }
}
