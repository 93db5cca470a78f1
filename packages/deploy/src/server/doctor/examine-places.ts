import { quoteShell } from "@scap/ssh-job";
import { sizeText } from "../delivery/delivery-notes.ts";
import type { Parcel } from "../delivery/parcel.ts";
import { problem, runOn, type HostFinding } from "./finding.ts";
import type { HostFacts, Room } from "./host-facts.ts";

/** What a deployment will put on one host. */
export interface SpaceNeeds {
  /** In the directory of the repository: objects and a checkout. */
  readonly deployBytes: number;
  readonly deployInodes: number;
  /** In the ssh user's cache, besides a Node. */
  readonly cacheBytes: number;
  /** The Node that would be sent where there is none; undefined when none fits. */
  readonly runtime: Parcel | undefined;
}

/** Inodes for what is put into the cache. */
const CACHE_INODES = 4;

/** Whether the places that a deployment writes to can be written, and have room. */
export function examinePlaces(facts: HostFacts, needs: SpaceNeeds): HostFinding[] {
  const { cacheBytes, deployBytes, deployInodes, runtime } = needs;
  const runtimeBytes = facts.hasNode ? 0 : (runtime?.sizeBytes ?? 0);
  const inCache = { bytes: cacheBytes + runtimeBytes, inodes: CACHE_INODES };
  return [
    ...mounts(facts, needs),
    ...permissions(facts),
    ...room("deploy", facts.deployRoom, { bytes: deployBytes, inodes: deployInodes }, facts),
    ...room("cache", facts.cacheRoom, inCache, facts),
  ];
}

/** What no owner of a directory can change. */
function mounts(
  { cacheRoom, deployRoom, hasNode }: HostFacts,
  { runtime: parcel }: SpaceNeeds,
): HostFinding[] {
  const remount = (flag: string, mount: string): NonNullable<HostFinding["repair"]> => {
    return (hosts) => runOn(hosts, `mount -o remount,${flag} ${quoteShell(mount)}`, "--sudo");
  };
  const readOnly = new Set([deployRoom, cacheRoom].filter(isReadOnly).map(({ mount = "/" }) => mount));
  const found = [...readOnly].map((mount): HostFinding => {
    return { ...problem("READ_ONLY", `${mount} is mounted read-only`), repair: remount("rw", mount) };
  });
  const { flags, mount = "/" } = cacheRoom;
  if (hasNode || parcel === undefined || !flags.includes("noexec")) return found;
  const cause = `${mount} is mounted noexec, so that the Node to be sent cannot run there`;
  return [...found, { ...problem("NOEXEC", cause), repair: remount("exec", mount) }];
}

function isReadOnly({ flags }: Room): boolean {
  return flags.includes("ro");
}

function permissions({
  cacheRoom,
  deployRoom,
  final,
  unmakable,
  unwritable,
  user,
}: HostFacts): HostFinding[] {
  const places = [deployRoom, cacheRoom].filter(isReadOnly).map(({ mount = "/" }) => mount);
  const isElsewhere = (path: string): boolean => !places.some((mount) => isBelow(path, mount));
  const finding = (cause: string, command: string, path: string): HostFinding => ({
    ...problem("NOT_WRITABLE", `${user} cannot ${cause} ${path}`),
    repair: (hosts) => runOn(hosts, `${command} ${quoteShell(user)} ${quoteShell(path)}`, "--sudo"),
  });
  const refused = unwritable.filter(isElsewhere);
  const root = `${final}-cache`;
  const [first] = refused.filter((path) => isBelow(path, root));
  return [
    ...refused.filter((path) => !isBelow(path, root)).map((path) => finding("write to", "chown", path)),
    ...(first === undefined
      ? []
      : [{ ...finding("write everywhere in", "chown -R", root), detail: `not in ${first}` }]),
    ...unmakable.filter(isElsewhere).map((path) => finding("make", "install -d -o", path)),
  ];
}

function isBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

/** What is to be removed is for a person to say. */
const LOOK_FIRST = "   # shows what to make room from";

function room(
  place: "deploy" | "cache",
  { freeBytes, freeInodes, mount }: Room,
  needed: { bytes: number; inodes: number },
  { final }: HostFacts,
): HostFinding[] {
  const where = place === "deploy" ? final : "the ssh user's cache directory";
  const look = place === "deploy" ? `${quoteShell(`${final}-cache/revs`)}/*` : "~/.cache/*";
  // Part of the cause, so that hosts are put together only where one command looks at all of them.
  const on = mount === undefined ? "" : ` on ${mount}`;
  const disk = quoteShell(mount ?? final);
  const found: HostFinding[] = [];
  if (freeBytes !== undefined && freeBytes < needed.bytes) {
    const cause = `too little room${on} for ${where}: ${sizeText(needed.bytes)} are needed`;
    found.push({
      ...problem("DISK_FULL", cause),
      detail: `${sizeText(freeBytes)} free`,
      repair: (hosts) => `${runOn(hosts, `du -sh ${look}; df -h ${disk}`, "--safe")}${LOOK_FIRST}`,
    });
  }
  if (freeInodes !== undefined && freeInodes < needed.inodes) {
    const cause = `too few inodes${on} for ${where}: ${needed.inodes} are needed`;
    found.push({
      ...problem("INODES_FULL", cause),
      detail: `${freeInodes} free`,
      repair: (hosts) =>
        `${runOn(hosts, `du --inodes -xd2 ${disk} | sort -n | tail`, "--safe")}${LOOK_FIRST}`,
    });
  }
  return found;
}
