import { randomBytes } from "node:crypto";
import { type Command, quoteShell } from "./command.ts";
import { SshError } from "./errors.ts";
import type { ExecOptions, RemoteSignal } from "./transport.ts";

/** Seconds between SIGTERM and SIGKILL when a command is to end. */
export const KILL_GRACE_S = 5;

/** A command in the form that sshd hands to the login shell, and how it can be ended. */
export interface RemoteScript {
  readonly text: string;
  /**
   * Starts a line of standard error, before the process group's id. Missing when the channel's input is the
   * lifeline, which needs no id.
   */
  readonly pidMark: string | undefined;
  /** The script that signals the process group with this id. */
  killText(group: number, signal: RemoteSignal): string;
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
  const body = [...exportLines(options.env), commandLine(command)];
  const announce = pidMark === undefined ? [] : [`echo "${pidMark} $$" >&2`];
  const text = sudo
    ? [...announce, underSudo(sudo, [...(pidMark === undefined ? lifeline("$1") : []), ...body])]
    : [...announce, ...(pidMark === undefined ? lifeline("$$") : []), ...body];
  return {
    text: text.join("\n"),
    pidMark,
    killText: (group, signal) => killText(sudo, `kill -s ${signal} -- -${group}`),
  };
}

/**
 * The whole script in one argument, so that `a && b` runs under sudo altogether. The shell outside has become sudo by
 * then; its process id, which is the group's, arrives as `$1`.
 */
function underSudo(sudo: readonly string[], lines: readonly string[]): string {
  return `exec ${sudo.join(" ")} /bin/sh -c ${quoteShell(lines.join("\n"))} sh "$$"`;
}

/** Always by the `kill` of a shell: that of procps takes the id of a group below 100 for an option, and does nothing. */
function killText(sudo: readonly string[] | undefined, kill: string): string {
  return sudo ? [...sudo, "/bin/sh", "-c", quoteShell(kill)].join(" ") : kill;
}

/**
 * sshd makes the login shell a session and process group leader. The watcher sits on the channel's input: a line is
 * the name of a signal to send, the end of input means that the command is over, or that the client or the network
 * is gone. It is started twice removed, so that a `wait` in the command does not wait for it, and it holds no output,
 * so that the channel closes when the command's own output does. What a command that ended by itself has left in the
 * background is left alone; after a signal, or without a client, nothing of the group survives.
 */
function lifeline(group: string): string[] {
  const kill = (signal: string): string => `kill -s ${signal} -- "-${group}"`;
  const watch = [
    "trap '' HUP INT QUIT TERM; asked=",
    `while IFS= read -r s; do asked=1; ${kill('"$s"')}; done`,
    `if kill -0 "$$"; then ${kill("TERM")}; for i in ${GRACE_STEPS}; do sleep 1; kill -0 "$$" || break; done`,
    `elif [ -z "$asked" ]; then exit 0; else sleep 0.5 || sleep 1; fi; ${kill("KILL")}`,
  ];
  return ["exec 3<&0 </dev/null", `( ( ${watch.join("; ")} ) <&3 3<&- >/dev/null 2>&1 & )`, "exec 3<&-"];
}

const GRACE_STEPS = Array.from({ length: KILL_GRACE_S }, (_, index) => index + 1).join(" ");

function exportLines(env: ExecOptions["env"]): string[] {
  return Object.entries(env ?? {}).map(([name, value]) => {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `export ${name}=${quoteShell(value)}`;
    throw new SshError("BAD_OPTION", `Not a name for an environment variable: ${JSON.stringify(name)}`);
  });
}

function commandLine(command: Command): string {
  return command.kind === "argv" ? `exec ${command.words.map(quoteShell).join(" ")}` : command.text;
}

function sudoWords(user: boolean | string | undefined): readonly string[] | undefined {
  if (user === undefined || user === false) return undefined;
  if (user === true) return ["sudo", "-n", "--"];
  if (/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(user)) return ["sudo", "-n", "-u", user, "--"];
  throw new SshError("BAD_OPTION", `Not a user name for sudo: ${JSON.stringify(user)}`);
}
