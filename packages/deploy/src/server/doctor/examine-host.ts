import { isGitAtLeast, OLDEST_GIT, parseGitVersion } from "@scap/git";
import { OLDEST_NODE } from "../delivery/cache-directory.ts";
import { sizeText } from "../delivery/delivery-notes.ts";
import { platformText } from "../delivery/host-platform.ts";
import { limitTo, problem, runOn, type HostFinding } from "./finding.ts";
import { examinePlaces, type SpaceNeeds } from "./examine-places.ts";
import type { HostFacts } from "./host-facts.ts";
import { examineReturn } from "./examine-return.ts";

/** What a deployment will need on one host. */
export interface HostNeeds extends SpaceNeeds {
  readonly repo: string;
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
    ...examinePlaces(facts, needs),
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
    const repair = (hosts: readonly string[]): string =>
      `scap install-world -Druntime:auto ${limitTo(hosts)}`;
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
