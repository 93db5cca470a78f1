import { SshError } from "./errors.ts";

/** A program and its arguments, one string each; nothing in them has a meaning to the remote shell. */
export interface ArgvCommand {
  readonly kind: "argv";
  /** The program, then its arguments. */
  readonly words: readonly [string, ...string[]];
}

/** Text that the remote login shell evaluates. */
export interface ShellCommand {
  readonly kind: "shell";
  /** Any number of lines of shell. */
  readonly text: string;
}

/** What to run on a host. */
export type Command = ArgvCommand | ShellCommand;

/**
 * A command as an argument vector: blanks, quotes, `$` and `;` arrive as they are.
 *
 * @throws SshError `BAD_OPTION` when a word holds a NUL character or the program is empty.
 */
export function argv(program: string, ...args: string[]): ArgvCommand {
  const words: [string, ...string[]] = [program, ...args];
  if (program === "") throw new SshError("BAD_OPTION", "The command has no program name");
  words.forEach(refuseNul);
  return { kind: "argv", words };
}

/**
 * A command as shell text, evaluated by the login shell of the remote user. Never build it from values that come
 * from elsewhere: put each through {@link quoteShell}, or use {@link argv}.
 *
 * @throws SshError `BAD_OPTION` when the text is empty or holds a NUL character.
 */
export function shellText(text: string): ShellCommand {
  if (text.trim() === "") throw new SshError("BAD_OPTION", "The command is empty");
  refuseNul(text);
  return { kind: "shell", text };
}

/**
 * A script of the POSIX shell, evaluated by the host's `/bin/sh` whatever login shell the user has. For text that comes
 * with a program; what people type is {@link shellText}.
 *
 * @throws SshError `BAD_OPTION` when the text is empty or holds a NUL character.
 */
export function posixScript(text: string): ArgvCommand {
  return argv(...POSIX_SHELL, shellText(text).text);
}

/** The text of a command that {@link posixScript} has made, or that is the same. */
export function posixScriptText({ words }: ArgvCommand): string | undefined {
  const [program, option, text, ...rest] = words;
  const isScript = program === POSIX_SHELL[0] && option === POSIX_SHELL[1] && rest.length === 0;
  return isScript ? text : undefined;
}

const POSIX_SHELL = ["/bin/sh", "-c"] as const;

/** One word for a POSIX shell: whatever is in it, the shell reads it back as exactly this string. */
export function quoteShell(word: string): string {
  refuseNul(word);
  if (/^[A-Za-z0-9_./:,@%+=-]+$/.test(word) && !/^[^/]*=/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The command as a person would type it at the remote shell. */
export function describeCommand(command: Command): string {
  return command.kind === "argv" ? command.words.map(quoteShell).join(" ") : command.text;
}

function refuseNul(word: string): void {
  if (word.includes("\0")) throw new SshError("BAD_OPTION", "A command cannot hold a NUL character");
}
