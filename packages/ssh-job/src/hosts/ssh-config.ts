import { homedir, userInfo } from "node:os";
import { canonicalName, type FindAddress, isCanonicalised } from "./canonical-name.ts";
import { expandPercent } from "./expand-tokens.ts";
import { hasFinalSection, sectionApplies, type SectionSubject } from "./ssh-config-section.ts";
import { type ConfigNode, loadConfigFile } from "./ssh-config-file.ts";

/** ssh_config files, read once. */
export interface SshConfig {
  /**
   * The values that apply to a host: lower-case keyword to its words; for most keywords the first word counts.
   * `hostname` is always there, expanded.
   */
  lookup(host: string, user?: string): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** Options of {@link loadSshConfig}. */
export interface SshConfigOptions {
  /** A file that does not exist is empty. @defaultValue false */
  readonly mayBeMissing?: boolean;
  /** For canonical names. @defaultValue asks the system */
  readonly findAddress?: FindAddress;
}

/** Keywords of which every occurrence counts, not only the first. */
const REPEATABLE = new Set(["identityfile", "certificatefile"]);

/** Of these the one that comes first counts, and the other one does not. */
const PROXIES = ["proxycommand", "proxyjump"];

/**
 * Reads ssh_config files with what they include. Earlier files win over later ones.
 *
 * @throws SshError `BAD_SSH_CONFIG` with file and line
 */
export async function loadSshConfig(
  files: readonly string[],
  { mayBeMissing = false, findAddress }: SshConfigOptions = {},
): Promise<SshConfig> {
  const nodes = (await Promise.all(files.map((file) => loadConfigFile(file, mayBeMissing)))).flat();
  return { lookup: async (host, user) => await lookUp(nodes, host, user, findAddress) };
}

/** The files that ssh reads: the user's, then the system's. */
export function defaultSshConfigFiles(): string[] {
  return [`${homedir()}/.ssh/config`, "/etc/ssh/ssh_config"];
}

async function lookUp(
  nodes: readonly ConfigNode[],
  host: string,
  user: string | undefined,
  findAddress: FindAddress | undefined,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const values = new Map<string, string[]>();
  const value = (key: string): string | undefined => values.get(key)?.[0];
  if (user !== undefined) values.set("user", [user]);
  const subject: SectionSubject = {
    host,
    originalHost: host,
    localUser: userInfo().username,
    isFinalPass: false,
    value,
  };
  await walk(nodes, subject, values);
  const named = lowerCase(expandPercent(value("hostname") ?? host, { "%": "%", h: host }));
  const name = isCanonicalised(value) ? await canonicalName(named, values, findAddress) : named;
  values.set("hostname", [name]);
  if (hasFinalSection(nodes) || isCanonicalised(value)) {
    await walk(nodes, { ...subject, host: name, isFinalPass: true }, values);
  }
  return values;
}

/** Names, but not addresses. */
function lowerCase(host: string): string {
  return host.includes(":") ? host : host.toLowerCase();
}

async function walk(
  nodes: readonly ConfigNode[],
  subject: SectionSubject,
  values: Map<string, string[]>,
): Promise<void> {
  for (const node of nodes) {
    if (node.kind === "value") record(values, node.key, node.words);
    else if (node.kind === "included") await walk(node.nodes, subject, values);
    else if (await sectionApplies(node, subject)) await walk(node.nodes, subject, values);
  }
}

function record(values: Map<string, string[]>, key: string, words: readonly string[]): void {
  const before = values.get(key);
  if (PROXIES.includes(key) && PROXIES.some((each) => values.has(each))) return;
  if (before === undefined) values.set(key, [...words]);
  else if (REPEATABLE.has(key)) for (const word of words) if (!before.includes(word)) before.push(word);
}
