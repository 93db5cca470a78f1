import { randomBytes } from "node:crypto";
import { userInfo } from "node:os";
import ssh2, { type ParsedKey } from "ssh2";
import { type ClientFiles, clientEnv, writeClientFiles } from "../client-files.ts";
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
  const watchdog = startWatchdog({
    marker: `${labId}/`,
    ...(folder.isTemporary ? { removeDirectory: folder.path } : {}),
  });
  const path = await commandPath({ withoutNode: options.withoutNode ?? false, directory: folder.path });
  const clientKey = generateSshKey("scap-lab");
  const { username: user } = userInfo();
  const keys = new Map(names.map((name) => [name, generateSshKey(name)]));
  const shared = {
    labId,
    directory: folder.path,
    user,
    clientKey: parseKey(clientKey),
    path,
    scapConfig: options.scapConfig ?? {},
  };
  const hosts = await Promise.all(
    [...keys].map(([name, key]) => startEmbeddedHost({ ...shared, name, hostKey: key.privateKey })),
  );
  const known = hosts.map((host) => ({
    ...clientView(host),
    publicKey: keys.get(host.name)?.publicKey ?? "",
  }));
  const files = await writeClientFiles({ directory: folder.path, user, clientKey, hosts: known });
  const close = async (): Promise<void> => {
    await Promise.all(hosts.map((host) => host.killServer()));
    await watchdog.release();
    await folder.dispose();
  };
  return embeddedLab({ directory: folder.path, hosts, user, files, close });
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

function clientView({ name, address, port }: LabHost): { name: string; address: string; port: number } {
  return { name, address, port };
}

function parseKey(pair: SshKeyPair): ParsedKey {
  const key = ssh2.utils.parseKey(pair.publicKey);
  if (key instanceof Error) throw key;
  return key;
}
