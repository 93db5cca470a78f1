import { homedir, hostname, userInfo } from "node:os";
import { SshError } from "../errors.ts";
import { checkHostName } from "./host-name.ts";
import { expandTokens, type TokenValues } from "./expand-tokens.ts";
import type { SshConfig } from "./ssh-config.ts";

/** Everything that is needed to reach one host, resolved. */
export interface HostSettings {
  /** The host, as the caller named it. */
  readonly host: string;
  /** Name or address to connect to. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Key files to offer, in order; `undefined`: the usual ones that exist, and all keys of the agent. */
  readonly identityFiles: readonly string[] | undefined;
  /** Offer only the keys of `identityFiles`, even if the agent holds more. */
  readonly identitiesOnly: boolean;
  /** Socket of the agent, if one is used. */
  readonly agent: string | undefined;
  /** Known hosts files, in order. */
  readonly knownHostsFiles: readonly string[];
  /** The name under which the host's key is filed. */
  readonly keyName: string;
  /** The host to go through, `[user@]host[:port]`, if any. */
  readonly jumpHost: string | undefined;
}

/** Where a host is, when the caller knows better than its name and ssh_config. */
export interface HostAddress {
  /** Name or IP address to connect to. @defaultValue the host's name */
  readonly address?: string;
  /** @defaultValue 22 */
  readonly port?: number;
  /** Login name. */
  readonly user?: string;
}

/** What the caller of a pool says about all hosts. It wins over ssh_config, as options of ssh do. */
export interface CommonSettings {
  readonly user?: string | undefined;
  readonly identityFiles?: readonly string[] | undefined;
  readonly agent?: string | false | undefined;
  readonly knownHostsFiles?: readonly string[] | undefined;
  readonly jumpHost?: string | undefined;
  readonly resolve?: ((host: string) => HostAddress | undefined) | undefined;
}

/**
 * Joins what the caller said, what ssh_config says about the host, and the defaults.
 *
 * @throws SshError `BAD_HOST_NAME` or `BAD_SSH_CONFIG`
 */
export async function hostSettings(
  host: string,
  common: CommonSettings,
  config: SshConfig | undefined,
): Promise<HostSettings> {
  checkHostName(host);
  const at = common.resolve?.(host) ?? {};
  const file = await config?.lookup(host, common.user ?? at.user);
  const first = (key: string): string | undefined => file?.get(key)?.[0];
  const user = common.user ?? at.user ?? first("user") ?? userInfo().username;
  const hostName = first("hostname")?.replace(/%h/g, host).replaceAll("%%", "%") ?? host;
  const port = at.port ?? portNumber(first("port")) ?? 22;
  const keyName = first("hostkeyalias") ?? hostName;
  const tokens = tokenValues({ host, hostName, port, user, keyName });
  const paths = (key: string): string[] | undefined =>
    file?.get(key)?.map((path) => expandTokens(path, tokens));
  return {
    host,
    address: at.address ?? hostName,
    port,
    user,
    keyName,
    identityFiles: common.identityFiles ?? paths("identityfile"),
    identitiesOnly: common.identityFiles !== undefined || first("identitiesonly") === "yes",
    agent: agentSocket(common.agent, paths("identityagent")?.[0]),
    knownHostsFiles: common.knownHostsFiles ?? [
      ...(paths("userknownhostsfile") ?? USER_KNOWN_HOSTS.map((path) => expandTokens(path, tokens))),
      ...(paths("globalknownhostsfile") ?? GLOBAL_KNOWN_HOSTS),
    ],
    jumpHost: common.jumpHost ?? jumpHostOf(host, first),
  };
}

const USER_KNOWN_HOSTS = ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"];
const GLOBAL_KNOWN_HOSTS = ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"];

function jumpHostOf(host: string, first: (key: string) => string | undefined): string | undefined {
  const command = first("proxycommand");
  if (command !== undefined && command !== "none") {
    throw new SshError("BAD_SSH_CONFIG", `ssh_config has a ProxyCommand for ${host}`, {
      host,
      hint: "Use ProxyJump, or transport openssh, which runs the command.",
    });
  }
  const jump = first("proxyjump");
  return jump === undefined || jump === "none" ? undefined : jump;
}

function agentSocket(option: string | false | undefined, configured: string | undefined): string | undefined {
  if (option !== undefined) return option === false ? undefined : option;
  if (configured === "none") return undefined;
  if (configured !== undefined && configured !== "SSH_AUTH_SOCK") return configured;
  return process.env["SSH_AUTH_SOCK"];
}

function portNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new SshError("BAD_SSH_CONFIG", `Not a port in ssh_config: ${text}`);
}

function tokenValues(of: {
  host: string;
  hostName: string;
  port: number;
  user: string;
  keyName: string;
}): TokenValues {
  const local = userInfo();
  return {
    "%": "%",
    d: homedir(),
    h: of.hostName,
    i: String(local.uid),
    k: of.keyName,
    L: hostname().split(".")[0] ?? "",
    l: hostname(),
    n: of.host,
    p: String(of.port),
    r: of.user,
    u: local.username,
  };
}
