import { countBox, type Box } from "./boxes.ts";
import { fewestBoxes } from "./box-folding.ts";
import { orderedFamilies, type HostFamily, type HostSet } from "./host-set.ts";
import { writeIntervals } from "./interval-text.ts";

/** Writes a set in its shortest notation, such as `db1,web[1-180,190]`; the empty set as an empty text. */
export function writeHostSet(set: HostSet): string {
  return orderedFamilies(set).flatMap(writeFamily).join(",");
}

function writeFamily(family: HostFamily): string[] {
  return fewestBoxes(family.boxes)
    .toSorted(largerFirst)
    .map((box) => writeBox(family.pieces, box));
}

function writeBox(pieces: readonly string[], box: Box): string {
  const numbers = box.map(writeIntervals);
  return pieces.map((piece, index) => piece + (numbers[index] ?? "")).join("");
}

function largerFirst(left: Box, right: Box): number {
  const difference = countBox(right) - countBox(left);
  if (difference !== 0n) return difference > 0n ? 1 : -1;
  return compareStarts(left, right);
}

function compareStarts(left: Box, right: Box): number {
  for (const [position, axis] of left.entries()) {
    const a = axis[0];
    const b = right[position]?.[0];
    if (a === undefined || b === undefined) return 0;
    const order = a.digits - b.digits || a.low - b.low;
    if (order !== 0) return order;
  }
  return 0;
}
