import type { Cursor, Value } from "./value.ts";

/** Walks over an array; members added meanwhile are seen, as in Python. */
export function arrayCursor(items: readonly Value[]): Cursor {
  let index = 0;
  return { next: () => (index < items.length ? items[index++] : undefined) };
}

/** Walks over an array from its end. */
export function reverseArrayCursor(items: readonly Value[]): Cursor {
  let index = items.length;
  return { next: () => (index > 0 ? items[--index] : undefined) };
}

/** Walks over anything that JavaScript can iterate over. */
export function iteratorCursor(iterable: Iterable<Value>): Cursor {
  const iterator = iterable[Symbol.iterator]();
  return {
    next: () => {
      const step = iterator.next();
      return step.done === true ? undefined : step.value;
    },
  };
}

/** Applies `change` to each member. */
export function mapCursor(cursor: Cursor, change: (item: Value) => Value): Cursor {
  return {
    next: () => {
      const item = cursor.next();
      return item === undefined ? undefined : change(item);
    },
  };
}

/** Keeps the members for which `keep` holds. */
export function filterCursor(cursor: Cursor, keep: (item: Value) => boolean): Cursor {
  return {
    next: () => {
      for (let item = cursor.next(); item !== undefined; item = cursor.next()) {
        if (keep(item)) return item;
      }
      return undefined;
    },
  };
}

/** All remaining members. */
export function drain(cursor: Cursor): Value[] {
  const items: Value[] = [];
  for (let item = cursor.next(); item !== undefined; item = cursor.next()) items.push(item);
  return items;
}
