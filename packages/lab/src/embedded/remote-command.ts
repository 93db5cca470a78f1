import { type ChildProcess, spawn, type StdioPipe } from "node:child_process";
import { constants } from "node:os";
import type { ServerChannel } from "ssh2";
import { signalOne } from "../process-table.ts";

/** How to start what a client asked for. */
export interface RemoteCommandOptions {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A command that runs for a channel. */
export interface RemoteCommand {
  /** Passes a signal on to the command's process group. */
  signal(name: NodeJS.Signals): void;
  /** Kills the whole process group. */
  end(): void;
}

/**
 * Runs a command with the channel as its standard streams. Streams are piped, so that a slow side holds the fast
 * one back. The channel closes once the command has ended and its output has been read to the end, as with `sshd`;
 * when the channel closes first, the command's process group is killed.
 */
export function runRemoteCommand(channel: ServerChannel, options: RemoteCommandOptions): RemoteCommand {
  const [file, ...args] = options.argv;
  const stdio: StdioPipe[] = ["pipe", "pipe", "pipe"];
  const child = spawn(file, args, { cwd: options.cwd, env: options.env, stdio, detached: true });
  connect(channel, child);
  const signal = (name: NodeJS.Signals): void => {
    if (child.pid !== undefined) signalOne(-child.pid, name);
  };
  const end = (): void => signal("SIGKILL");
  channel.on("close", end);
  child.on("error", (error) => {
    channel.stderr.write(`${error.message}\n`);
    finish(channel, 126, null);
  });
  child.on("close", (code, signalName) => finish(channel, code, signalName));
  return { signal, end };
}

function connect(channel: ServerChannel, child: ChildProcess): void {
  if (child.stdin === null || child.stdout === null || child.stderr === null) return;
  child.stdin.on("error", () => channel.resume());
  channel.on("error", () => {});
  channel.stderr.on("error", () => {});
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
}

function finish(channel: ServerChannel, code: number | null, signal: NodeJS.Signals | null): void {
  if (channel.destroyed) return;
  if (signal !== null) channel.exit(signal.replace(/^SIG/, ""), false, "");
  else channel.exit(code ?? 255);
  // Not `close` as well, which drops what is still to be sent: the server's side closes by itself after that.
  channel.end();
}

/** Narrows a signal's name as SSH writes it (`TERM`) to one that this system has. */
export function sshSignal(name: string): NodeJS.Signals | undefined {
  const full = `SIG${name.replace(/^SIG/, "")}`;
  return isSignal(full) ? full : undefined;
}

function isSignal(name: string): name is NodeJS.Signals {
  return Object.hasOwn(constants.signals, name);
}
