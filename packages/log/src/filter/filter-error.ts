import { LogError } from "../errors.ts";

/** Where in a filter expression the trouble is. */
export interface FilterErrorPlace {
  /** The whole expression. */
  readonly expression: string;
  /** First character of the trouble, counted from 0. */
  readonly at: number;
  /** Length of the part to underline, in characters. @defaultValue 1 */
  readonly length?: number;
  /** What the writer can do. */
  readonly hint?: string;
}

/** A filter expression is wrong. The message shows the expression with a caret below the place. */
export class FilterError extends LogError {
  /** The expression as given. */
  readonly expression: string;
  /** Where the trouble is, counted in characters from 0. */
  readonly at: number;

  /** @param problem - one sentence without the expression */
  constructor(problem: string, place: FilterErrorPlace) {
    super(`Invalid filter: ${problem}\n${withCaret(place)}`, {
      code: "FILTER_SYNTAX",
      ...(place.hint !== undefined && { hint: place.hint }),
    });
    this.expression = place.expression;
    this.at = place.at;
  }
}

// Every character below takes one column, so that the caret stands where it should.
function withCaret({ expression, at, length = 1 }: FilterErrorPlace): string {
  const flat = expression.replace(/[\u0000-\u001f\u007f-\u009f]/g, " ");
  return `  ${flat}\n  ${" ".repeat(at)}${"^".repeat(Math.max(1, length))}`;
}
