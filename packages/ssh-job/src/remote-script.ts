import { type Command, quoteShell } from "./command.ts";
import { SshError } from "./errors.ts";
import type { ExecOptions } from "./transport.ts";

/** Seconds between SIGTERM and SIGKILL when a command is to end. */
export const KILL_GRACE_S = 5;

/**
 * The text that sshd hands to the login shell. Starting with `stdin: "none"` it begins with a watcher that ends the
 * process group when the channel's input ends while the command still runs; see {@link lifeline}.
 */
export function remoteScript(command: Command, options: Omit<ExecOptions, "signal">): string {
  const body = [...exportLines(options.env), commandLine(command)];
  if (options.sudo === undefined || options.sudo === false) {
    return [...lifelineLines(options, "$$"), ...body].join("\n");
  }
  // The watcher must run as the same user as the command, or its signals are refused; the outer shell has become
  // sudo by then, and its process id, the group's, arrives as $1.
  const inner = [...lifelineLines(options, "$1"), ...body].join("\n");
  return `exec ${sudoWords(options.sudo).map(quoteShell).join(" ")} /bin/sh -c ${quoteShell(inner)} sh "$$"`;
}

function lifelineLines(options: Omit<ExecOptions, "signal">, group: string): string[] {
  return options.stdin === "none" ? lifeline(group) : [];
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

function sudoWords(user: true | string): string[] {
  const words = ["sudo", "-n"];
  if (user === true) return [...words, "--"];
  if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(user)) {
    throw new SshError("BAD_OPTION", `Not a user name for sudo: ${JSON.stringify(user)}`);
  }
  return [...words, "-u", user, "--"];
}
