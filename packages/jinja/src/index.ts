export { Environment, type EnvironmentOptions, type TemplateLoader } from "./environment.ts";
export {
  JinjaError,
  TemplateLimitError,
  TemplateNotFoundError,
  TemplateRuntimeError,
  TemplateSyntaxError,
  UndefinedError,
  UnprintableError,
  type JinjaErrorCode,
  type JinjaErrorOptions,
  type TemplateLocation,
} from "./errors.ts";
export type { Limits } from "./limits.ts";
export type { TemplateExtension } from "./syntax/parser.ts";
export type { SyntaxOptions } from "./syntax/settings.ts";
export { Template, type TemplateVariables } from "./template.ts";
export { PyBytes } from "./values/bytes.ts";
export { PyDate, PyDateTime, type DateTimeParts } from "./values/dates.ts";
export { PyDict, type LazyMembers } from "./values/dict.ts";
export { PyFloat } from "./values/float.ts";
export { toValue, type TemplateFunction } from "./values/from-javascript.ts";
export { Markup } from "./values/markup.ts";
export { PyObject } from "./values/object.ts";
export { reprOf, textOf } from "./values/repr.ts";
export { PyTuple } from "./values/tuple.ts";
export { PyUndefined, type UndefinedKind, type UndefinedOrigin } from "./values/undefined.ts";
export type { Cursor, Kwargs, Value } from "./values/value.ts";
