import type { LooseRecord } from "../record.ts";
import { attributeOf } from "./attribute.ts";
import { type Criterion, searchableText } from "./criterion.ts";
import { globTest } from "./glob.ts";

/** A test from code: a glob anchored at the end, a regular expression that is searched, or a function of the value. */
export type FilterTest = string | RegExp | ((value: unknown) => boolean);

/** Criteria from code, by attribute or as a list (an attribute may occur more than once). */
export type FilterCriteria =
  | Readonly<Record<string, FilterTest>>
  | readonly (readonly [string, FilterTest])[];

/** What a filter does with the records that match all of its criteria. */
export interface FilterOptions {
  /** `block` keeps the matching records back, `select` lets only them through. @defaultValue "block" */
  readonly mode?: "block" | "select";
}

/** A list of criteria, joined by "and". Without criteria it matches everything. */
export interface Filter {
  /** Whether the record meets all criteria, whatever the mode. */
  readonly matches: (record: LooseRecord) => boolean;
  /** Whether the record gets through, by the mode. */
  readonly passes: (record: LooseRecord) => boolean;
  /** Whether there is a criterion on this attribute. */
  readonly hasCriterion: (attribute: string) => boolean;
  /** A filter with more criteria and the same mode. */
  readonly with: (criteria: FilterCriteria) => Filter;
  /** The criteria, in order. */
  readonly criteria: readonly Criterion[];
}

/** Makes a filter from code. */
export function createFilter(criteria: FilterCriteria, options: FilterOptions = {}): Filter {
  return filterOf(fromCode(criteria), options);
}

/** Makes a filter from finished criteria. */
export function filterOf(criteria: readonly Criterion[], options: FilterOptions = {}): Filter {
  const { mode = "block" } = options;
  const matches = (record: LooseRecord): boolean => criteria.every((criterion) => meets(record, criterion));
  return {
    matches,
    passes: mode === "block" ? (record): boolean => !matches(record) : matches,
    hasCriterion: (attribute) => criteria.some((criterion) => criterion.attribute === attribute),
    with: (more) => filterOf([...criteria, ...fromCode(more)], options),
    criteria,
  };
}

function meets(record: LooseRecord, { attribute, test }: Criterion): boolean {
  const value = attributeOf(record, attribute);
  return value !== undefined && test(value);
}

function fromCode(criteria: FilterCriteria): Criterion[] {
  const pairs: readonly (readonly [string, FilterTest])[] = isPairs(criteria)
    ? criteria
    : Object.entries(criteria);
  return pairs.map(([attribute, test]) => ({ attribute, test: valueTest(test), literals: [] }));
}

function isPairs(criteria: FilterCriteria): criteria is readonly (readonly [string, FilterTest])[] {
  return Array.isArray(criteria);
}

function valueTest(test: FilterTest): (value: unknown) => boolean {
  if (typeof test === "function") return test;
  const onText =
    typeof test === "string" ? globTest(test) : (text: string): boolean => text.search(test) >= 0;
  return (value) => {
    const text = searchableText(value);
    return text !== undefined && onText(text);
  };
}
