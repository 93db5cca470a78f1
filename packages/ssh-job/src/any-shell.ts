import { quoteShell } from "./command.ts";

/**
 * A script of the POSIX shell as text that any login shell runs. A shell that is like sh evaluates it itself, so that
 * commands find the shell that their user has; fish, which would refuse all of the text and still end with 0, hands
 * it to `/bin/sh` in its place. Other shells fail before anything is run.
 */
export function forAnyShell(script: string): string {
  return `${CHOOSE}\n$${EVALUATE} ${quoteForAll(script)}`;
}

/**
 * A script of the POSIX shell as the last line of another script: a login shell that is the POSIX shell goes on with it
 * itself, since to start a shell costs a host almost as much as all that a small script does. Elsewhere `/bin/sh` takes
 * over, so that neither the manners of that shell nor the functions that its user has defined matter.
 */
export function inPosixShell(script: string): string {
  return [
    `${SCRIPT}=${quoteShell(script)}`,
    `case $0 in sh | /bin/sh) set --; eval "$${SCRIPT}" ;; *) exec /bin/sh -c "$${SCRIPT}" ;; esac`,
  ].join("\n");
}

const SCRIPT = "ssh_job_script";

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
