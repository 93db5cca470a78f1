import { TargetsError } from "./errors.ts";
import { readTerm } from "./host-set-term.ts";
import {
  EMPTY_HOST_SET,
  intersectHostSets,
  setOf,
  subtractHostSets,
  uniteHostSets,
  xorHostSets,
  type HostSet,
} from "./host-set.ts";
import { TextCursor } from "./text-cursor.ts";

/** What may stand between two names, without precedence. */
export type SetOperator = "," | "!" | "&" | "^";

/**
 * Reads the notation of ClusterShell: names with brackets, joined by `,` (union), `!` (difference), `&`
 * (intersection) and `^` (in one of the two), strictly from left to right. A text of blanks is the empty set.
 *
 * @throws {TargetsError} `HOST_SET_SYNTAX`, with the column
 */
export function parseHostSet(text: string, options: { source?: string | undefined } = {}): HostSet {
  const cursor = new TextCursor(text, { code: "HOST_SET_SYNTAX", source: options.source });
  cursor.skipBlanks();
  if (cursor.peek() === "") return EMPTY_HOST_SET;
  let left = EMPTY_HOST_SET;
  // Names joined by commas are gathered and united at once, which is what makes long lists quick.
  let gathered: HostSet[] = [];
  for (let operator: SetOperator | undefined = ","; operator !== undefined; operator = readOperator(cursor)) {
    cursor.skipBlanks();
    const right = setOf([readTerm(cursor)]);
    if (operator === ",") {
      gathered.push(right);
    } else {
      left = applyOperator(operator, uniteHostSets([left, ...gathered]), right);
      gathered = [];
    }
  }
  return uniteHostSets([left, ...gathered]);
}

/** The outcome of one operation. */
export function applyOperator(operator: SetOperator, left: HostSet, right: HostSet): HostSet {
  switch (operator) {
    case ",":
      return uniteHostSets([left, right]);
    case "!":
      return subtractHostSets(left, right);
    case "&":
      return intersectHostSets(left, right);
    case "^":
      return xorHostSets(left, right);
  }
}

/** True for a text that {@link parseHostSet} can read. */
export function isHostSet(text: string): boolean {
  try {
    parseHostSet(text);
    return true;
  } catch (error) {
    if (error instanceof TargetsError) return false;
    throw error;
  }
}

function readOperator(cursor: TextCursor): SetOperator | undefined {
  const hadBlank = cursor.skipBlanks();
  const found = cursor.peek();
  if (found === "") return undefined;
  if (found === "," || found === "!" || found === "&" || found === "^") {
    cursor.take(found);
    return found;
  }
  if (found === "]") throw cursor.error("There is no bracket to close");
  throw cursor.error(
    hadBlank
      ? "Names are parted by a comma, not by a blank"
      : `A host name cannot contain ${JSON.stringify(found)}`,
  );
}
