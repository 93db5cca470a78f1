import { homedir, hostname, userInfo } from "node:os";
import { SshError } from "../errors.ts";
import { checkHostName } from "./host-name.ts";
import {
  connectionHash,
  expandHome,
  expandPercent,
  expandTokens,
  type TokenValues,
} from "./expand-tokens.ts";
import type { SshConfig } from "./ssh-config.ts";
import { isYes } from "./ssh-config-value.ts";

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
  /** Whether the caller has named the key files: then each of them must be there, while ssh_config may name more. */
  readonly areFilesRequired: boolean;
  /** Offer only the keys of `identityFiles`, even if the agent holds more. */
  readonly identitiesOnly: boolean;
  /** Socket of the agent, if one is used. */
  readonly agent: string | undefined;
  /** Known hosts files, in order. */
  readonly knownHostsFiles: readonly string[];
  /** The name under which the host's key is filed. */
  readonly keyName: string;
  /** The port that belongs to that name: an alias has none of its own, which is what 22 means. */
  readonly keyPort: number;
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
  try {
    return await join(host, common, config);
  } catch (error) {
    throw ofHost(host, error);
  }
}

/** What the files say is all right in itself, but of no use for this host; the others can do without it. */
function ofHost(host: string, error: unknown): unknown {
  if (!(error instanceof SshError) || error.host !== undefined) return error;
  const { code, hint, message } = error;
  return new SshError(code, `${message} (host ${host})`, { host, hint, cause: error });
}

async function join(
  host: string,
  common: CommonSettings,
  config: SshConfig | undefined,
): Promise<HostSettings> {
  const at = common.resolve?.(host) ?? {};
  const file = await config?.lookup(host, common.user ?? at.user);
  const first = (key: string): string | undefined => file?.get(key)?.[0];
  const user = common.user ?? at.user ?? first("user") ?? userInfo().username;
  const hostName = first("hostname") ?? host;
  const port = at.port ?? Number(first("port") ?? 22);
  const alias = first("hostkeyalias");
  const jumpHost =
    common.jumpHost ?? jumpHostOf(host, first, { h: hostName, n: host, p: String(port), r: user });
  const tokens = tokenValues({ host, hostName, port, user, alias, jumpHost });
  const paths = (key: string): string[] | undefined =>
    file?.get(key)?.flatMap((path) => (isNone(path) ? [] : [expandTokens(path, tokens)]));
  return {
    host,
    address: at.address ?? hostName,
    port,
    user,
    keyName: alias ?? hostName,
    keyPort: alias === undefined ? port : 22,
    identityFiles: common.identityFiles ?? paths("identityfile"),
    areFilesRequired: common.identityFiles !== undefined,
    identitiesOnly: common.identityFiles !== undefined || isYes(first("identitiesonly")),
    agent: agentSocket(common.agent, first("identityagent"), tokens),
    knownHostsFiles: common.knownHostsFiles ?? [
      ...(paths("userknownhostsfile") ?? USER_KNOWN_HOSTS.map(expandHome)),
      ...(file?.get("globalknownhostsfile")?.filter((path) => !isNone(path)) ?? GLOBAL_KNOWN_HOSTS).map(
        expandHome,
      ),
    ],
    jumpHost,
  };
}

const USER_KNOWN_HOSTS = ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"];
const GLOBAL_KNOWN_HOSTS = ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"];

function isNone(word: string): boolean {
  return word.toLowerCase() === "none";
}

function jumpHostOf(
  host: string,
  first: (key: string) => string | undefined,
  tokens: TokenValues,
): string | undefined {
  if (!isNone(first("proxycommand") ?? "none")) {
    throw new SshError("BAD_SSH_CONFIG", `ssh_config has a ProxyCommand for ${host}`, {
      host,
      hint: "Use ProxyJump, or transport openssh, which runs the command.",
    });
  }
  const jump = first("proxyjump") ?? "none";
  return isNone(jump) ? undefined : expandPercent(jump, { ...tokens, "%": "%" });
}

/** `$NAME` is a form that only this keyword has. */
function agentSocket(
  option: string | false | undefined,
  configured: string | undefined,
  tokens: TokenValues,
): string | undefined {
  if (option !== undefined) return option === false ? undefined : option;
  if (configured === undefined || configured === "SSH_AUTH_SOCK") return process.env["SSH_AUTH_SOCK"];
  if (configured === "none") return undefined;
  const variable = /^\$(?!\{)(.*)/.exec(configured)?.[1];
  return variable === undefined ? expandTokens(configured, tokens) : process.env[variable];
}

function tokenValues(of: {
  host: string;
  hostName: string;
  port: number;
  user: string;
  alias: string | undefined;
  jumpHost: string | undefined;
}): TokenValues {
  const local = userInfo();
  const port = String(of.port);
  const jumpHost = of.jumpHost ?? "";
  return {
    "%": "%",
    C: connectionHash({ ...of, port, jumpHost }),
    d: homedir(),
    h: of.hostName,
    i: String(local.uid),
    j: jumpHost,
    k: of.alias ?? of.host,
    L: hostname().split(".")[0] ?? "",
    l: hostname(),
    n: of.host,
    p: port,
    r: of.user,
    u: local.username,
  };
}
