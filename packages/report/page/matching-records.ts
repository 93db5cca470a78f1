import { FilterError, LEVELS, parseFilterExpression } from "@scap/log";
import type { PlainRecord } from "../src/plain-record.ts";

/** The records that a filter lets through, or what is wrong with the filter. */
export interface MatchingRecords {
  /** Numbers of records, rising. With a mistake in the filter: as if there were none. */
  readonly matching: Int32Array;
  readonly error: string | undefined;
}

/** Filters as `deploy-log` does: from INFO on, unless the filter says something about the level. */
export function matchingRecords(
  records: readonly PlainRecord[],
  expression: string,
  withDebug: boolean,
): MatchingRecords {
  try {
    const { hasCriterion, matches } = parseFilterExpression(expression);
    const least = withDebug || hasCriterion("levelno") ? Number.NEGATIVE_INFINITY : LEVELS.INFO;
    return {
      error: undefined,
      matching: numbersOf(records, (each) => each.levelno >= least && matches(each)),
    };
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return { error: error.message, matching: matchingRecords(records, "", withDebug).matching };
  }
}

function numbersOf(records: readonly PlainRecord[], test: (record: PlainRecord) => boolean): Int32Array {
  const numbers: number[] = [];
  records.forEach((record, number) => {
    if (test(record)) numbers.push(number);
  });
  return Int32Array.from(numbers);
}
