import { quoteShell } from "./command.ts";

/**
 * A script of the POSIX shell as text that any login shell runs. A shell that is like sh evaluates it itself, so that
 * commands find the shell that their user has; fish, which would refuse all of the text and still end with 0, and csh
 * hand it to `/bin/sh` in their place. Other shells fail before anything is run.
 */
export function forAnyShell(script: string): string {
  const forSh = [CHOOSE, `$${EVALUATE} ${quoteForAll(script)}`];
  const forCsh = `${IS_CSH} && exec /bin/sh -c ${quoteForCsh(script)}`;
  const isTooLong = forCsh.length + forSh.join("").length > LONGEST_FOR_CSH;
  return [...(isTooLong ? [] : [forCsh]), TOO_LONG_FOR_CSH, ...forSh].join("\n");
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

/** To csh alone a backslash before `!` has a meaning in single quotes. */
const IS_CSH = String.raw`test 'a\!' = a\!`;

/** The script is in the text twice, and Linux passes at most 128 KiB in one argument. */
const LONGEST_FOR_CSH = 100_000;

/** A csh that could not read the line before would go on, and run the lines of the script one by one. */
const TOO_LONG_FOR_CSH = `${IS_CSH} && exec /bin/sh -c 'echo "The command is too long for csh" >&2; exit 126'`;

/** To fish, a backslash has a meaning in single quotes, too; outside of quotes all shells agree about it. */
function quoteForAll(script: string): string {
  return script
    .split(/(\\+)/)
    .map((part) => (part.startsWith("\\") ? part.replaceAll("\\", "\\\\") : quoteShell(part)))
    .join("");
}

/** In csh a line ends a quote and `!` recalls history, unless there is a backslash before. */
function quoteForCsh(script: string): string {
  return quoteForAll(script).replaceAll(/[!\n]/g, String.raw`\$&`);
}
