import { existsSync } from "node:fs";
import type { Session, ServerChannel } from "ssh2";
import { type RemoteCommand, runRemoteCommand, sshSignal } from "./remote-command.ts";
import type { HostEnvironment } from "./host-environment.ts";

const SFTP_SERVERS = [
  "/usr/lib/openssh/sftp-server",
  "/usr/libexec/sftp-server",
  "/usr/libexec/openssh/sftp-server",
];

/** Serves one session channel: a command, a login shell, or the file transfer subsystem where OpenSSH has it. */
export function serveSession(session: Session, host: HostEnvironment): void {
  const asked: { env: Record<string, string>; hasTerminal: boolean; command?: RemoteCommand } = {
    env: {},
    hasTerminal: false,
  };
  const run = (channel: ServerChannel, argv: readonly [string, ...string[]]): void => {
    asked.command = runRemoteCommand(channel, { argv, cwd: host.home, env: { ...host.env, ...asked.env } });
  };
  session.on("env", (accept, _reject, info) => {
    // What Debian's sshd accepts by default.
    if (/^(LANG|LC_\w+)$/.test(info.key)) asked.env[info.key] = info.val;
    accept?.();
  });
  session.on("pty", (accept, _reject, info) => {
    asked.hasTerminal = true;
    asked.env["TERM"] = info.term ?? "dumb";
    accept?.();
  });
  session.on("signal", (accept, _reject, info) => {
    const name = sshSignal(info.name);
    if (name !== undefined) asked.command?.signal(name);
    accept?.();
  });
  session.on("exec", (accept, _reject, info) => run(accept(), onTerminal(info.command, asked.hasTerminal)));
  session.on("shell", (accept) => run(accept(), onTerminal("exec /bin/sh -i", asked.hasTerminal)));
  session.on("subsystem", (accept, reject, info) => {
    const server = info.name === "sftp" ? SFTP_SERVERS.find((path) => existsSync(path)) : undefined;
    if (server === undefined) reject();
    else run(accept(), [server]);
  });
}

/** `script` makes the terminal that a client asked for; Node cannot. */
function onTerminal(command: string, hasTerminal: boolean): readonly [string, ...string[]] {
  return hasTerminal && existsSync("/usr/bin/script")
    ? ["/usr/bin/script", "-qefc", command, "/dev/null"]
    : ["/bin/sh", "-c", command];
}
