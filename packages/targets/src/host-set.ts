import { uniteBoxes } from "./box-folding.ts";
import { countBox, intersectBoxes, subtractBoxes, type Box } from "./boxes.ts";

/** Hosts whose names differ only in numbers. */
export interface HostFamily {
  /** The name with `%s` for each number: `web%s.dc%s.example`. */
  readonly pattern: string;
  /** What stands before, between and behind the numbers; one more than there are numbers. */
  readonly pieces: readonly string[];
  /** The numbers, without overlaps. A name without numbers has one box without positions. */
  readonly boxes: readonly Box[];
}

/** A set of host names that is never written out unless asked: `web[1-1000000]` takes no room. */
export interface HostSet {
  /** By pattern. */
  readonly families: ReadonlyMap<string, HostFamily>;
}

/** The set without hosts. */
export const EMPTY_HOST_SET: HostSet = { families: new Map() };

/** Hosts that are in at least one of the sets. */
export function uniteHostSets(sets: readonly HostSet[]): HostSet {
  if (sets.length === 1 && sets[0] !== undefined) return sets[0];
  const gathered = new Map<string, { family: HostFamily; boxes: Box[]; isOne: boolean }>();
  for (const set of sets) {
    for (const [pattern, family] of set.families) {
      const known = gathered.get(pattern);
      if (known === undefined) gathered.set(pattern, { family, boxes: [...family.boxes], isOne: true });
      else {
        for (const box of family.boxes) known.boxes.push(box);
        known.isOne = false;
      }
    }
  }
  return setOf(
    [...gathered.values()].map(({ family, boxes, isOne }) =>
      isOne ? family : { ...family, boxes: uniteBoxes(boxes) },
    ),
  );
}

/** Hosts that are in both sets. */
export function intersectHostSets(left: HostSet, right: HostSet): HostSet {
  return combine(left, right, (a, b) => intersectBoxes(a, b));
}

/** Hosts of the first set that are not in the second. */
export function subtractHostSets(left: HostSet, right: HostSet): HostSet {
  return combine(left, right, (a, b) => subtractBoxes(a, b));
}

/** Hosts that are in exactly one of the two sets. */
export function xorHostSets(left: HostSet, right: HostSet): HostSet {
  return uniteHostSets([subtractHostSets(left, right), subtractHostSets(right, left)]);
}

/** Union, difference, intersection, and what is in one of the two only. */
export type SetOperator = "," | "!" | "&" | "^";

/** One operator with what stands to its right. */
export interface SetStep {
  readonly operator: SetOperator;
  readonly right: HostSet;
}

/** Carries out operations strictly from left to right. */
export function combineHostSets(first: HostSet, steps: readonly SetStep[]): HostSet {
  let left = first;
  // Unions are gathered and made at once, which is what makes long lists quick.
  let gathered: HostSet[] = [];
  for (const { operator, right } of steps) {
    if (operator === ",") {
      gathered.push(right);
    } else {
      left = applyOperator(operator, uniteHostSets([left, ...gathered]), right);
      gathered = [];
    }
  }
  return uniteHostSets([left, ...gathered]);
}

function applyOperator(operator: SetOperator, left: HostSet, right: HostSet): HostSet {
  switch (operator) {
    case ",":
      return uniteHostSets([left, right]);
    case "!":
      return subtractHostSets(left, right);
    case "&":
      return intersectHostSets(left, right);
    case "^":
      return xorHostSets(left, right);
  }
}

/** How many hosts the set has; exact, and without writing them out. */
export function countHostSet(set: HostSet): bigint {
  let count = 0n;
  for (const family of set.families.values()) count += countFamily(family);
  return count;
}

/** How many hosts a family has. */
export function countFamily(family: HostFamily): bigint {
  return family.boxes.reduce((count, box) => count + countBox(box), 0n);
}

/** A set of families with different patterns; those without hosts are left out. */
export function setOf(families: readonly HostFamily[]): HostSet {
  const filled = families.filter(({ boxes }) => boxes.length > 0);
  return { families: new Map(filled.map((family) => [family.pattern, family])) };
}

/** The families in the order of iteration: by pattern, as text. */
export function orderedFamilies(set: HostSet): HostFamily[] {
  return [...set.families.values()].toSorted((a, b) => (a.pattern < b.pattern ? -1 : 1));
}

function combine(
  left: HostSet,
  right: HostSet,
  apply: (left: readonly Box[], right: readonly Box[]) => readonly Box[],
): HostSet {
  const families = [...left.families.values()].map((family) => ({
    ...family,
    boxes: uniteBoxes(apply(family.boxes, right.families.get(family.pattern)?.boxes ?? [])),
  }));
  return setOf(families.filter(({ boxes }) => boxes.some((box) => box.every((axis) => axis.length > 0))));
}
