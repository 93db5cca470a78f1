import { countIntervals, intersect, subtract, type Intervals } from "./intervals.ts";

/** One choice of numbers for each varying position: the hosts are all combinations. */
export type Box = readonly Intervals[];

/** How many hosts a box has. */
export function countBox(box: Box): bigint {
  return box.reduce((count, axis) => count * BigInt(countIntervals(axis)), 1n);
}

/** The combinations in both boxes; undefined when there are none. */
export function intersectBox(left: Box, right: Box): Box | undefined {
  const common: Intervals[] = [];
  for (const [position, axis] of left.entries()) {
    const both = intersect(axis, right[position] ?? []);
    if (both.length === 0) return undefined;
    common.push(both);
  }
  return common;
}

/** The combinations in both lists, each of which is free of overlaps. */
export function intersectBoxes(left: readonly Box[], right: readonly Box[]): Box[] {
  return left.flatMap((a) => right.map((b) => intersectBox(a, b)).filter((box) => box !== undefined));
}

/** The combinations of the first list that are not in the second. */
export function subtractBoxes(left: readonly Box[], right: readonly Box[]): Box[] {
  let rest = [...left];
  for (const hole of right) {
    if (rest.length === 0) break;
    rest = rest.flatMap((box) => subtractBox(box, hole));
  }
  return rest;
}

/** Cuts the hole out, one position after the other, so that the parts do not overlap. */
function subtractBox(box: Box, hole: Box): Box[] {
  const common = intersectBox(box, hole);
  if (common === undefined) return [box];
  return box.flatMap((axis, position) => {
    const outside = subtract(axis, hole[position] ?? []);
    return outside.length === 0 ? [] : [[...common.slice(0, position), outside, ...box.slice(position + 1)]];
  });
}
