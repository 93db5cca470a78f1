import { UnprintableError } from "../errors.ts";
import type { Budget } from "../limits.ts";
import { drain } from "./cursors.ts";
import { PyDict } from "./dict.ts";
import { DictView } from "./dict-view.ts";
import { cursorOf } from "./iteration.ts";
import { PyObject } from "./object.ts";
import type { OrderOperator } from "./ordering.ts";
import { reprMembers, type ReprState } from "./repr.ts";
import type { Cursor, Value } from "./value.ts";

/** Python's `set`, which templates get by the difference of dict views, such as `a.keys() - b.keys()`. */
export class PySet extends PyObject {
  readonly typeName = "set";
  readonly members: PyDict = new PyDict();

  constructor(members: Iterable<Value>) {
    super();
    for (const member of members) this.members.set(member, null);
  }

  override isTrue(): boolean {
    return this.members.count > 0;
  }

  /** @throws UnprintableError for several members, which Python prints in an order that is another one each time. */
  override repr(state: ReprState): string {
    if (this.members.count > 1) throw new UnprintableError("set");
    return this.members.count === 0 ? "set()" : `{${reprMembers([...this.members.keys()], state)}}`;
  }

  override cursor(): Cursor | undefined {
    return this.members.cursor();
  }

  override size(): number {
    return this.members.count;
  }

  override equals(other: Value): boolean {
    const theirs = other instanceof PySet ? other : asSet(other);
    return theirs !== undefined && theirs.members.count === this.members.count && isWithin(this, theirs);
  }

  override hashKey(): unknown {
    return undefined;
  }
}

/** Python's `left - right` where one of them is a set or a view of keys or items; `undefined` for other types. */
export function setDifference(left: Value, right: Value, budget: Budget): PySet | undefined {
  const areViews = isSetView(left) || isSetView(right);
  const areSets = asSet(left) !== undefined && asSet(right) !== undefined;
  if (!areViews && !areSets) return undefined;
  const removed = new PySet(drain(cursorOf(right)));
  const kept = drain(cursorOf(left));
  budget.allocateItems(kept.length + removed.members.count);
  return new PySet(kept.filter((member) => !removed.members.has(member)));
}

/** Python's order of sets and of views: whether one is within the other; `undefined` for other types. */
export function setsInOrder(left: Value, operator: OrderOperator, right: Value): boolean | undefined {
  const [a, b] = [asSet(left), asSet(right)];
  if (a === undefined || b === undefined) return undefined;
  const [inner, outer] = operator.startsWith("<") ? [a, b] : [b, a];
  const mayBeEqual = operator.endsWith("=");
  return isWithin(inner, outer) && (mayBeEqual || inner.members.count < outer.members.count);
}

function isWithin(inner: PySet, outer: PySet): boolean {
  return [...inner.members.keys()].every((member) => outer.members.has(member));
}

function isSetView(value: Value): value is DictView {
  return value instanceof DictView && value.kind !== "values";
}

function asSet(value: Value): PySet | undefined {
  if (value instanceof PySet) return value;
  return isSetView(value) ? new PySet(drain(value.cursor())) : undefined;
}
