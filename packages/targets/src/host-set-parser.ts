import { TargetsError } from "./errors.ts";
import { readTerm } from "./host-set-term.ts";
import {
  combineHostSets,
  EMPTY_HOST_SET,
  setOf,
  type HostSet,
  type SetOperator,
  type SetStep,
} from "./host-set.ts";
import { TextCursor } from "./text-cursor.ts";

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
  const first = setOf([readTerm(cursor)]);
  const steps: SetStep[] = [];
  for (let operator = readOperator(cursor); operator !== undefined; operator = readOperator(cursor)) {
    cursor.skipBlanks();
    steps.push({ operator, right: setOf([readTerm(cursor)]) });
  }
  return combineHostSets(first, steps);
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
