import { isGitAtLeast, OLDEST_GIT, parseGitVersion } from "@scap/git";
import { quoteShell } from "@scap/ssh-job";
import { OLDEST_NODE } from "../delivery/cache-directory.ts";
import { sizeText } from "../delivery/delivery-notes.ts";
import { platformText } from "../delivery/host-platform.ts";
import type { Parcel } from "../delivery/parcel.ts";
import { limitTo, runOn, type HostFinding } from "./finding.ts";
import type { HostFacts, Room } from "./host-facts.ts";
import { examineReturn } from "./examine-return.ts";

/** What a deployment will need on one host. */
export interface HostNeeds {
  readonly repo: string;
  /** In the directory of the repository: objects and a checkout. */
  readonly deployBytes: number;
  readonly deployInodes: number;
  /** In the ssh user's cache, besides a Node. */
  readonly cacheBytes: number;
  /** The Node that would be sent where there is none; undefined when none fits. */
  readonly runtime: Parcel | undefined;
  /** Why none could be looked for: a file of `runtime_files` that cannot be used. */
  readonly runtimeFailure?: string;
  readonly runtimeMode: "auto" | "never";
  /** Seconds by which the host's clock is ahead of this one; negative: behind. */
  readonly clockAheadSeconds: number;
}

/** A clock that is off by more makes logs and checks of certificates lie. */
const CLOCK_LIMIT_S = 5;

/** What is to be known about a host, from one look at it. Pure. */
export function examineHost(facts: HostFacts, needs: HostNeeds): HostFinding[] {
  return [
    ...programs(facts),
    ...runtime(facts, needs),
    ...permissions(facts),
    ...room("deploy", facts.deployRoom, { bytes: needs.deployBytes, inodes: needs.deployInodes }, facts),
    ...room(
      "cache",
      facts.cacheRoom,
      { bytes: needs.cacheBytes + runtimeBytes(facts, needs), inodes: 4 },
      facts,
    ),
    ...clock(needs),
    ...examineReturn(facts),
  ];
}

/** Packages that are not called like their program. */
const PACKAGES: Readonly<Record<string, string>> = { flock: "util-linux" };

/** What no package of the distributions has. */
const WORDS: Readonly<Record<string, () => string>> = {
  "git-fat": () => "put git-fat into a directory of the ssh user's PATH",
};

function programs({ gitVersion, missing }: HostFacts): HostFinding[] {
  const absent = missing.map((name): HostFinding => {
    const finding = problem("PROGRAM_MISSING", `${name} is not installed`);
    return { ...finding, repair: WORDS[name] ?? installing(PACKAGES[name] ?? name) };
  });
  const version = parseGitVersion(gitVersion ?? "");
  if (version === undefined || isGitAtLeast(version, OLDEST_GIT)) return absent;
  const cause = `git is too old: ${OLDEST_GIT} or newer is needed`;
  return [
    ...absent,
    { ...problem("GIT_TOO_OLD", cause), detail: `git ${gitVersion}`, repair: installing("git") },
  ];
}

function problem(code: string, cause: string): Pick<HostFinding, "level" | "code" | "cause"> {
  return { level: "problem", code, cause };
}

function installing(pkg: string): NonNullable<HostFinding["repair"]> {
  return (hosts) => runOn(hosts, `apt-get install -y ${pkg}`, "--sudo");
}

function runtime(
  { hasNode, platform }: HostFacts,
  { runtime: parcel, runtimeFailure, runtimeMode }: HostNeeds,
): HostFinding[] {
  if (hasNode) return [];
  const cause = `there is no Node ${OLDEST_NODE} or newer`;
  if (runtimeMode === "never") {
    const repair = (): string => "scap deploy -Druntime:auto";
    return [{ level: "problem", code: "NODE_MISSING", cause: `${cause}, and runtime is "never"`, repair }];
  }
  if (runtimeFailure !== undefined) {
    const repair = (): string => "scap config explain runtime_files";
    return [{ ...problem("NODE_MISSING", `${cause}. ${runtimeFailure}`), repair }];
  }
  if (parcel === undefined) {
    const system = platform === undefined ? "an unknown system" : platformText(platform);
    const repair = (): string => "name a tarball of Node for it in runtime_files";
    return [
      { level: "problem", code: "NODE_MISSING", cause: `${cause}, and none to send for ${system}`, repair },
    ];
  }
  return [
    {
      level: "note",
      code: "NODE_SENT",
      cause: `${cause}: ${parcel.label} is sent once (${sizeText(parcel.sentBytes)} each)`,
      repair: (hosts) => `scap install-world ${limitTo(hosts)}`,
    },
  ];
}

function runtimeBytes({ hasNode }: HostFacts, { runtime: parcel }: HostNeeds): number {
  return hasNode ? 0 : (parcel?.sizeBytes ?? 0);
}

function permissions({ unmakable, unwritable, user }: HostFacts): HostFinding[] {
  const finding = (cause: string, command: string, path: string): HostFinding => ({
    ...problem("NOT_WRITABLE", `${user} cannot ${cause} ${path}`),
    repair: (hosts) => runOn(hosts, `${command} ${quoteShell(user)} ${quoteShell(path)}`, "--sudo"),
  });
  return [
    ...unwritable.map((path) => finding("write to", "chown", path)),
    ...unmakable.map((path) => finding("make", "install -d -o", path)),
  ];
}

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
    found.push({
      level: "problem",
      code: "DISK_FULL",
      cause: `too little room${on} for ${where}: ${sizeText(needed.bytes)} are needed`,
      detail: `${sizeText(freeBytes)} free`,
      repair: (hosts) => runOn(hosts, `du -sh ${look}; df -h ${disk}`, "--safe"),
    });
  }
  if (freeInodes !== undefined && freeInodes < needed.inodes) {
    found.push({
      level: "problem",
      code: "INODES_FULL",
      cause: `too few inodes${on} for ${where}: ${needed.inodes} are needed`,
      detail: `${freeInodes} free`,
      repair: (hosts) => runOn(hosts, `du --inodes -xd2 ${disk} | sort -n | tail`, "--safe"),
    });
  }
  return found;
}

function clock({ clockAheadSeconds: ahead }: HostNeeds): HostFinding[] {
  if (Math.abs(ahead) <= CLOCK_LIMIT_S) return [];
  return [
    {
      level: "problem",
      code: "CLOCK_SKEW",
      cause: `the clock differs from the deploy server's by more than ${CLOCK_LIMIT_S} s`,
      detail: `${Math.round(Math.abs(ahead))} s ${ahead > 0 ? "ahead" : "behind"}`,
      repair: (hosts) => runOn(hosts, "timedatectl set-ntp true", "--sudo"),
    },
  ];
}
