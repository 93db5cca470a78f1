import { isIPv6 } from "node:net";

import { MAX_STEPPED, readBracket } from "./bracket.ts";
import type { HostFamily } from "./host-set.ts";
import {
  countIntervals,
  intervalOf,
  MAX_DIGITS,
  normalise,
  type Interval,
  type Intervals,
} from "./intervals.ts";
import type { TextCursor } from "./text-cursor.ts";

/** Reads one name with its brackets, such as `web[1-3].dc[1,2].example.org`, from the cursor on. */
export function readTerm(cursor: TextCursor): HostFamily {
  const start = cursor.at;
  const address = readAddress(cursor);
  if (address !== undefined) return address;
  if (/[._-]/.test(cursor.peek())) throw cursor.error("A host name starts with a letter or digit");
  let pieces = [""];
  const axes: Intervals[] = [];
  for (;;) {
    const before = cursor.at;
    const number = readPosition(cursor);
    // What is no number, or too long for one, is part of the name's text.
    const text = number === undefined ? cursor.match(/[0-9]+|[\p{L}._-]+/uy) : "";
    if (cursor.at === before) break;
    pieces = [...pieces.slice(0, -1), (pieces.at(-1) ?? "") + text];
    if (number === undefined) continue;
    axes.push(number);
    pieces.push("");
  }
  if (cursor.at === start) throw cursor.error(complaintAboutCharacter(cursor.peek()));
  return { pattern: pieces.join("%s"), pieces, boxes: [axes] };
}

/** `[2001:db8::1]`: brackets of its own keep the colons of an address apart from everything else. */
function readAddress(cursor: TextCursor): HostFamily | undefined {
  const found = /\[([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)\]/y;
  const start = cursor.at;
  const literal = cursor.match(found);
  if (literal === "") return undefined;
  if (!isIPv6(literal.slice(1, -1))) throw cursor.error(`${literal} is not an IPv6 address`, { at: start });
  return { pattern: literal, pieces: [literal], boxes: [[]] };
}

/** A number of the name: digits, a bracket, or a bracket with digits touching it. */
function readPosition(cursor: TextCursor): Intervals | undefined {
  const start = cursor.at;
  const front = cursor.match(/[0-9]+/y);
  if (cursor.peek() !== "[") {
    if (front !== "" && front.length <= MAX_DIGITS) return [intervalOf(front)];
    cursor.at = start;
    return undefined;
  }
  const members = readBracket(cursor);
  const back = cursor.match(/[0-9]+/y);
  if (cursor.peek() === "[") throw cursor.error("Two brackets need a letter between them");
  const longest = members.reduce((most, { digits }) => Math.max(most, digits), 0);
  if (front.length + longest + back.length > MAX_DIGITS) {
    throw cursor.error(`A number of a name has at most ${MAX_DIGITS} digits here`, { at: start });
  }
  const joined = members.map((member) => putInFront(front, member));
  return normalise(back === "" ? joined : putBehind(cursor, start, joined, back));
}

function putInFront(front: string, { digits, low, high }: Interval): Interval {
  const offset = Number(front) * 10 ** digits;
  return { digits: front.length + digits, low: offset + low, high: offset + high };
}

function putBehind(cursor: TextCursor, at: number, members: Interval[], back: string): Interval[] {
  const count = countIntervals(members);
  if (count > MAX_STEPPED) {
    throw cursor.error(`A range with digits behind it may have ${MAX_STEPPED} numbers, not ${count}`, {
      at,
      code: "HOST_SET_TOO_LARGE",
    });
  }
  const factor = 10 ** back.length;
  return members.flatMap(({ digits, low, high }) =>
    Array.from({ length: high - low + 1 }, (_, index) => {
      const value = (low + index) * factor + Number(back);
      return { digits: digits + back.length, low: value, high: value };
    }),
  );
}

function complaintAboutCharacter(character: string): string {
  if (character === "") return "A host name is missing at the end";
  if (character === "]") return "There is no bracket to close";
  if (/[,!&^]/.test(character)) return `A host name is missing before ${JSON.stringify(character)}`;
  return `A host name cannot contain ${JSON.stringify(character)}`;
}
