import { equal } from "./equality.ts";
import { arrayCursor, reverseArrayCursor } from "./cursors.ts";
import { hashOf } from "./hashing.ts";
import { PyObject } from "./object.ts";
import { reprMembers, type ReprState } from "./repr.ts";
import { sequenceIndex } from "./sequence-index.ts";
import type { Cursor, Value } from "./value.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** A Python tuple. */
export class PyTuple extends PyObject {
  readonly typeName: string = "tuple";
  /** The members. */
  readonly items: readonly Value[];

  constructor(items: readonly Value[]) {
    super();
    this.items = items;
  }

  override isTrue(): boolean {
    return this.items.length > 0;
  }

  override repr(state: ReprState): string {
    const inner = reprMembers(this.items, state);
    return this.items.length === 1 ? `(${inner},)` : `(${inner})`;
  }

  override attribute(name: string, runtime: Runtime): Value | undefined {
    return runtime.methodOf("tuple", this, name);
  }

  override item(key: Value): Value | undefined {
    const index = sequenceIndex(key, this.items.length);
    return index === undefined ? undefined : this.items[index];
  }

  override cursor(): Cursor {
    return arrayCursor(this.items);
  }

  override reversed(): Cursor {
    return reverseArrayCursor(this.items);
  }

  override size(): number {
    return this.items.length;
  }

  override get isSubscriptable(): boolean {
    return true;
  }

  override equals(other: Value): boolean {
    if (!(other instanceof PyTuple) || other.items.length !== this.items.length) return false;
    return this.items.every((item, index) => equal(item, other.items[index] ?? null));
  }

  override hashKey(): unknown {
    // Tuples compare by content, so their key is a text; the prefix keeps it apart from string keys.
    const keys = this.items.map(hashOf);
    return keys.includes(undefined) ? undefined : new TupleKey(keys);
  }
}

/** Stands for the content of a tuple until a mapping turns it into one of its own keys. */
export class TupleKey {
  /** Equal for equal tuples. */
  readonly text: string;

  constructor(keys: readonly unknown[]) {
    this.text = keys.map(keyText).join("");
  }
}

function keyText(key: unknown): string {
  if (key instanceof TupleKey) return `t${key.text.length}:${key.text}`;
  const text = String(key);
  return `${(typeof key)[0] ?? ""}${(typeof key)[1] ?? ""}${text.length}:${text}`;
}

/** A member of `groupby`: a tuple whose parts also have names. */
export class PyGroup extends PyTuple {
  override readonly typeName = "_GroupTuple";

  override get moduleName(): string {
    return "jinja2.filters";
  }

  override attribute(name: string, runtime: Runtime): Value | undefined {
    if (name === "grouper") return this.items[0];
    return name === "list" ? this.items[1] : super.attribute(name, runtime);
  }
}
