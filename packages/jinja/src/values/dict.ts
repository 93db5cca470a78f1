import type { Runtime } from "../runtime/runtime.ts";
import { TemplateRuntimeError } from "../errors.ts";
import { iteratorCursor } from "./cursors.ts";
import { equal } from "./equality.ts";
import { hashOf, requireHash } from "./hashing.ts";
import { PyObject } from "./object.ts";
import { reprOf, type ReprState } from "./repr.ts";
import { TupleKey } from "./tuple.ts";
import type { Cursor, Value } from "./value.ts";

interface Entry {
  readonly key: Value;
  value: Value;
}

/** Members of a mapping that are made when they are first asked for. */
export interface LazyMembers {
  /** Every key, in order. */
  keys(): Iterable<string>;
  /** The value; `undefined` for a key that is not there. Asked for once. */
  get(key: string): Value | undefined;
}

/** A Python dict: ordered, with keys of any hashable type. `1`, `1.0` and `True` are one key, `'1'` another. */
export class PyDict extends PyObject {
  readonly typeName = "dict";
  #entries = new Map<unknown, Entry>();
  #lazy: LazyMembers | undefined;
  #tupleKeys: Map<string, TupleKey> | undefined;

  /** @param entries - pairs in order; a later pair replaces the value of an equal key. */
  constructor(entries: Iterable<readonly [Value, Value]> = []) {
    super();
    for (const [key, value] of entries) this.set(key, value);
  }

  /** A dict that makes its values when they are first asked for. */
  static fromLazy(members: LazyMembers): PyDict {
    const dict = new PyDict();
    dict.#lazy = members;
    return dict;
  }

  /** Number of keys. */
  get count(): number {
    return this.#all().size;
  }

  /** The value of `key`, or `undefined`. */
  get(key: Value): Value | undefined {
    if (typeof key !== "string") return this.#all().get(this.#slot(hashOf(key)))?.value;
    const entry = this.#entries.get(key);
    return entry === undefined && this.#lazy !== undefined ? this.#make(key, this.#lazy) : entry?.value;
  }

  /** Whether `key` is there. */
  has(key: Value): boolean {
    return this.#all().has(this.#slot(requireHash(key)));
  }

  /** Adds a pair or replaces the value of an equal key, which keeps its place. */
  set(key: Value, value: Value): void {
    const slot = this.#slot(requireHash(key), true);
    const entries = this.#all();
    const entry = entries.get(slot);
    if (entry === undefined) entries.set(slot, { key, value });
    else entry.value = value;
  }

  /** Removes `key`. Returns whether it was there. */
  delete(key: Value): boolean {
    return this.#all().delete(this.#slot(requireHash(key)));
  }

  /** Removes everything. */
  clear(): void {
    this.#lazy = undefined;
    this.#entries.clear();
  }

  /** The keys in order. */
  *keys(): IterableIterator<Value> {
    for (const entry of this.#all().values()) yield entry.key;
  }

  /** The values in order. */
  *values(): IterableIterator<Value> {
    for (const entry of this.#all().values()) yield entry.value;
  }

  /** The pairs in order. */
  *entries(): IterableIterator<[Value, Value]> {
    for (const entry of this.#all().values()) yield [entry.key, entry.value];
  }

  override isTrue(): boolean {
    return this.#all().size > 0;
  }

  override repr(state: ReprState): string {
    return state.guard(this, "{...}", () => {
      const parts: string[] = [];
      for (const { key, value } of this.#all().values())
        parts.push(`${reprOf(key, state)}: ${reprOf(value, state)}`);
      return `{${parts.join(", ")}}`;
    });
  }

  override attribute(name: string, runtime: Runtime): Value | undefined {
    return runtime.methodOf("dict", this, name);
  }

  override item(key: Value): Value | undefined {
    return this.get(key);
  }

  override get isSubscriptable(): boolean {
    return true;
  }

  override cursor(): Cursor {
    return this.guardedCursor(this.keys());
  }

  override reversed(): Cursor {
    return iteratorCursor([...this.keys()].toReversed());
  }

  /** Walks over `items`, and fails like Python when the dict changes its size meanwhile. */
  guardedCursor(items: Iterable<Value>): Cursor {
    const size = this.count;
    const cursor = iteratorCursor(items);
    return {
      next: () => {
        if (this.count !== size) {
          throw new TemplateRuntimeError("RuntimeError", "dictionary changed size during iteration");
        }
        return cursor.next();
      },
    };
  }

  override size(): number {
    return this.#all().size;
  }

  override equals(other: Value): boolean {
    if (!(other instanceof PyDict) || other.count !== this.count) return false;
    for (const [key, value] of this.entries()) {
      const theirs = other.get(key);
      if (theirs === undefined || !equal(value, theirs)) return false;
    }
    return true;
  }

  override hashKey(): unknown {
    return undefined;
  }

  #make(key: string, lazy: LazyMembers): Value | undefined {
    const value = lazy.get(key);
    if (value !== undefined) this.#entries.set(key, { key, value });
    return value;
  }

  /** The entries in order, with the values that were not asked for yet. */
  #all(): Map<unknown, Entry> {
    const lazy = this.#lazy;
    if (lazy === undefined) return this.#entries;
    this.#lazy = undefined;
    const made = this.#entries;
    this.#entries = new Map();
    for (const key of lazy.keys()) {
      const entry = made.get(key);
      if (entry === undefined) this.#make(key, lazy);
      else this.#entries.set(key, entry);
    }
    return this.#entries;
  }

  #slot(hash: unknown, add = false): unknown {
    if (!(hash instanceof TupleKey)) return hash;
    const known = this.#tupleKeys?.get(hash.text);
    if (known !== undefined) return known;
    if (add) (this.#tupleKeys ??= new Map()).set(hash.text, hash);
    return hash;
  }
}
