import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bareKey, type SshKeyPair } from "./ssh-keys.ts";

/** What a client has to know of one host. */
export interface ClientFileHost {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly publicKey: string;
}

/** Everything {@link writeClientFiles} puts on disk. */
export interface ClientFilesOptions {
  readonly directory: string;
  readonly user: string;
  readonly clientKey: SshKeyPair;
  readonly hosts: readonly ClientFileHost[];
}

/** Where the files for clients are. */
export interface ClientFiles {
  readonly sshConfigFile: string;
  readonly knownHostsFile: string;
  readonly identityFile: string;
}

/** Writes `ssh_config`, `known_hosts` and the key below `<directory>/client`. */
export async function writeClientFiles(options: ClientFilesOptions): Promise<ClientFiles> {
  const folder = join(options.directory, "client");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = {
    sshConfigFile: join(folder, "ssh_config"),
    knownHostsFile: join(folder, "known_hosts"),
    identityFile: join(folder, "id_ed25519"),
  };
  await writeFile(files.identityFile, options.clientKey.privateKey, { mode: 0o600 });
  await writeFile(`${files.identityFile}.pub`, `${options.clientKey.publicKey}\n`);
  await writeFile(files.knownHostsFile, options.hosts.map(knownHostLine).join(""));
  await writeFile(files.sshConfigFile, sshConfig(options, files));
  return files;
}

/** Variables under which `ssh`-using programs find the lab. */
export function clientEnv(files: ClientFiles): Record<string, string> {
  return {
    SCAP_SSH_CONFIG: files.sshConfigFile,
    GIT_SSH_COMMAND: `ssh -F '${files.sshConfigFile.replaceAll("'", `'\\''`)}'`,
  };
}

function knownHostLine(host: ClientFileHost): string {
  const patterns =
    host.port === 22
      ? [host.name, host.address]
      : [host.name, `[${host.name}]:${host.port}`, `[${host.address}]:${host.port}`];
  return `${patterns.join(",")} ${bareKey(host.publicKey)}\n`;
}

function sshConfig(options: ClientFilesOptions, files: ClientFiles): string {
  const hosts = options.hosts.map(
    (host) =>
      `Host ${host.name}\n  HostName ${host.address}\n  Port ${host.port}\n  HostKeyAlias ${host.name}\n`,
  );
  return `${hosts.join("")}
Host *
  User ${options.user}
  IdentityFile "${files.identityFile}"
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile "${files.knownHostsFile}"
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  UpdateHostKeys no
  BatchMode yes
  LogLevel ERROR
`;
}
