import { countBox, subtractBoxes, type Box } from "./boxes.ts";
import { dissolveBoxes } from "./dissolve-boxes.ts";
import { countIntervals, normalise, type Intervals } from "./intervals.ts";

/** Makes one list of boxes that do not overlap, in few boxes, from any list. */
export function uniteBoxes(boxes: readonly Box[]): Box[] {
  const [first] = boxes;
  if (first === undefined || first.length === 0) return first === undefined ? [] : [[]];
  if (first.length === 1) return [[normalise(boxes.flatMap(([axis]) => axis ?? []))]];
  return foldBoxes(withoutOverlaps(boxes));
}

/**
 * Joins boxes that differ in one position only, until none do. Which position comes first decides how well it
 * goes, so each gets its turn, and the shortest outcome counts.
 */
export function foldBoxes(boxes: readonly Box[]): Box[] {
  return shortest(waysToFold(boxes));
}

function waysToFold(boxes: readonly Box[]): Box[][] {
  const dimensions = boxes[0]?.length ?? 0;
  if (boxes.length < 2 || dimensions < 2) return [[...boxes]];
  return axisOrders(dimensions).map((order) => joinAlong(boxes, order));
}

function shortest(outcomes: readonly Box[][]): Box[] {
  return outcomes.reduce((best, outcome) => (outcome.length < best.length ? outcome : best));
}

function joinAlong(boxes: readonly Box[], order: readonly number[]): Box[] {
  let joined = [...boxes];
  for (;;) {
    const before = joined.length;
    for (const axis of order) joined = joinAxis(joined, axis);
    if (joined.length === before) return joined;
  }
}

function joinAxis(boxes: readonly Box[], axis: number): Box[] {
  const alike = new Map<string, { first: Box; choices: Intervals[] }>();
  for (const box of boxes) {
    const key = box.map((choice, position) => (position === axis ? "" : keyOf(choice))).join(";");
    const known = alike.get(key);
    const choice = box[axis] ?? [];
    if (known === undefined) alike.set(key, { first: box, choices: [choice] });
    else known.choices.push(choice);
  }
  return [...alike.values()].map(({ first, choices }) =>
    choices.length === 1 ? first : first.with(axis, normalise(choices.flat())),
  );
}

/** Every order for a few positions; for many, each position once at the front. */
function axisOrders(dimensions: number): number[][] {
  // The last position first: with equal outcomes, names stay together that differ at their end.
  const axes = Array.from({ length: dimensions }, (_, axis) => dimensions - 1 - axis);
  if (dimensions <= 3) return permutations(axes);
  return axes.map((axis) => [axis, ...axes.filter((other) => other !== axis)]);
}

function permutations(items: readonly number[]): number[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

/** Single combinations, by far the most common, are compared by name; only true boxes need cutting. */
function withoutOverlaps(boxes: readonly Box[]): Box[] {
  const points = new Map<string, Box>();
  const extended: Box[] = [];
  for (const box of boxes) {
    if (box.every((axis) => countIntervals(axis) === 1)) points.set(box.map(keyOf).join(";"), box);
    else extended.push(box);
  }
  const distinct: Box[] = [];
  for (const box of foldBoxes(extended)) distinct.push(...subtractBoxes([box], distinct));
  return [...distinct, ...subtractBoxes([...points.values()], distinct)];
}

function keyOf(intervals: Intervals): string {
  return intervals.map(({ digits, low, high }) => `${digits}:${low}-${high}`).join(",");
}

/** Up to this many combinations, folding also starts from each one alone, which often needs fewer boxes. */
const MAX_SINGLE = 10_000n;

/** The shortest list of boxes found for the same combinations. The boxes must not overlap. */
export function fewestBoxes(boxes: readonly Box[]): Box[] {
  const ways = waysToFold(boxes);
  const folded = shortest(ways);
  const count = folded.reduce((sum, box) => sum + countBox(box), 0n);
  if (folded.length < 2 || count > MAX_SINGLE) return folded;
  const single = waysToFold(folded.flatMap(singleBoxes));
  return shortest([folded, ...single, ...ways].map(dissolveBoxes));
}

function singleBoxes(box: Box): Box[] {
  return box.reduce<Box[]>(
    (rows, axis) => {
      const numbers = axis.flatMap(({ digits, low, high }) =>
        Array.from({ length: high - low + 1 }, (_, index) => [
          { digits, low: low + index, high: low + index },
        ]),
      );
      return rows.flatMap((row) => numbers.map((number) => [...row, number]));
    },
    [[]],
  );
}
