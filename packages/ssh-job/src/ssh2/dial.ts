import { connect as connectSocket, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import ssh2, { type Client, type ConnectConfig } from "ssh2";
import type { SshError } from "../errors.ts";
import { checkHostKey, type HostKeySubject, knownKeyTypes } from "../host-keys/check-host-key.ts";
import type { KnownHosts } from "../host-keys/known-hosts.ts";
import type { HostSettings } from "../hosts/host-settings.ts";
import { type AlgorithmOptions, algorithmsFor } from "./algorithms.ts";
import { type AuthenticationPlan, authenticationSteps, firstKey } from "./authentication.ts";
import { describeDialFailure, type DialProgress } from "./dial-failure.ts";
import { gatherWrites } from "./gather-writes.ts";
import { ignoreOfferedKeys } from "./ignore-offered-keys.ts";
import { logInQuickly } from "./log-in-quickly.ts";
import { padQuickly } from "./pad-quickly.ts";

/** What is needed to open one connection. */
export interface DialOptions {
  readonly settings: HostSettings;
  readonly knownHosts: KnownHosts;
  readonly plan: AuthenticationPlan;
  readonly algorithms: AlgorithmOptions;
  /** For the whole way from the first packet to the login, in milliseconds. */
  readonly timeoutMs: number;
  readonly keepaliveIntervalMs: number;
  readonly keepaliveCountMax: number;
  /** A stream through a jump host; without one a socket is opened. */
  readonly through: Duplex | undefined;
  readonly signal: AbortSignal | undefined;
}

/** A client that is logged in, and the stream below it. */
export interface DialedClient {
  readonly client: Client;
  readonly socket: Duplex;
}

/**
 * Opens a connection and logs in.
 *
 * @throws UnreachableError, HostKeyError, AuthenticationError, or the reason of `signal`.
 */
export async function dial(options: DialOptions): Promise<DialedClient> {
  const { settings, signal } = options;
  signal?.throwIfAborted();
  const socket = options.through ?? openSocket(settings);
  const client = new ssh2.Client();
  const attempt: Attempt = { phase: "connecting", firstWords: "", refusal: undefined };
  try {
    await logIn(client, socket, options, attempt);
    return { client, socket };
  } catch (error) {
    socket.destroy();
    if (signal?.aborted === true) throw signal.reason;
    throw attempt.refusal ?? describeDialFailure(error as Error, attempt, options);
  }
}

interface Attempt extends DialProgress {
  /** Why the host key is refused; ssh2 itself only says that it was. */
  refusal: SshError | undefined;
}

function openSocket({ address, port }: HostSettings): Socket {
  return gatherWrites(connectSocket({ host: address, port, noDelay: true }));
}

async function logIn(client: Client, socket: Duplex, options: DialOptions, attempt: Attempt): Promise<void> {
  const { signal } = options;
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => reject(signal?.reason as Error);
    signal?.addEventListener("abort", abort, { once: true });
    client
      .once("connect", () => (attempt.phase = "greeting"))
      .once("handshake", () => (attempt.phase = "login"))
      .once("ready", resolve)
      .once("close", () => reject(new Error("closed")))
      // An agent that fails is not the end: ssh2 goes on with the next key.
      .on("error", (error) => (error.level === "agent" ? undefined : reject(error)));
    client.connect(clientConfig(socket, options, attempt));
    ignoreOfferedKeys(client);
    padQuickly(client);
    logInQuickly(client, firstKey(options.plan));
    // Does not set the stream flowing: ssh2 has paused it until it listens itself.
    socket.once("data", (chunk: Buffer) => (attempt.firstWords = chunk.toString("latin1", 0, 100)));
    void Promise.resolve().then(() => signal?.aborted === true && abort());
    client.once("close", () => signal?.removeEventListener("abort", abort));
    client.once("ready", () => signal?.removeEventListener("abort", abort));
  });
}

function clientConfig(socket: Duplex, options: DialOptions, attempt: Attempt): ConnectConfig {
  const { settings, knownHosts } = options;
  const subject: HostKeySubject = {
    host: settings.host,
    keyName: settings.keyName,
    port: settings.keyPort,
    files: settings.knownHostsFiles,
  };
  return {
    sock: socket,
    username: settings.user,
    readyTimeout: options.timeoutMs,
    keepaliveInterval: options.keepaliveIntervalMs,
    keepaliveCountMax: options.keepaliveCountMax,
    algorithms: algorithmsFor(options.algorithms, knownKeyTypes(knownHosts, subject)),
    hostVerifier: (key: Buffer): boolean => {
      attempt.refusal = checkHostKey(knownHosts, subject, key);
      return attempt.refusal === undefined;
    },
    authHandler: authenticationSteps(options.plan, settings.user),
  };
}
