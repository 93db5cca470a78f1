import {
  intersectHostSets,
  subtractHostSets,
  uniteHostSets,
  xorHostSets,
  type HostSet,
  type SetOperator,
} from "../host-set.ts";

/** Some hosts, or all hosts in the world except some. */
export interface BoundedSet {
  readonly hosts: HostSet;
  readonly isComplement: boolean;
}

/** Everything that is not in the set. */
export function complement(set: BoundedSet): BoundedSet {
  return { ...set, isComplement: !set.isComplement };
}

/** One operation, by the laws of De Morgan where a side is a complement. */
export function joinBounded(operator: SetOperator, left: BoundedSet, right: BoundedSet): BoundedSet {
  switch (operator) {
    case ",":
      return complement(meet(complement(left), complement(right)));
    case "&":
      return meet(left, right);
    case "!":
      return meet(left, complement(right));
    case "^":
      return {
        hosts: xorHostSets(left.hosts, right.hosts),
        isComplement: left.isComplement !== right.isComplement,
      };
  }
}

function meet(left: BoundedSet, right: BoundedSet): BoundedSet {
  if (left.isComplement && right.isComplement) {
    return { hosts: uniteHostSets([left.hosts, right.hosts]), isComplement: true };
  }
  if (left.isComplement) return { hosts: subtractHostSets(right.hosts, left.hosts), isComplement: false };
  if (right.isComplement) return { hosts: subtractHostSets(left.hosts, right.hosts), isComplement: false };
  return { hosts: intersectHostSets(left.hosts, right.hosts), isComplement: false };
}
