import { homedir, userInfo } from "node:os";
import { sectionApplies, type SectionSubject } from "./ssh-config-section.ts";
import { type ConfigNode, loadConfigFile } from "./ssh-config-file.ts";

/** ssh_config files, read once. */
export interface SshConfig {
  /** The values that apply to a host: lower-case keyword to its words; for most keywords the first word counts. */
  lookup(host: string, user?: string): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** Keywords of which every occurrence counts, not only the first. */
const REPEATABLE = new Set(["identityfile", "certificatefile"]);

/**
 * Reads ssh_config files with what they include. Earlier files win over later ones.
 *
 * @throws SshError `BAD_SSH_CONFIG` with the file's name
 */
export async function loadSshConfig(files: readonly string[]): Promise<SshConfig> {
  const nodes = (await Promise.all(files.map((file) => loadConfigFile(file)))).flat();
  return { lookup: async (host, user) => await lookUp(nodes, host, user) };
}

/** The files that ssh reads: the user's, then the system's. */
export function defaultSshConfigFiles(): string[] {
  return [`${homedir()}/.ssh/config`, "/etc/ssh/ssh_config"];
}

async function lookUp(
  nodes: readonly ConfigNode[],
  host: string,
  user: string | undefined,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const values = new Map<string, string[]>();
  if (user !== undefined) values.set("user", [user]);
  const subject: SectionSubject = {
    host,
    originalHost: host,
    localUser: userInfo().username,
    isFinalPass: false,
    wantsFinalPass: false,
    value: (key) => values.get(key)?.[0],
  };
  await walk(nodes, subject, values);
  if (subject.wantsFinalPass) {
    const resolved = values.get("hostname")?.[0]?.replaceAll("%h", host) ?? host;
    await walk(nodes, { ...subject, host: resolved, isFinalPass: true }, values);
  }
  return values;
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
  if (before === undefined) values.set(key, [...words]);
  else if (REPEATABLE.has(key)) for (const word of words) if (!before.includes(word)) before.push(word);
}
