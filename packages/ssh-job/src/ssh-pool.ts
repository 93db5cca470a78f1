import { type KnownHosts, loadKnownHosts } from "./host-keys/known-hosts.ts";
import { SshError } from "./errors.ts";
import { HandshakeGate } from "./handshake-gate.ts";
import { type HostAddress, type HostSettings, hostSettings } from "./hosts/host-settings.ts";
import { defaultSshConfigFiles, loadSshConfig, type SshConfig } from "./hosts/ssh-config.ts";
import { jumpHostSettings } from "./hosts/jump-host.ts";
import { PooledConnection } from "./pooled-connection.ts";
import type { AlgorithmOptions } from "./ssh2/algorithms.ts";
import { AuthenticationPlans } from "./ssh2/authentication.ts";
import { dial, type DialOptions } from "./ssh2/dial.ts";
import type { SecretPrompt } from "./ssh2/key-file.ts";
import { Ssh2Connection } from "./ssh2/ssh2-connection.ts";
import type { ConnectOptions, SshConnection, Transport } from "./transport.ts";

/** Options of {@link createSshPool}. */
export interface SshPoolOptions extends AlgorithmOptions {
  /** Login name on all hosts. @defaultValue what `resolve` or ssh_config says, else the local user */
  readonly user?: string;
  /**
   * Key files to offer; only these are offered. A file of which only `<file>.pub` can be read picks a key of the
   * agent. @defaultValue what ssh_config says, else `~/.ssh/id_*` and all keys of the agent
   */
  readonly identityFiles?: readonly string[];
  /** Socket of the agent; `false` for none. @defaultValue `SSH_AUTH_SOCK` of the environment */
  readonly agent?: string | false;
  /** Known hosts files. @defaultValue the four of ssh: the user's two and the system's two */
  readonly knownHostsFiles?: readonly string[];
  /** An ssh_config file; `true` for the user's and the system's. @defaultValue false */
  readonly sshConfigFile?: string | boolean;
  /** Host to reach all others through, `[user@]host[:port]`; several joined by `,`. @defaultValue none */
  readonly jumpHost?: string;
  /** Where a host is, if its name does not say so. Wins over ssh_config. */
  readonly resolve?: (host: string) => HostAddress | undefined;
  /** Longest time from the first packet to the login, in milliseconds. @defaultValue 10_000 */
  readonly connectTimeoutMs?: number;
  /** Time between probes of a silent connection, in milliseconds. @defaultValue 10_000 */
  readonly keepaliveIntervalMs?: number;
  /** Unanswered probes after which a connection counts as lost. @defaultValue 3 */
  readonly keepaliveCountMax?: number;
  /** Logins under way at a time; fewer to a server that refuses some (`MaxStartups`). @defaultValue 64 */
  readonly maxConcurrentHandshakes?: number;
  /** A connection without commands is closed after this time, in milliseconds; `0`: never. @defaultValue 0 */
  readonly idleTimeoutMs?: number;
  /** Asks for the passphrase of a key file, once for all hosts. @defaultValue locked keys are not used */
  readonly prompt?: SecretPrompt;
}

/** Connections over ssh2, one for each host, kept for as many commands as come. */
export type SshPool = Transport;

/**
 * Makes a pool. Nothing is read or connected before the first `connect`.
 *
 * Known hosts, ssh_config, key files and the agent's list of keys are read once for the life of the pool.
 */
export function createSshPool(options: SshPoolOptions = {}): SshPool {
  return new Ssh2Pool(options);
}

class Ssh2Pool implements SshPool {
  // One socket.
  readonly descriptorsPerHost = 1;
  readonly #options: SshPoolOptions;
  readonly #gate: HandshakeGate;
  readonly #plans: AuthenticationPlans;
  readonly #connections = new Map<string, PooledConnection<Ssh2Connection>>();
  readonly #jumpHosts = new Map<string, Promise<HostSettings>>();
  readonly #knownHosts = new Map<string, Promise<KnownHosts>>();
  #config: Promise<SshConfig | undefined> | undefined;
  #isClosed = false;

