import type { FilterFunction } from "../runtime/functions.ts";
import { dateMethods, dateTimeMethods } from "./date-methods.ts";
import { dictMethods, dictViewMethods } from "./dict-methods.ts";
import { listMethods, rangeMethods, tupleMethods } from "./list-methods.ts";
import { markupMethods } from "./markup-methods.ts";
import { bytesMethods, floatMethods, integerMethods } from "./number-methods.ts";
import { stringMethods } from "./string-methods.ts";

/** Methods by name; the object is the first argument. */
export type MethodTable = ReadonlyMap<string, FilterFunction>;

/** The methods of the builtin types. */
export interface MethodTables {
  readonly str: MethodTable;
  readonly Markup: MethodTable;
  readonly list: MethodTable;
  readonly tuple: MethodTable;
  readonly dict: MethodTable;
  readonly dict_view: MethodTable;
  readonly int: MethodTable;
  readonly float: MethodTable;
  readonly bytes: MethodTable;
  readonly range: MethodTable;
  readonly date: MethodTable;
  readonly datetime: MethodTable;
}

/** All methods that templates can call. */
export const METHOD_TABLES: MethodTables = {
  str: stringMethods,
  Markup: markupMethods,
  list: listMethods,
  tuple: tupleMethods,
  dict: dictMethods,
  dict_view: dictViewMethods,
  int: integerMethods,
  float: floatMethods,
  bytes: bytesMethods,
  range: rangeMethods,
  date: dateMethods,
  datetime: dateTimeMethods,
};
