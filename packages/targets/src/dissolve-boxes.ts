import type { Box } from "./boxes.ts";
import { countIntervals, normalise, sliceIntervals, type Intervals } from "./intervals.ts";

/** The search compares each slice of each box with all boxes, so it is for few of them, with few slices. */
const MAX_BOXES = 64;
const MAX_SLICES = 16;

/**
 * Gives up boxes whose slices all fit onto other boxes: of `a1b[1-2]`, `a2b1` and `a3b2` the first is split between the
 * others. Joining boxes alone does not find these, since it never takes one apart. The boxes must not overlap.
 */
export function dissolveBoxes(boxes: readonly Box[]): Box[] {
  let rest = [...boxes];
  if (rest.length > MAX_BOXES) return rest;
  for (;;) {
    const fewer = withoutOne(rest);
    if (fewer === undefined) return rest;
    rest = fewer;
  }
}

function withoutOne(boxes: readonly Box[]): Box[] | undefined {
  for (const [index, box] of boxes.entries()) {
    const others = boxes.toSpliced(index, 1);
    for (const axis of box.keys()) {
      const joined = joinSlices(slicesAlong(box, axis), others);
      if (joined !== undefined) return joined;
    }
  }
  return undefined;
}

/** The box cut into one for each number of the position. */
function slicesAlong(box: Box, axis: number): Box[] {
  const choice = box[axis] ?? [];
  const count = countIntervals(choice);
  if (count > MAX_SLICES) return [box];
  return Array.from({ length: count }, (_, at) => box.with(axis, sliceIntervals(choice, at, at + 1)));
}

/** The boxes with all slices in them; undefined when one fits nowhere. */
function joinSlices(slices: readonly Box[], boxes: readonly Box[]): Box[] | undefined {
  const joined = [...boxes];
  for (const slice of slices) {
    const index = joined.findIndex((box) => onlyDifference(box, slice) !== undefined);
    const box = joined[index];
    const axis = box && onlyDifference(box, slice);
    if (box === undefined || axis === undefined) return undefined;
    joined[index] = box.with(axis, normalise([...(box[axis] ?? []), ...(slice[axis] ?? [])]));
  }
  return joined;
}

/** The one position in which two boxes differ; undefined where there are several. */
function onlyDifference(left: Box, right: Box): number | undefined {
  const different = [...left.keys()].filter((axis) => !isSame(left[axis] ?? [], right[axis] ?? []));
  return different.length === 1 ? different[0] : undefined;
}

function isSame(left: Intervals, right: Intervals): boolean {
  if (left.length !== right.length) return false;
  return left.every((one, at) => {
    const other = right[at];
    return other?.digits === one.digits && other.low === one.low && other.high === one.high;
  });
}
