import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SshError } from "../errors.ts";
import type { HostAddress } from "../hosts/host-settings.ts";
import { HandshakeGate } from "../handshake-gate.ts";
import { PooledConnection } from "../pooled-connection.ts";
import type { ConnectOptions, SshConnection, Transport } from "../transport.ts";
import { checkClient } from "./check-client.ts";
import { hostArgument, openSshArguments, type OpenSshArgumentsOptions } from "./openssh-arguments.ts";
import { type OpenSshConnection, openSshConnection } from "./openssh-connection.ts";

/** Options of {@link createOpenSshTransport}. */
export interface OpenSshTransportOptions extends OpenSshArgumentsOptions {
  /** The client program. @defaultValue "ssh", looked up in `PATH` */
  readonly program?: string;
  /** Socket of the agent; `false` for none. @defaultValue `SSH_AUTH_SOCK` of the environment */
  readonly agent?: string | false;
  /** Variables for the client besides the few that it gets anyway. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where a host is, if its name does not say so. */
  readonly resolve?: (host: string) => HostAddress | undefined;
  /** Logins under way at a time; fewer to a server that refuses some (`MaxStartups`). @defaultValue 16 */
  readonly maxConcurrentHandshakes?: number;
  /** A connection without commands is closed after this time, in milliseconds; `0`: never. @defaultValue 0 */
  readonly idleTimeoutMs?: number;
}

/**
 * A transport that leaves SSH to the installed OpenSSH client: for host and user certificates, FIDO keys, GSSAPI,
 * `ProxyCommand` and post-quantum key exchange. One ssh process a host holds the connection, and one more runs for
 * every command; that costs several times what `createSshPool` does. A signal that ends a command is seen as an exit
 * code, 128 and its number; one that ends the login shell of the user, as `kill $$` does, as `unknown signal`.
 */
export function createOpenSshTransport(options: OpenSshTransportOptions = {}): Transport {
  return new OpenSshTransport(options);
}

class OpenSshTransport implements Transport {
  // Three pipes of the master, and three of a command.
  readonly descriptorsPerHost = 6;
  readonly #options: OpenSshTransportOptions;
  readonly #gate: HandshakeGate;
  readonly #connections = new Map<string, PooledConnection<OpenSshConnection>>();
  #directory: Promise<string> | undefined;
  #checked: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: OpenSshTransportOptions) {
    this.#options = options;
    this.#gate = new HandshakeGate({
      maxConcurrent: options.maxConcurrentHandshakes ?? 16,
      random: Math.random,
    });
  }

  async connect(host: string, { signal }: ConnectOptions = {}): Promise<SshConnection> {
    if (this.#isClosed)
      throw new SshError("CLOSED", `Cannot connect to ${host}: the transport is closed`, { host });
    const target = hostArgument(host);
    let connection = this.#connections.get(host);
    if (!connection) {
      const number = this.#connections.size;
      const open = (abort: AbortSignal): Promise<OpenSshConnection> =>
        this.#open(host, target, number, abort);
      connection = new PooledConnection(host, open, this.#options.idleTimeoutMs ?? 0);
      this.#connections.set(host, connection);
    }
    await connection.ready(signal);
    return connection;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#connections.values()].map((connection) => connection.close()));
    this.#connections.clear();
    const directory = await this.#directory;
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }

  async #open(
    host: string,
    target: readonly string[],
    number: number,
    signal: AbortSignal,
  ): Promise<OpenSshConnection> {
    // Control sockets in a directory that only this user can enter.
    const directory = await (this.#directory ??= mkdtemp(join(tmpdir(), "ssh-job-")));
    const at = this.#options.resolve?.(host);
    const login = {
      host,
      program: this.#options.program ?? "ssh",
      options: openSshArguments(host, this.#options, at),
      target,
      socket: join(directory, String(number)),
      env: { ...minimalEnvironment(this.#options.agent), ...this.#options.environment },
      signal,
    };
    await (this.#checked ??= checkClient(login));
    return await this.#gate.pass(
      `${at?.address ?? host} ${at?.port ?? ""}`,
      () => openSshConnection(login),
      signal,
    );
  }
}

/** What ssh needs, and none of the secrets that the environment may hold. */
function minimalEnvironment(agent: string | false | undefined): NodeJS.ProcessEnv {
  const names = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "KRB5CCNAME"];
  const kept = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  const socket = agent === undefined ? process.env["SSH_AUTH_SOCK"] : agent;
  return typeof socket === "string" ? { ...kept, SSH_AUTH_SOCK: socket } : kept;
}
