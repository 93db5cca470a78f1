import type { InstalledFacts } from "./installed-script.ts";
import { newestFirst } from "./newest-first.ts";

/** What is to go: versions by name, or all but some. */
export type RemovalChoice =
  | { readonly kind: "named"; readonly versions: readonly string[] }
  /** The newest so many stay; the deploy server's own version counts among them and always stays. */
  | { readonly kind: "keep"; readonly count: number };

/** What deployments from this server need on hosts. */
export interface OwnVersion {
  readonly version: string;
  /** Name of the worker's file on hosts. */
  readonly workerName: string;
}

/** What may go from one host. */
export interface Removals {
  readonly names: readonly string[];
  /** Versions that were to go, and stay because processes of the host run from them. */
  readonly used: readonly string[];
}

/** Chooses the files that go from a host: none that a version which stays, or a process, needs. */
export function chooseRemovals(facts: InstalledFacts, choice: RemovalChoice, own: OwnVersion): Removals {
  const { files, inUse, versions } = facts;
  const doomed = new Set(doomedVersions([...versions.keys()], choice, own.version));
  const used = [...doomed].filter((version) => versions.get(version)?.some((name) => inUse.includes(name)));
  for (const version of used) doomed.delete(version);
  const stays = [...versions.keys()].filter((version) => !doomed.has(version));
  const needed = new Set([own.workerName, ...inUse, ...stays.flatMap((each) => versions.get(each) ?? [])]);
  const isListed = new Set([...doomed].flatMap((version) => versions.get(version) ?? []));
  const hasNode = facts.hasOwnNode || [...needed].some((name) => name.startsWith("node-"));
  const mayGo = (name: string): boolean => {
    if (name.startsWith("version-")) return doomed.has(name.slice("version-".length));
    if (needed.has(name) || (choice.kind === "named" && !isListed.has(name))) return false;
    return hasNode || !name.startsWith("node-");
  };
  return { names: files.map(({ name }) => name).filter(mayGo), used };
}

function doomedVersions(installed: readonly string[], choice: RemovalChoice, own: string): string[] {
  const others = installed.filter((version) => version !== own);
  if (choice.kind === "named") return others.filter((version) => choice.versions.includes(version));
  const room = choice.count - (others.length < installed.length ? 1 : 0);
  return others.toSorted(newestFirst).slice(Math.max(0, room));
}
