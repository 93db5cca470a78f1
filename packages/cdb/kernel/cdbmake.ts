import { copy, hasRoom, noteRecord } from "./bytes";
import { report, SLACK } from "./layout";

const PLUS: u8 = 0x2b;
const COMMA: u8 = 0x2c;
const COLON: u8 = 0x3a;
const LINE_FEED: u8 = 0x0a;
/** `->` as the text has it, read as a little-endian number. */
const ARROW: u16 = 0x3e2d;
const MAX_DIGITS: usize = 7;
const MAX_LENGTH: u32 = 9_999_999;

/** Where the number read last ends. */
let numberEnd: usize = 0;

/** The number from `at` up to a delimiter, or -1 for what the host had better look at. */
function number(at: usize, delimiter: u8): i32 {
  const start = at;
  let value: i32 = 0;
  let digit: u8 = load<u8>(at) - 0x30;
  while (digit < 10 && at - start < MAX_DIGITS) {
    value = value * 10 + digit;
    digit = load<u8>(++at) - 0x30;
  }
  numberEnd = at + 1;
  return at > start && load<u8>(at) == delimiter ? value : -1;
}

/**
 * Turns lines `+3,5:one->Hello` into records. Stops at the first that is not complete, not right, or does not fit
 * before `full`.
 *
 * @param position where in the file `to` is
 */
export function recordsOfCdbmake(at: usize, end: usize, to: usize, full: usize, position: u32): void {
  const shift = position - <u32>to;
  let count = 0;
  while (at < end && load<u8>(at) == PLUS && hasRoom(count)) {
    const keyLength = <usize>number(at + 1, COMMA);
    if (<isize>keyLength < 0) break;
    const valueLength = <usize>number(numberEnd, COLON);
    if (<isize>valueLength < 0) break;
    const keyStart = numberEnd;
    const valueStart = keyStart + keyLength + 2;
    const valueEnd = valueStart + valueLength;
    const next = to + 8 + keyLength + valueLength;
    if (valueEnd >= end || next > full) break;
    if (load<u16>(valueStart - 2) != ARROW || load<u8>(valueEnd) != LINE_FEED) break;
    copy(keyStart, to + 8, keyLength);
    copy(valueStart, to + 8 + keyLength, valueLength);
    noteRecord(count++, to, keyLength, valueLength, <u32>to + shift);
    at = valueEnd + 1;
    to = next;
  }
  report(at, to, count);
}

function writeNumber(to: usize, value: u32): usize {
  if (value >= 10) to = writeNumber(to, value / 10);
  store<u8>(to, <u8>(0x30 + (value % 10)));
  return to + 1;
}

/** Turns records into lines `+3,5:one->Hello`, as far as these are complete and their lines fit before `full`. */
export function cdbmakeOfRecords(at: usize, end: usize, to: usize, full: usize): void {
  let count = 0;
  while (at + 8 <= end) {
    const keyLength = load<u32>(at);
    const valueLength = load<u32>(at, 4);
    if (keyLength > MAX_LENGTH || valueLength > MAX_LENGTH) break;
    const keyStart = at + 8;
    const valueStart = keyStart + keyLength;
    const next = valueStart + valueLength;
    if (next > end || to + 2 * MAX_DIGITS + 6 + keyLength + valueLength + SLACK > full) break;
    store<u8>(to, PLUS);
    to = writeNumber(to + 1, keyLength);
    store<u8>(to, COMMA);
    to = writeNumber(to + 1, valueLength);
    store<u8>(to, COLON);
    copy(keyStart, to + 1, keyLength);
    to += 1 + keyLength;
    store<u16>(to, ARROW);
    copy(valueStart, to + 2, valueLength);
    to += 2 + valueLength;
    store<u8>(to++, LINE_FEED);
    at = next;
    count++;
  }
  report(at, to, count);
}
