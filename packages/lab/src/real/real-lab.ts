import { randomBytes } from "node:crypto";
import { clientEnv, writeClientFiles } from "../client-files.ts";
import { findHost } from "../find-host.ts";
import { hostNames } from "../host-names.ts";
import { type LabDirectory, openLabDirectory } from "../lab-directory.ts";
import type { Lab, LabHost, LabOptions } from "../lab.ts";
import { generateSshKey, type SshKeyPair } from "../ssh-keys.ts";
import { type LabControl, writeControlFiles, writePlanFiles } from "./control-files.ts";
import { wakeEnterers } from "./enterers.ts";
import { findHostInits } from "./host-inits.ts";
import { writeHostFiles } from "./host-files.ts";
import { type HostPlan, planHosts } from "./host-plan.ts";
import { type LabInit, startLabInit } from "./lab-init.ts";
import { hasNetem, type LinkShaper, netemShaper, noShaper, relayShaper } from "./link-shaper.ts";
import { findLogin } from "./login.ts";
import { assertRealLabPossible } from "./prerequisites.ts";
import { realHost } from "./real-host.ts";
import { waitForServers } from "./server-ready.ts";
import { claimSubnet, type Subnet } from "./subnet.ts";
import { connectUplink, waitUntilGone } from "./uplink.ts";

/** What a real lab is started with. */
export interface RealLabOptions extends LabOptions {
  /** Login for clients, made up on the hosts when the machine does not have it. @defaultValue `deploy` */
  readonly user?: string;
  /** Gives each host a disk of this size for `/srv`, so that it can be filled. @defaultValue the disk of the folder */
  readonly diskBytes?: number;
  /** Makes {@link LabHost.shape} work also where the kernel has no `netem`, at the cost of throughput. @defaultValue false */
  readonly shapedLinks?: boolean;
}

/**
 * Starts hosts with a network namespace, mounts, process table and `sshd` each, joined by a switch that leads to this
 * machine and nowhere else. On a host, `/srv`, `/home`, `/root`, `/etc`, `/tmp`, `/var/tmp`, `/var/log` and `/run` are
 * its own; the rest is this machine's. Needs root.
 *
 * @throws {LabError} `NOT_POSSIBLE_HERE`, `BAD_OPTION`, `START_FAILED`
 */
export async function startRealLab(options: RealLabOptions): Promise<Lab> {
  assertRealLabPossible();
  const names = hostNames(options.hosts);
  const login = await findLogin(options.user ?? "deploy");
  const folder = await openLabDirectory(options.directory);
  const labId = randomBytes(8).toString("hex");
  const hasRelay = options.shapedLinks === true && !(await hasNetem());
  const control = await writeControlFiles(folder.path, { hasRelay });
  const owner = `${login.uid}:${login.gid}`;
  const init = await startLabInit({ control, labId, hasRelay, owner, isTemporary: folder.isTemporary });
  try {
    return await populate({ options, names, user: login.name, folder, labId, control, init });
  } catch (error) {
    await init.end();
    await folder.dispose();
    throw error;
  }
}

interface Started {
  readonly options: RealLabOptions;
  readonly names: readonly string[];
  readonly user: string;
  readonly folder: LabDirectory;
  readonly labId: string;
  readonly control: LabControl;
  readonly init: LabInit;
}

async function populate(started: Started): Promise<Lab> {
  const { options, names, user, folder, control, init } = started;
  const clientKey = generateSshKey("scap-lab");
  const keys = new Map(names.map((name) => [name, generateSshKey(name)]));
  const subnet = await claimSubnet((candidate) => connectUplink(candidate, init.pid, control.hasRelay));
  const plans = planHosts(names, subnet);
  await writePlanFiles(control, plans);
  await writeHostFiles({
    directory: folder.path,
    hosts: plans,
    user,
    authorizedKey: clientKey.publicKey,
    privateKeys: new Map([...keys].map(([name, key]) => [name, key.privateKey])),
    scapConfig: options.scapConfig ?? {},
    withoutNode: options.withoutNode ?? false,
    diskBytes: options.diskBytes,
  });
  await init.proceed();
  await waitForServers({ directory: folder.path, names, logFile: control.logFile });
  const hosts = await describeHosts(started, plans);
  return realLab({ ...started, hosts, keys, clientKey, subnet });
}

async function describeHosts(started: Started, plans: readonly HostPlan[]): Promise<LabHost[]> {
  const { options, user, folder, labId, init } = started;
  const inits = findHostInits(labId);
  const shape = await chooseShaper(started);
  return plans.map((plan) =>
    realHost({
      ...plan,
      directory: folder.path,
      user,
      initPid: inits.get(plan.name) ?? 0,
      labInitPid: init.pid,
      hasOwnDisk: options.diskBytes !== undefined,
      shape,
    }),
  );
}

async function chooseShaper({ control, init }: Started): Promise<LinkShaper> {
  if (control.hasRelay) return relayShaper(control.ordersFile);
  return (await hasNetem()) ? netemShaper(init.pid) : noShaper;
}

interface Parts extends Started {
  readonly hosts: readonly LabHost[];
  readonly keys: ReadonlyMap<string, SshKeyPair>;
  readonly clientKey: SshKeyPair;
  readonly subnet: Subnet;
}

async function realLab({ hosts, keys, clientKey, subnet, folder, init, labId, user }: Parts): Promise<Lab> {
  const known = hosts.map(({ name, address, port }) => {
    return { name, address, port, publicKey: keys.get(name)?.publicKey ?? "" };
  });
  const files = await writeClientFiles({ directory: folder.path, user, clientKey, hosts: known });
  const close = async (): Promise<void> => {
    wakeEnterers(new Set(findHostInits(labId).values()));
    await init.end();
    await waitUntilGone(subnet);
    await folder.dispose();
  };
  let closing: Promise<void> | undefined;
  return {
    kind: "real",
    directory: folder.path,
    hosts,
    user,
    ...files,
    env: clientEnv(files),
    host: (name) => findHost(hosts, name),
    close: () => (closing ??= close()),
  };
}
