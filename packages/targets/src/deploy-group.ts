import { TargetsError } from "./errors.ts";

/** Consecutive hosts of a group that are deployed to together. */
export interface Subgroup {
  /** The group's name, with a number behind it when the group has more than one subgroup. */
  readonly label: string;
  readonly hosts: readonly string[];
}

/** An ordered set of targets with its limits. */
export interface DeployGroup {
  readonly name: string;
  /** In the order of the list; never empty. */
  readonly hosts: readonly string[];
  /** Most hosts of a subgroup. */
  readonly size: number;
  /** The group stops when more hosts than this have failed. */
  readonly failureLimit: number;
  /** How many hosts the group had before limits and excludes. */
  readonly selectedOf: number;
  /** The slices of one pass, without the excluded hosts; none if nobody is left. */
  subgroups(excluded?: ReadonlySet<string>): Subgroup[];
}

/** What makes a {@link DeployGroup}. */
export type DeployGroupParts = Omit<DeployGroup, "subgroups">;

/**
 * Adds slicing to a group.
 *
 * @throws {TargetsError} `GROUP_INVALID` for a group without hosts, or with subgroups of less than one
 */
export function createDeployGroup(parts: DeployGroupParts): DeployGroup {
  const hosts = [...parts.hosts];
  if (hosts.length === 0) throw invalid(parts, "it has no hosts");
  if (!(parts.size >= 1)) throw invalid(parts, `its subgroups cannot have ${parts.size} hosts`);
  return { ...parts, hosts, subgroups: (excluded = new Set()) => slice({ ...parts, hosts }, excluded) };
}

function slice({ name, hosts, size }: DeployGroupParts, excluded: ReadonlySet<string>): Subgroup[] {
  const remaining = hosts.filter((host) => !excluded.has(host));
  const count = Math.ceil(remaining.length / size);
  return Array.from({ length: count }, (_, index) => ({
    label: count === 1 ? name : `${name}${index + 1}`,
    hosts: remaining.slice(index * size, (index + 1) * size),
  }));
}

function invalid({ name }: DeployGroupParts, reason: string): TargetsError {
  return new TargetsError(`There can be no deploy group ${name}: ${reason}`, { code: "GROUP_INVALID" });
}
