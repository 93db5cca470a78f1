import type { FilterFunction } from "../runtime/functions.ts";
import { mappingFilters } from "./mapping-filters.ts";
import { numberFilters } from "./number-filters.ts";
import { orderingFilters } from "./ordering-filters.ts";
import { sequenceFilters } from "./sequence-filters.ts";
import { textFilters } from "./text-filters.ts";
import { valueFilters } from "./value-filters.ts";
import { webFilters } from "./web-filters.ts";

/** All filters of Jinja2 3.1. */
export const BUILTIN_FILTERS: ReadonlyMap<string, FilterFunction> = new Map([
  ...mappingFilters,
  ...numberFilters,
  ...orderingFilters,
  ...sequenceFilters,
  ...textFilters,
  ...valueFilters,
  ...webFilters,
]);
