import type { Readable, Writable } from "node:stream";
import type { Command } from "./command.ts";

/** A way to reach hosts. `createSshPool`, `createOpenSshTransport` and `createSimulatedTransport` make one. */
export interface Transport {
  /** Descriptors of the local process that one connected host takes. */
  readonly descriptorsPerHost: number;
  /**
   * A connection to the host; an open one is handed out again.
   *
   * @throws UnreachableError, HostKeyError, AuthenticationError, or the reason of `signal`.
   */
  connect(host: string, options?: ConnectOptions): Promise<SshConnection>;
  /** Ends all connections. Resolves when they are closed; nothing can be connected afterwards. */
  close(): Promise<void>;
}

/** Options of {@link Transport.connect}. */
export interface ConnectOptions {
  /** Gives up waiting for the connection. A connection that others wait for too goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** A connection to one host, for any number of commands, one after the other or at the same time. */
export interface SshConnection {
  /** The host, as the caller named it. */
  readonly host: string;
  /**
   * Starts a command. If the connection was lost in the meantime it is made anew first, because nothing has run
   * yet; after that a loss is a {@link ConnectionLostError}.
   */
  exec(command: Command, options?: ExecOptions): Promise<RemoteProcess>;
  /** Ends the connection and with it the commands that run over it. */
  close(): Promise<void>;
}

/** Options of {@link SshConnection.exec}. */
export interface ExecOptions {
  /** Environment variables to add on the host. They are visible in the host's process list while it runs. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Ends the remote process group: SIGTERM, then SIGKILL after five seconds. */
  readonly signal?: AbortSignal | undefined;
  /**
   * `pipe`: the command reads what is written to `stdin`. `none`: it reads end-of-file, and the channel's input
   * serves as a lifeline instead, so that the remote process group ends when this process or the network dies.
   *
   * @defaultValue "pipe"
   */
  readonly stdin?: "pipe" | "none" | undefined;
  /** Runs the whole command with `sudo -n`: as root, or as the named user. @defaultValue false */
  readonly sudo?: boolean | string | undefined;
  /** Standard error comes among standard output, in the order in which it was written. @defaultValue false */
  readonly mergeOutput?: boolean | undefined;
}

/** How a remote command ended. */
export interface RemoteExit {
  /** Exit status 0-255, or `null` when a signal ended it. */
  readonly code: number | null;
  /** Name of the signal that ended it, such as `SIGTERM`; `unknown signal` where the installed ssh does not tell. */
  readonly signal: string | null;
}

/** Signals that SSH can carry. */
export type RemoteSignal = "HUP" | "INT" | "QUIT" | "TERM" | "KILL" | "USR1" | "USR2";

/** A command that runs on a host. */
export interface RemoteProcess {
  /** The host, as the caller named it. */
  readonly host: string;
  /** Standard input of the command; already ended with `stdin: "none"`. */
  readonly stdin: Writable;
  /** Standard output. Not reading it makes the command wait, once the SSH window (2 MiB) is full. */
  readonly stdout: Readable;
  /** Standard error, apart from standard output. */
  readonly stderr: Readable;
  /**
   * How the command ended. Resolves as soon as the host says so, which can be before the last output is read.
   * Rejects with {@link ConnectionLostError} when the connection ended first.
   */
  readonly exit: Promise<RemoteExit>;
  /** Sends a signal to the process group of the command. Does nothing when it has ended. @defaultValue "TERM" */
  kill(signal?: RemoteSignal): void;
}
