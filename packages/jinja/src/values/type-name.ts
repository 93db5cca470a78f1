import type { Value } from "./value.ts";

/** Python's name of the value's type. */
export function typeNameOf(value: Value): string {
  switch (typeof value) {
    case "string":
      return "str";
    case "number":
    case "bigint":
      return "int";
    case "boolean":
      return "bool";
    default:
  }
  if (value === null) return "NoneType";
  return Array.isArray(value) ? "list" : value.typeName;
}

/** How a message on a missing attribute names the object: `None`, `dict object`, `jinja2.utils.Namespace object`. */
export function describeObject(value: Value): string {
  if (value === null) return "None";
  const module = typeof value === "object" && !Array.isArray(value) ? value.moduleName : undefined;
  const name = typeNameOf(value);
  return module === undefined ? `${name} object` : `${module}.${name} object`;
}
