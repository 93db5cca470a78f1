/**
 * Which hosts must be confirmed after they promoted: the first group of several or the first subgroup of one, every
 * host, or none.
 */
export type ConfirmPolicy = "canaries" | "all" | "never";

/** A promotion that the hosts take back by themselves unless it is confirmed. */
export interface PlannedLease {
  /** Time for it, in milliseconds. It starts anew while the deployment works; waiting for an answer uses it up. */
  readonly timeoutMs: number;
  /** What confirms it: that the subgroup passed and the deployment goes on, or that the whole deployment is done. */
  readonly confirmedBy: "verdict" | "finalize";
}

/** What a policy needs to know of the plan. */
interface LeasePlace {
  /** Position of the subgroup: of its group, and in that group. */
  readonly group: number;
  readonly subgroup: number;
  readonly groups: number;
  readonly subgroups: number;
}

/** The lease of one subgroup; undefined where none is needed. */
export function plannedLease(
  { policy, timeoutMs }: { readonly policy: ConfirmPolicy; readonly timeoutMs: number },
  place: LeasePlace,
): PlannedLease | undefined {
  switch (policy) {
    case "all":
      return { timeoutMs, confirmedBy: "finalize" };
    case "canaries":
      return isCanary(place) ? { timeoutMs, confirmedBy: "verdict" } : undefined;
    case "never":
      return undefined;
  }
}

/** Where everything is one slice, nothing is tried first. */
function isCanary({ group, groups, subgroup, subgroups }: LeasePlace): boolean {
  if (group > 0) return false;
  return groups > 1 || (subgroups > 1 && subgroup === 0);
}
