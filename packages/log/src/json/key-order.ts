// JavaScript moves keys that look like array indexes to the front of an object; Python keeps file order.
const ORDER = Symbol("key order");

/** Remembers the order in which the keys of an object stood in the file. */
export function rememberKeyOrder(object: object, keys: readonly string[]): void {
  Object.defineProperty(object, ORDER, { value: keys, enumerable: false });
}

/** The members of an object in file order where it is known, else in JavaScript's order. */
export function orderedEntries(object: object): [string, unknown][] {
  const order = (object as { [ORDER]?: readonly string[] })[ORDER];
  const entries = Object.entries(object);
  if (order?.length !== entries.length) return entries;
  const values = new Map(entries);
  return order.map((key) => [key, values.get(key)]);
}
