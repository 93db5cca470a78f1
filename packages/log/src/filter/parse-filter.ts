import type { LooseRecord } from "../record.ts";
import { OPERATORS, type Criterion, type Operator, textCriterion } from "./criterion.ts";
import { FilterError } from "./filter-error.ts";
import { type Filter, filterOf } from "./filter.ts";
import { RegexError } from "./python-regex.ts";
import { type FilterWord, splitWords } from "./split-words.ts";

/**
 * Reads a filter expression, `attribute operator value ...`, and gives the test for records.
 *
 * @throws FilterError with the expression and a caret below the place
 */
export function parseFilter(expression: string): (record: LooseRecord) => boolean {
  return parseFilterExpression(expression).matches;
}

/**
 * Like `parseFilter`, but gives the whole filter, in `select` mode.
 *
 * @throws FilterError with the expression and a caret below the place
 */
export function parseFilterExpression(expression: string): Filter {
  const words = splitWords(expression);
  const criteria: Criterion[] = [];
  for (let at = 0; at < words.length; at += 3) {
    criteria.push(readCriterion(expression, words[at] as FilterWord, words[at + 1], words[at + 2]));
  }
  return filterOf(criteria, { mode: "select" });
}

function readCriterion(
  expression: string,
  name: FilterWord,
  sign?: FilterWord,
  value?: FilterWord,
): Criterion {
  if (!sign) throw missingOperator(expression, name);
  const operator = OPERATORS.find((known) => known === sign.text);
  if (!operator) throw unknownOperator(expression, name, sign);
  if (!value) {
    const at = sign.at + sign.length;
    throw new FilterError(`no value after '${name.text} ${sign.text}'`, {
      expression,
      at,
      hint: "Add a value; '' is the empty one.",
    });
  }
  return compile(expression, name, operator, value);
}

function compile(expression: string, name: FilterWord, operator: Operator, value: FilterWord): Criterion {
  try {
    return textCriterion(name.text, operator, value.text);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    const { at, length } = value;
    throw new FilterError(`bad regular expression '${value.text}': ${error.message}`, {
      expression,
      at,
      length,
    });
  }
}

function missingOperator(expression: string, { text, at, length }: FilterWord): FilterError {
  const glued = /^([^=!~<>]+)([=!~<>]+)(.*)$/s.exec(text);
  const spaced = glued ? glued.slice(1).join(" ").trim() : `${text} == value`;
  return new FilterError(`no operator after '${text}'`, {
    expression,
    at,
    length,
    hint: `Put blanks around the operator: ${spaced}`,
  });
}

function unknownOperator(expression: string, name: FilterWord, sign: FilterWord): FilterError {
  const joins = /^(?:and|or|not|&&|\|\|)$/i.test(name.text);
  return new FilterError(`unknown operator '${sign.text}'`, {
    expression,
    at: sign.at,
    length: sign.length,
    hint: joins
      ? `Criteria follow each other without '${name.text}'; all of them must hold.`
      : `Use one of ${OPERATORS.join(" ")}, with blanks around it.`,
  });
}
