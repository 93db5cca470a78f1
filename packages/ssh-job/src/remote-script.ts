import { randomBytes } from "node:crypto";
import { inPosixShell } from "./any-shell.ts";
import { type Command, posixScriptText, quoteShell } from "./command.ts";
import { SshError } from "./errors.ts";
import { GRACE_STEPS, lifeline, sharedLifeline, type Place } from "./lifeline.ts";
import type { ExecOptions, RemoteSignal } from "./transport.ts";

/** A command in the form that sshd hands to the login shell, and how it can be ended. */
export interface RemoteScript {
  readonly text: string;
  /** The same for a command that the connection's watcher looks after; missing where that is not possible. */
  readonly watchedText: ((place: Place) => string) | undefined;
  /**
   * Starts a line of standard error, before the process group's id. Missing when the channel's input is the
   * lifeline, which needs no id.
   */
  readonly pidMark: string | undefined;
  /** The script that signals the process group with this id. */
  killText(group: number, signal: RemoteSignal): string;
  /** The script that ends what there is of the group, its leader or not: SIGTERM, SIGKILL after five seconds. One line. */
  endText(group: number): string;
}

/**
 * The script for a command. With `stdin: "none"` it begins with a watcher that ends the process group when the
 * channel's input ends while the command still runs; otherwise it tells the group's id, so that another session can
 * end it. (SSH's own signal request does not do: sshd refuses it for root.)
 *
 * @throws SshError `BAD_OPTION` for an environment variable or user that cannot be one
 */
export function remoteScript(command: Command, options: Omit<ExecOptions, "signal">): RemoteScript {
  const sudo = sudoWords(options.sudo);
  const pidMark = options.stdin === "none" ? undefined : `ssh-job-${randomBytes(12).toString("hex")}`;
  const merge = options.mergeOutput === true ? ["exec 2>&1"] : [];
  const body = [...merge, ...exportLines(options.env), commandLine(command)];
  const announce = pidMark === undefined ? [] : [`echo "${pidMark} $$" >&2`];
  const text = sudo
    ? [...announce, underSudo(sudo, [...(pidMark === undefined ? lifeline("$1") : []), ...body])]
    : [...announce, ...(pidMark === undefined ? lifeline("$$") : []), ...body];
  return {
    text: text.join("\n"),
    watchedText:
      sudo || pidMark !== undefined ? undefined : (place) => [...sharedLifeline(place), ...body].join("\n"),
    pidMark,
    killText: (group, signal) => aside(sudo, `kill -${signal} -${group}`),
    endText: (group) => aside(sudo, endText(group)),
  };
}

/**
 * The whole script in one argument, so that `a && b` runs under sudo altogether. The shell outside has become sudo by
 * then; its process id, which is the group's, arrives as `$1`.
 */
function underSudo(sudo: readonly string[], lines: readonly string[]): string {
  return `exec ${sudo.join(" ")} /bin/sh -c ${quoteShell(lines.join("\n"))} sh "$$"`;
}

/**
 * Always by the `kill` of a shell, since that of procps takes the id of a group below 100 for an option; and without
 * `--`, which that of busybox complains about.
 */
function aside(sudo: readonly string[] | undefined, kill: string): string {
  return sudo ? [...sudo, "/bin/sh", "-c", quoteShell(kill)].join(" ") : kill;
}

/** Looks every second, because the id of a group that is gone may become that of another one. */
function endText(group: number): string {
  return `kill -TERM -${group}; for i in ${GRACE_STEPS}; do sleep 1; kill -0 -${group} || exit; done; kill -KILL -${group}`;
}

function exportLines(env: ExecOptions["env"]): string[] {
  return Object.entries(env ?? {}).map(([name, value]) => {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `export ${name}=${quoteShell(value)}`;
    throw new SshError("BAD_OPTION", `Not a name for an environment variable: ${JSON.stringify(name)}`);
  });
}

function commandLine(command: Command): string {
  if (command.kind === "shell") return command.text;
  const script = posixScriptText(command);
  return script === undefined ? `exec ${command.words.map(quoteShell).join(" ")}` : inPosixShell(script);
}

function sudoWords(user: boolean | string | undefined): readonly string[] | undefined {
  if (user === undefined || user === false) return undefined;
  if (user === true) return ["sudo", "-n", "--"];
  if (isSudoUser(user)) return ["sudo", "-n", "-u", user, "--"];
  throw new SshError("BAD_OPTION", `Not a user name for sudo: ${JSON.stringify(user)}`);
}

/** Whether a name can be a user's for sudo: no shell code and no option can be made of it. */
export function isSudoUser(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name);
}