  constructor(options: SshPoolOptions) {
    this.#options = options;
    this.#plans = new AuthenticationPlans(options.prompt);
    this.#gate = new HandshakeGate({
      maxConcurrent: options.maxConcurrentHandshakes ?? 64,
      random: Math.random,
    });
  }

  async connect(host: string, { signal }: ConnectOptions = {}): Promise<SshConnection> {
    const settings = async (): Promise<HostSettings> =>
      await hostSettings(host, this.#options, await this.#sshConfig());
    const connection = this.#connectionFor(host, host, settings);
    await connection.ready(signal);
    return connection;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // Connections through a jump host before the jump host itself, which is always the elder.
    await Promise.all([...this.#connections.values()].toReversed().map((connection) => connection.close()));
    this.#connections.clear();
  }

  #connectionFor(
    key: string,
    host: string,
    settings: () => Promise<HostSettings>,
  ): PooledConnection<Ssh2Connection> {
    if (this.#isClosed)
      throw new SshError("CLOSED", `Cannot connect to ${host}: the pool is closed`, { host });
    const existing = this.#connections.get(key);
    if (existing) return existing;
    const open = async (signal: AbortSignal): Promise<Ssh2Connection> =>
      await this.#open(await settings(), signal);
    const connection = new PooledConnection(host, open, this.#options.idleTimeoutMs ?? 0);
    this.#connections.set(key, connection);
    return connection;
  }

  async #open(settings: HostSettings, signal: AbortSignal): Promise<Ssh2Connection> {
    const [plan, knownHosts, jumpHost] = await Promise.all([
      this.#plans.for(settings),
      this.#knownHostsOf(settings.knownHostsFiles),
      this.#jumpHost(settings.jumpHost, signal),
    ]);
    const { host, address, port } = settings;
    const login = async (): Promise<Ssh2Connection> => {
      const through = await jumpHost?.forward(address, port, host);
      const dialed = await dial({ ...this.#dialOptions(), settings, knownHosts, plan, through, signal });
      return new Ssh2Connection(host, dialed);
    };
    return await this.#gate.pass(`${settings.jumpHost ?? ""} ${address} ${port}`, login, signal);
  }

  #dialOptions(): Pick<
    DialOptions,
    "algorithms" | "timeoutMs" | "keepaliveIntervalMs" | "keepaliveCountMax"
  > {
    const { kex, ciphers, connectTimeoutMs, keepaliveIntervalMs, keepaliveCountMax } = this.#options;
    return {
      algorithms: { kex, ciphers },
      timeoutMs: connectTimeoutMs ?? 10_000,
      keepaliveIntervalMs: keepaliveIntervalMs ?? 10_000,
      keepaliveCountMax: keepaliveCountMax ?? 3,
    };
  }

  /** All hosts behind a jump host share one connection to it. */
  async #jumpHost(list: string | undefined, signal: AbortSignal): Promise<Ssh2Connection | undefined> {
    if (list === undefined) return undefined;
    const finding = this.#jumpHosts.get(list) ?? this.#findJumpHost(list);
    this.#jumpHosts.set(list, finding);
    const settings = await finding;
    return await this.#connectionFor(`jump ${list}`, settings.host, async () => settings).ready(signal);
  }

  async #findJumpHost(list: string): Promise<HostSettings> {
    return await jumpHostSettings(list, this.#options, await this.#sshConfig());
  }

  #sshConfig(): Promise<SshConfig | undefined> {
    const { sshConfigFile } = this.#options;
    if (sshConfigFile === undefined || sshConfigFile === false) return Promise.resolve(undefined);
    this.#config ??=
      sshConfigFile === true
        ? loadSshConfig(defaultSshConfigFiles(), { mayBeMissing: true })
        : loadSshConfig([sshConfigFile]);
    return this.#config;
  }

  #knownHostsOf(files: readonly string[]): Promise<KnownHosts> {
    const key = files.join("\0");
    const loading = this.#knownHosts.get(key) ?? loadKnownHosts(files);
    this.#knownHosts.set(key, loading);
    return loading;
  }
}
