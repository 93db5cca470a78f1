/** The entries of a mapping, be it a `Map` or a plain object; undefined for other values and without undefined members. */
export function mappingEntries(value: unknown): [unknown, unknown][] | undefined {
  if (value instanceof Map) return [...value];
  if (typeof value !== "object" || value === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isRecord = prototype === Object.prototype || prototype === null;
  return isRecord ? Object.entries(value).filter(([, member]) => member !== undefined) : undefined;
}
