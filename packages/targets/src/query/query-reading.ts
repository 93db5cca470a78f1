import type { QueryChain } from "./query-node.ts";

/** Warns of words that other languages give a precedence and this one does not, and shows how they were read. */
export function warnOfMixedOperators(chain: QueryChain, warnings: string[]): void {
  const hasWord = chain.rest.some(({ text }) => /[a-z]/.test(text));
  const meets = chain.rest.some(({ operator }) => operator === "&" || operator === "!");
  const joins = chain.rest.some(({ operator }) => operator === "," || operator === "^");
  if (!hasWord || !meets || !joins) return;
  warnings.push(`Operators are read from left to right, so this is: ${readingOf(chain)}`);
}

/** The chain with parentheses wherever they were left out. */
function readingOf({ first, rest }: QueryChain): string {
  return rest.reduce(
    (reading, { text, operand }, index) =>
      `${index === 0 ? reading : `(${reading})`} ${text} ${operand.text}`,
    first.text,
  );
}
