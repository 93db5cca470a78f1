import { quoteShell } from "./command.ts";

/**
 * A script of the POSIX shell as text that any login shell runs. A shell that is like sh evaluates it itself, so that
 * commands find the shell that their user has; fish, which would refuse all of the text and still end with 0, hands
 * it to `/bin/sh` in its place. Other shells fail before anything is run.
 */
export function forAnyShell(script: string): string {
  return `${CHOOSE}\n$${EVALUATE} ${quoteForAll(script)}`;
}

/** Name of a variable, and of a function of fish. */
const EVALUATE = "ssh_job_eval";

// POSIX has every shell set PPID. What only one of the two can read is in quotes.
const CHOOSE = [
  `test -n "$PPID" && eval '${EVALUATE}=eval'`,
  `eval 'function ${EVALUATE}; exec /bin/sh -c $argv[1]; end; set ${EVALUATE} ${EVALUATE}'`,
].join(" || ");

/** To fish, a backslash has a meaning in single quotes, too; outside of quotes all shells agree about it. */
function quoteForAll(script: string): string {
  return script
    .split(/(\\+)/)
    .map((part) => (part.startsWith("\\") ? part.replaceAll("\\", "\\\\") : quoteShell(part)))
    .join("");
}
