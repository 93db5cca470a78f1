import { typeError } from "../errors.ts";
import { PyFunction } from "../values/callable.ts";
import { arrayCursor, drain } from "../values/cursors.ts";
import { equal } from "../values/equality.ts";
import { cursorOf, trySize } from "../values/iteration.ts";
import { PyObject } from "../values/object.ts";
import { PyTuple } from "../values/tuple.ts";
import { valueOr, type Cursor, type Kwargs, type Value } from "../values/value.ts";
import type { Runtime } from "./runtime.ts";

/** Renders the body of a recursive loop for other members. */
export type Recurse = (members: Value, depth: number) => Value;

/** The variable `loop`. */
export class LoopContext extends PyObject implements Cursor {
  readonly typeName = "LoopContext";
  readonly #members: Value;
  readonly #runtime: Runtime;
  readonly #recurse: Recurse | undefined;
  readonly #depth: number;
  #cursor: Cursor;
  #index = -1;
  #length: number | undefined;
  #previous: Value | undefined;
  #current: Value | undefined;
  #following: { readonly item: Value | undefined } | undefined;
  #lastChanged: PyTuple | undefined;

  constructor(members: Value, runtime: Runtime, recurse?: Recurse, depth = 0) {
    super();
    this.#members = members;
    this.#cursor = cursorOf(members);
    this.#runtime = runtime;
    this.#recurse = recurse;
    this.#depth = depth;
  }

  override get moduleName(): string {
    return "jinja2.runtime";
  }

  /** Goes to the next member. */
  next(): Value | undefined {
    const item = this.#following === undefined ? this.#cursor.next() : this.#following.item;
    this.#following = undefined;
    if (item === undefined) return undefined;
    this.#index++;
    this.#previous = this.#current;
    this.#current = item;
    return item;
  }

  // Walking over `loop` itself takes members away from the loop.
  override cursor(): Cursor {
    return {
      next: () => {
        const item = this.next();
        return item === undefined ? undefined : new PyTuple([item, this]);
      },
    };
  }

  override repr(): string {
    return `<LoopContext ${this.#index + 1}/${this.#count()}>`;
  }

  override isTrue(): boolean {
    return this.#count() > 0;
  }

  override size(): number {
    return this.#count();
  }

  override get isCallable(): boolean {
    return true;
  }

  override call(args: readonly Value[], kwargs: Kwargs): Value {
    const members = args.length > 0 ? args[0] : kwargs.get("iterable");
    if (members === undefined || args.length + kwargs.size !== 1)
      throw typeError("loop() takes exactly one argument");
    if (this.#recurse === undefined) {
      throw typeError("The loop must have the 'recursive' marker to be called recursively.");
    }
    return this.#recurse(members, this.#depth + 1);
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case "index":
        return this.#index + 1;
      case "index0":
        return this.#index;
      case "revindex":
        return this.#count() - this.#index;
      case "revindex0":
        return this.#count() - this.#index - 1;
      case "first":
        return this.#index === 0;
      case "last":
        return this.#peek() === undefined;
      case "length":
        return this.#count();
      case "depth":
        return this.#depth + 1;
      case "depth0":
        return this.#depth;
      case "previtem":
        return valueOr(this.#previous, () =>
          this.#runtime.undefinedValue({ hint: "there is no previous item" }),
        );
      case "nextitem":
        return valueOr(this.#peek(), () => this.#runtime.undefinedValue({ hint: "there is no next item" }));
      case "cycle":
        return new PyFunction("cycle", (args) => this.#cycle(args), "method");
      case "changed":
        return new PyFunction("changed", (args) => this.#changed(args), "method");
      default:
        return undefined;
    }
  }

  #count(): number {
    if (this.#length !== undefined) return this.#length;
    this.#length = trySize(this.#members);
    if (this.#length === undefined) {
      const rest = drain(this.#runtime.charged(this.#cursor));
      this.#cursor = arrayCursor(rest);
      const peeked = this.#following?.item === undefined ? 0 : 1;
      this.#length = rest.length + this.#index + 1 + peeked;
    }
    return this.#length;
  }

  #peek(): Value | undefined {
    this.#following ??= { item: this.#cursor.next() };
    return this.#following.item;
  }

  #cycle(args: readonly Value[]): Value {
    const item = args[this.#index % args.length];
    if (item === undefined) throw typeError("no items for cycling given");
    return item;
  }

  #changed(args: readonly Value[]): boolean {
    const value = new PyTuple(args);
    if (this.#lastChanged !== undefined && equal(this.#lastChanged, value)) return false;
    this.#lastChanged = value;
    return true;
  }
}
