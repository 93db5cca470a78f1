import { compilePythonRegex } from "@scap/log";

/**
 * Compiles a regular expression that was written for Python, to be tested at the start of a text.
 *
 * @throws {RegexError} when the expression is invalid, or means something that JavaScript cannot say
 */
export function compilePythonPattern(source: string): RegExp {
  const { flags, source: anywhere } = compilePythonRegex(source);
  return new RegExp(`^(?:${anywhere})`, flags);
}

/** Why an expression was refused, as a sentence. */
export function reasonOf(cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}
