import { hasRoom, noteRecord } from "./bytes";
import { BYTE_OF, DIGIT_VALUE, report } from "./layout";

const QUOTE: u8 = 0x22;
const COMMA: u8 = 0x2c;
const BACKSLASH: u8 = 0x5c;
const LETTER_U: u8 = 0x75;
const LINE_FEED: u8 = 0x0a;
/** `:"` as the text has it, read as a little-endian number. */
const TO_VALUE: u16 = 0x223a;

/** Behind the closing quote of the string read last. */
let stringEnd: usize = 0;

function digitValue(at: usize): i32 {
  return load<i8>(DIGIT_VALUE + load<u8>(at));
}

/** Value of the four hexadecimal digits at a position; negative if they are none. */
function fourDigits(at: usize): i32 {
  const high = (digitValue(at) << 4) | digitValue(at + 1);
  const low = (digitValue(at + 2) << 4) | digitValue(at + 3);
  return (high << 8) | low;
}

function writeUtf8(to: usize, unit: u32): usize {
  if (unit < 0x80) {
    store<u8>(to, <u8>unit);
    return to + 1;
  }
  if (unit < 0x800) {
    store<u16>(to, <u16>(0x80c0 | (unit >> 6) | ((unit & 0x3f) << 8)));
    return to + 2;
  }
  store<u32>(to, 0x8080e0 | (unit >> 12) | ((unit & 0xfc0) << 2) | ((unit & 0x3f) << 16));
  return to + 3;
}

/** Copies the string from `at` on as the UTF-8 it stands for. Returns where that ends, or 0 for the host to look. */
function unescape(at: usize, end: usize, to: usize): usize {
  while (at < end) {
    const block = v128.load(at);
    v128.store(to, block);
    const quotes = i8x16.eq(block, i8x16.splat(<i8>QUOTE));
    const backslashes = i8x16.eq(block, i8x16.splat(<i8>BACKSLASH));
    // Signed: control characters, and all that is not ASCII.
    const others = i8x16.lt_s(block, i8x16.splat(0x20));
    const special = i8x16.bitmask(v128.or(v128.or(quotes, backslashes), others));
    const plain = ctz(special | 0x10000);
    at += plain;
    to += plain;
    if (plain == 16) continue;
    if (load<u8>(at) == QUOTE) {
      stringEnd = at + 1;
      return at < end ? to : 0;
    }
    if (load<u8>(at) != BACKSLASH) return 0;
    do {
      const letter = load<u8>(at, 1);
      if (letter == LETTER_U) {
        const unit = fourDigits(at + 2);
        if (unit < 0 || (unit & 0xf800) == 0xd800) return 0;
        to = writeUtf8(to, unit);
        at += 6;
      } else {
        const byte = load<u8>(BYTE_OF + letter);
        if (byte == 0) return 0;
        store<u8>(to++, byte);
        at += 2;
      }
    } while (load<u8>(at) == BACKSLASH && at < end);
  }
  return 0;
}

/**
 * Turns members `,"one":"Hello"`, each with the comma before it and perhaps a line feed behind that, into records.
 * Stops at the first that is not complete, not right, or not of this form; surrogates and raw UTF-8 are for the host
 * too.
 *
 * @param position where in the file `to` is
 */
export function recordsOfJson(at: usize, end: usize, to: usize, full: usize, position: u32): void {
  const shift = position - <u32>to;
  // The shortest member has six bytes, its record eight: more input than this might not fit before `full`.
  end = min(end, at + ((full - to) / 4) * 3);
  let count = 0;
  while (at + 3 < end && load<u8>(at) == COMMA && hasRoom(count)) {
    const name = at + 1 + <usize>(load<u8>(at, 1) == LINE_FEED);
    if (load<u8>(name) != QUOTE) break;
    const valueStart = unescape(name + 1, end, to + 8);
    if (valueStart == 0 || load<u16>(stringEnd) != TO_VALUE) break;
    const next = unescape(stringEnd + 2, end, valueStart);
    if (next == 0) break;
    noteRecord(count++, to, valueStart - to - 8, next - valueStart, <u32>to + shift);
    at = stringEnd;
    to = next;
  }
  report(at, to, count);
}
