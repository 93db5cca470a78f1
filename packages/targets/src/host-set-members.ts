import type { Box } from "./boxes.ts";
import { uniteBoxes } from "./box-folding.ts";
import { TargetsError } from "./errors.ts";
import {
  countFamily,
  countHostSet,
  orderedFamilies,
  setOf,
  type HostFamily,
  type HostSet,
} from "./host-set.ts";
import { byDigitsAndValue, intervalOf, sliceIntervals, writtenNumbers } from "./intervals.ts";

/** Limits of writing a set out. */
export interface ExpandOptions {
  /** Most hosts that may come out. @defaultValue 100_000 */
  readonly maxHosts?: number | undefined;
}

/**
 * The names of a set in order: by pattern as text, then by the numbers from left to right, fewer digits first.
 *
 * @throws {TargetsError} `HOST_SET_TOO_LARGE` before any name is written
 */
export function membersOf(set: HostSet, options: ExpandOptions = {}): string[] {
  checkSize(countHostSet(set), options);
  return orderedFamilies(set).flatMap(membersOfFamily);
}

/**
 * The hosts from position `start` up to and without `end`, in the order of {@link membersOf}. Only sets with
 * several varying numbers are written out for it.
 */
export function sliceHostSet(set: HostSet, start: bigint, end: bigint, options: ExpandOptions = {}): HostSet {
  const slice: HostFamily[] = [];
  let position = 0n;
  for (const family of orderedFamilies(set)) {
    const size = countFamily(family);
    const from = start > position ? start - position : 0n;
    const to = end - position < size ? end - position : size;
    if (from === 0n && to === size) slice.push(family);
    else if (from < to) slice.push(sliceFamily(family, from, to, options));
    position += size;
  }
  return setOf(slice);
}

function membersOfFamily(family: HostFamily): string[] {
  return orderedRows(family).map((numbers) => {
    const name = family.pieces.map((piece, index) => piece + (numbers[index] ?? "")).join("");
    return name.startsWith("[") ? name.slice(1, -1) : name;
  });
}

function sliceFamily(family: HostFamily, from: bigint, to: bigint, options: ExpandOptions): HostFamily {
  const [box, ...others] = family.boxes;
  const [axis, ...rest] = box ?? [];
  if (axis !== undefined && others.length === 0 && rest.length === 0) {
    return { ...family, boxes: [[sliceIntervals(axis, Number(from), Number(to))]] };
  }
  checkSize(countFamily(family), options);
  const rows = orderedRows(family).slice(Number(from), Number(to));
  return { ...family, boxes: uniteBoxes(rows.map((row): Box => row.map((number) => [intervalOf(number)]))) };
}

/** All combinations of a family, each as its numbers in writing. */
function orderedRows(family: HostFamily): string[][] {
  const rows = family.boxes.flatMap(rowsOfBox);
  return family.boxes.length === 1 ? rows : rows.toSorted(compareRows);
}

function rowsOfBox(box: Box): string[][] {
  return box.reduce<string[][]>(
    (rows, axis) => {
      const numbers = [...writtenNumbers(axis)];
      return rows.flatMap((row) => numbers.map((number) => [...row, number]));
    },
    [[]],
  );
}

function compareRows(left: readonly string[], right: readonly string[]): number {
  for (const [position, number] of left.entries()) {
    const order = byDigitsAndValue(intervalOf(number), intervalOf(right[position] ?? ""));
    if (order !== 0) return order;
  }
  return 0;
}

function checkSize(count: bigint, { maxHosts = 100_000 }: ExpandOptions): void {
  if (count <= BigInt(maxHosts)) return;
  throw new TargetsError(`The set has ${count} hosts; at most ${maxHosts} can be written out`, {
    code: "HOST_SET_TOO_LARGE",
    hint: "Check the range for a digit too many.",
  });
}
