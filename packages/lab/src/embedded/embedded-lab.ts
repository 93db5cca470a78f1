import { randomBytes } from "node:crypto";
import { userInfo } from "node:os";
import ssh2, { type ParsedKey } from "ssh2";
import { type ClientFileHost, type ClientFiles, clientEnv, writeClientFiles } from "../client-files.ts";
import { findHost } from "../find-host.ts";
import { hostNames } from "../host-names.ts";
import { openLabDirectory } from "../lab-directory.ts";
import type { Lab, LabHost, LabOptions } from "../lab.ts";
import { generateSshKey, type SshKeyPair } from "../ssh-keys.ts";
import { startEmbeddedHost } from "./embedded-host.ts";
import { commandPath } from "./host-environment.ts";
import { startWatchdog } from "./watchdog.ts";

/**
 * Starts SSH servers in this process, one a host, on ports of 127.0.0.1 that the system chooses. Commands run as
 * this user, each host with a home, temporary folder, `git_deploy_dir` and `scap.cfg` of its own.
 *
 * @throws {LabError} `BAD_OPTION`
 */
export async function startEmbeddedLab(options: LabOptions): Promise<Lab> {
  const names = hostNames(options.hosts);
  const folder = await openLabDirectory(options.directory);
  const labId = randomBytes(8).toString("hex");
  const removed = folder.isTemporary ? { removeDirectory: folder.path } : {};
  const watchdog = startWatchdog({ marker: `${labId}/`, ...removed });
  const hosts: LabHost[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(hosts.map((host) => host.killServer()));
    await watchdog.release();
    await folder.dispose();
  };
  try {
    return await populate({ options, names, directory: folder.path, labId, hosts, close });
  } catch (error) {
    await close();
    throw error;
  }
}

interface Started {
  readonly options: LabOptions;
  readonly names: readonly string[];
  readonly directory: string;
  readonly labId: string;
  /** Filled as hosts start, so that those can be ended when a later one fails. */
  readonly hosts: LabHost[];
  readonly close: () => Promise<void>;
}

async function populate({ options, names, directory, labId, hosts, close }: Started): Promise<Lab> {
  const { scapConfig = {}, withoutNode = false } = options;
  const path = await commandPath({ withoutNode, directory });
  const clientKey = generateSshKey("scap-lab");
  const { username: user } = userInfo();
  const shared = { labId, directory, user, clientKey: parseKey(clientKey), path, scapConfig };
  const known: ClientFileHost[] = [];
  for (const name of names) {
    const { privateKey, publicKey } = generateSshKey(name);
    const host = await startEmbeddedHost({ ...shared, name, hostKey: privateKey });
    hosts.push(host);
    known.push({ name, address: host.address, port: host.port, publicKey });
  }
  const files = await writeClientFiles({ directory, user, clientKey, hosts: known });
  return embeddedLab({ directory, hosts, user, files, close });
}

interface Parts {
  readonly directory: string;
  readonly hosts: readonly LabHost[];
  readonly user: string;
  readonly files: ClientFiles;
  readonly close: () => Promise<void>;
}

function embeddedLab({ files, close, ...parts }: Parts): Lab {
  let closing: Promise<void> | undefined;
  return {
    kind: "embedded",
    ...parts,
    ...files,
    env: clientEnv(files),
    host: (name) => findHost(parts.hosts, name),
    close: () => (closing ??= close()),
  };
}

function parseKey(pair: SshKeyPair): ParsedKey {
  const key = ssh2.utils.parseKey(pair.publicKey);
  if (key instanceof Error) throw key;
  return key;
}
