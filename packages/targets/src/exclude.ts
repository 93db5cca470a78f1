import { TargetsError } from "./errors.ts";
import { compilePythonPattern, reasonOf } from "./python-pattern.ts";

/**
 * Reads the value of `--exclude-hosts`: a regular expression that matches at the start of a name, so that `db1`
 * also means db10.
 *
 * @throws {TargetsError} `EXCLUDE_INVALID`, also for an empty expression, which would match every host
 */
export function parseExclude(expression: string): (host: string) => boolean {
  if (expression === "") {
    throw new TargetsError("An empty expression would exclude every host", {
      code: "EXCLUDE_INVALID",
      hint: "Name hosts with a regular expression, such as db1$.",
    });
  }
  try {
    const pattern = compilePythonPattern(expression);
    return (host) => pattern.test(host);
  } catch (cause) {
    throw new TargetsError(`The exclude ${JSON.stringify(expression)} is no regular expression`, {
      code: "EXCLUDE_INVALID",
      hint: reasonOf(cause),
      cause,
    });
  }
}
