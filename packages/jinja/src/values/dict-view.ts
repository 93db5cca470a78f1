import type { Runtime } from "../runtime/runtime.ts";
import type { PyDict } from "./dict.ts";
import { drain, reverseArrayCursor } from "./cursors.ts";
import { equal } from "./equality.ts";
import { PyObject } from "./object.ts";
import { reprMembers, type ReprState } from "./repr.ts";
import { PyTuple } from "./tuple.ts";
import type { Cursor, Value } from "./value.ts";

/** What a view of a dict shows. */
export type DictViewKind = "keys" | "values" | "items";

/** `d.keys()`, `d.values()` and `d.items()`: follows the changes of the dict. */
export class DictView extends PyObject {
  readonly kind: DictViewKind;
  readonly dict: PyDict;

  constructor(kind: DictViewKind, dict: PyDict) {
    super();
    this.kind = kind;
    this.dict = dict;
  }

  get typeName(): string {
    return `dict_${this.kind}`;
  }

  override isTrue(): boolean {
    return this.dict.count > 0;
  }

  override repr(state: ReprState): string {
    return state.guard(
      this.dict,
      "...",
      () => `${this.typeName}([${reprMembers([...this.#members()], state)}])`,
    );
  }

  override attribute(name: string, runtime: Runtime): Value | undefined {
    return name === "mapping" ? this.dict : runtime.methodOf("dict_view", this, name);
  }

  override cursor(): Cursor {
    return this.dict.guardedCursor(this.#members());
  }

  override reversed(): Cursor {
    return reverseArrayCursor([...this.#members()]);
  }

  override size(): number {
    return this.dict.count;
  }

  override equals(other: Value): boolean {
    if (this.kind === "values" || !(other instanceof DictView) || other.kind === "values") return false;
    const theirs = drain(other.cursor());
    const mine = [...this.#members()];
    return mine.length === theirs.length && mine.every((item) => theirs.some((their) => equal(item, their)));
  }

  override hashKey(): unknown {
    return this.kind === "values" ? this : undefined;
  }

  *#members(): IterableIterator<Value> {
    if (this.kind === "keys") yield* this.dict.keys();
    else if (this.kind === "values") yield* this.dict.values();
    else for (const [key, value] of this.dict.entries()) yield new PyTuple([key, value]);
  }
}
