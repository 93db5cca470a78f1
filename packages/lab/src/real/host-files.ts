import { chmod, chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { scapConfigText } from "../scap-config.ts";
import type { HostPlan } from "./host-plan.ts";
import { findLogin, type Login } from "./login.ts";
import { layOutNode, NODE_MOUNT, type NodeMounts } from "./node-mounts.ts";

/** What all hosts' files have in common. */
export interface HostFilesOptions {
  readonly directory: string;
  readonly hosts: readonly HostPlan[];
  readonly user: string;
  readonly authorizedKey: string;
  readonly privateKeys: ReadonlyMap<string, string>;
  readonly scapConfig: Readonly<Record<string, string>>;
  readonly withoutNode: boolean;
  /** Size of a disk of its own for `/srv`; else `/srv` is on the disk of the lab's folder. */
  readonly diskBytes: number | undefined;
}

/** `git_deploy_dir` of every real host. */
export const DEPLOY_DIR = "/srv/deployment";

/** Lays out every host's private folders (`hosts/`), the changes to its `/etc` (`upper/`) and its mounts (`fstab/`). */
export async function writeHostFiles(options: HostFilesOptions): Promise<void> {
  const login = await findLogin(options.user);
  const etc = await sharedEtcFiles(options, login);
  const node = await layOutNode(options);
  await mkdir(join(options.directory, "fstab"), { recursive: true });
  await Promise.all(
    options.hosts.map(async (host) => {
      await makeFolders(join(options.directory, "hosts", host.name), login);
      await writeEtc(options, host, etc);
      await writeFile(join(options.directory, "fstab", host.name), fstab(host.name, node, options.diskBytes));
    }),
  );
}

const FOLDERS: readonly (readonly [path: string, mode: number])[] = [
  ["srv/deployment", 0o755],
  ["home", 0o755],
  ["root", 0o700],
  ["tmp", 0o1777],
  ["var-tmp", 0o1777],
  ["run/sshd", 0o755],
  ["run/lock", 0o1777],
  ["log", 0o755],
];

async function makeFolders(root: string, login: Login): Promise<void> {
  for (const [path, mode] of FOLDERS) {
    await mkdir(join(root, path), { recursive: true });
    await chmod(join(root, path), mode);
  }
  await mkdir(join(root, login.home), { recursive: true });
  await writeFile(join(root, NODE_MOUNT), "");
  await chown(join(root, login.home), login.uid, login.gid);
  await chown(join(root, "srv/deployment"), login.uid, login.gid);
}

async function sharedEtcFiles(options: HostFilesOptions, login: Login): Promise<Record<string, string>> {
  const [passwd, group, shadow] = await Promise.all(
    ["passwd", "group", "shadow"].map((name) => readFile(`/etc/${name}`, "utf8")),
  );
  const names = options.hosts.map((host) => `${host.address} ${host.name}\n`).join("");
  return {
    passwd: withLine(passwd ?? "", `${login.name}:x:${login.uid}:${login.gid}::${login.home}:/bin/sh`),
    group: withLine(group ?? "", `${login.name}:x:${login.gid}:`),
    // An asterisk: no password fits, but the account is not locked, which sshd would refuse.
    shadow: withLine(shadow ?? "", `${login.name}:*:19000:0:99999:7:::`),
    hosts: `127.0.0.1 localhost\n${names}`,
    "scap.cfg": scapConfigText({ git_deploy_dir: DEPLOY_DIR, ...options.scapConfig }),
    "ssh/sshd_config": SSHD_CONFIG,
    "ssh/lab_authorized_keys": `${options.authorizedKey}\n`,
  };
}

/** Adds an account's line in front, replacing one of the same name. */
function withLine(text: string, line: string): string {
  const start = line.slice(0, line.indexOf(":") + 1);
  return [line, ...text.split("\n").filter((one) => !one.startsWith(start))].join("\n");
}

async function writeEtc(
  options: HostFilesOptions,
  host: HostPlan,
  shared: Record<string, string>,
): Promise<void> {
  const upper = join(options.directory, "upper", host.name);
  await Promise.all(["etc/ssh", "etc-work"].map((path) => mkdir(join(upper, path), { recursive: true })));
  const files = { ...shared, hostname: `${host.name}\n` };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(upper, "etc", name), text)));
  await chmod(join(upper, "etc/shadow"), 0o640);
  const key = join(upper, "etc/ssh/ssh_host_ed25519_key");
  await writeFile(key, options.privateKeys.get(host.name) ?? "", { mode: 0o600 });
}

const SSHD_CONFIG = `Port 22
HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile /etc/ssh/lab_authorized_keys
PidFile /run/sshd.pid
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
PrintLastLog no
AcceptEnv LANG LC_*
Subsystem sftp /usr/lib/openssh/sftp-server
LogLevel VERBOSE
`;

/**
 * Overlays come first, because their parts are below /run and must be found before /run is covered; then node, whose
 * own path may be below /root or /home.
 */
function fstab(name: string, node: NodeMounts, diskBytes: number | undefined): string {
  const own = `/mnt/hosts/${name}`;
  const upper = `/run/upper/${name}/etc`;
  const lines = [
    `overlay /etc overlay lowerdir=/etc,upperdir=${upper},workdir=${upper}-work 0 0`,
    ...node.overlays,
    `${own}/run /run none bind 0 0`,
    ...node.binds,
    diskBytes === undefined
      ? `${own}/srv /srv none bind 0 0`
      : `disk /srv tmpfs size=${diskBytes},mode=755 0 0`,
    `${own}/home /home none bind 0 0`,
    `${own}/root /root none bind 0 0`,
    `${own}/log /var/log none bind 0 0`,
    `${own}/var-tmp /var/tmp none bind 0 0`,
    `${own}/tmp /tmp none bind 0 0`,
  ];
  return `${lines.join("\n")}\n`;
}
