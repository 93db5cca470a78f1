import { UndefinedError } from "../errors.ts";
import { PyObject } from "./object.ts";
import { reprOf } from "./repr.ts";
import { describeObject } from "./type-name.ts";
import type { Cursor, Value } from "./value.ts";

/**
 * What undefined values may be used for.
 *
 * - `default`: printed as nothing, iterated over as empty; everything else fails.
 * - `chainable`: like `default`, and members of an undefined value are undefined too.
 * - `strict`: may only be asked whether it is defined.
 * - `debug`: like `default`, but prints `{{ name }}`.
 * - `testable` (not in Jinja2): printing, iterating and operations fail, while `if x`, `x or y`, `x == y`
 *   and `x is defined` work.
 */
export type UndefinedKind = "default" | "chainable" | "strict" | "debug" | "testable";

/** Where an undefined value comes from; used for messages only. */
export interface UndefinedOrigin {
  /** The whole message. */
  readonly hint?: string;
  /** The object that lacks the member. */
  readonly object?: Value;
  /** Name of the variable or member. */
  readonly name?: Value;
}

/** A variable, member or result that does not exist. */
export class PyUndefined extends PyObject {
  /** What it may be used for. */
  readonly kind: UndefinedKind;
  /** Where it comes from. */
  readonly origin: UndefinedOrigin;

  constructor(kind: UndefinedKind, origin: UndefinedOrigin) {
    super();
    this.kind = kind;
    this.origin = origin;
  }

  get typeName(): string {
    const names = { default: "Undefined", chainable: "ChainableUndefined", debug: "DebugUndefined" };
    return this.kind === "strict" || this.kind === "testable" ? "StrictUndefined" : names[this.kind];
  }

  override get moduleName(): string {
    return "jinja2.runtime";
  }

  /** The message that {@link fail} gives, such as `'port' is undefined`. */
  get message(): string {
    const { hint, object, name = null } = this.origin;
    if (hint !== undefined) return hint;
    if (object === undefined) return `${reprOf(name)} is undefined`;
    if (typeof name !== "string") return `${describeObject(object)} has no element ${reprOf(name)}`;
    return `'${describeObject(object)}' has no attribute ${reprOf(name)}`;
  }

  /** @throws UndefinedError always. */
  fail(): never {
    throw new UndefinedError(this.message);
  }

  override isTrue(): boolean {
    return this.kind === "strict" ? this.fail() : false;
  }

  override repr(): string {
    return "Undefined";
  }

  override text(): string {
    this.#refuseUse();
    return this.kind === "debug" ? this.#debugText() : "";
  }

  override attribute(name: string): Value | undefined {
    if (name.startsWith("__")) return undefined;
    return this.kind === "chainable" ? this : this.fail();
  }

  override item(): Value {
    return this.kind === "chainable" ? this : this.fail();
  }

  override get isSubscriptable(): boolean {
    return true;
  }

  override cursor(): Cursor {
    this.#refuseUse();
    return { next: () => undefined };
  }

  override size(): number {
    this.#refuseUse();
    return 0;
  }

  override get isCallable(): boolean {
    return true;
  }

  override call(): Value {
    return this.fail();
  }

  override equals(other: Value): boolean {
    if (this.kind === "strict") this.fail();
    return other instanceof PyUndefined && other.kind === this.kind;
  }

  override hashKey(): unknown {
    return this.kind === "strict" ? this.fail() : PyUndefined;
  }

  #refuseUse(): void {
    if (this.kind === "strict" || this.kind === "testable") this.fail();
  }

  #debugText(): string {
    const { hint, object, name = null } = this.origin;
    if (hint !== undefined) return `{{ undefined value printed: ${hint} }}`;
    if (object === undefined) return `{{ ${typeof name === "string" ? name : reprOf(name)} }}`;
    return `{{ no such element: ${describeObject(object)}[${reprOf(name)}] }}`;
  }
}

/** Fails if either side of an operation is undefined. */
export function refuseUndefined(left: Value, right: Value): void {
  if (left instanceof PyUndefined) left.fail();
  if (right instanceof PyUndefined) right.fail();
}
