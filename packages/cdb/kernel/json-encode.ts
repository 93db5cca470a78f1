import { DIGITS_OF, LETTER_OF, report, SLACK } from "./layout";

const BACKSLASH: u8 = 0x5c;
/** A backslash and a `u`, read as a little-endian number. */
const ESCAPE_U: u64 = 0x755c;
/** `",\n"` between two members, and `":"` in one. */
const NEXT_MEMBER: u32 = 0x220a2c22;
const TO_VALUE: u32 = 0x223a22;
/** The longest escape of a byte. */
const MAX_GROWTH: usize = 6;
const MAX_LENGTH: u32 = 0xff_ffff;

/** Bit n is set if byte n at `at` has to be escaped. */
function specialBytes(block: v128): i32 {
  const quotes = i8x16.eq(block, i8x16.splat(0x22));
  const backslashes = i8x16.eq(block, i8x16.splat(<i8>BACKSLASH));
  const slashes = i8x16.eq(block, i8x16.splat(0x2f));
  const deletes = i8x16.eq(block, i8x16.splat(0x7f));
  // Signed: control characters, and all that is not ASCII.
  const others = i8x16.lt_s(block, i8x16.splat(0x20));
  return i8x16.bitmask(v128.or(v128.or(v128.or(quotes, backslashes), v128.or(slashes, deletes)), others));
}

function isContinuation(byte: u32): bool {
  return (byte & 0xc0) == 0x80;
}

/** The character of two or three bytes at a position; 0 if it is none, or a surrogate. */
function characterAt(at: usize): u32 {
  const first = <u32>load<u8>(at);
  const second = <u32>load<u8>(at, 1);
  if (first < 0xc2 || first > 0xef || !isContinuation(second)) return 0;
  if (first < 0xe0) return ((first & 0x1f) << 6) | (second & 0x3f);
  const third = <u32>load<u8>(at, 2);
  if (!isContinuation(third)) return 0;
  const unit = ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
  return unit < 0x800 || (unit & 0xf800) == 0xd800 ? 0 : unit;
}

/** Copies UTF-8 as the inside of a JSON string. Returns where that ends, or 0 for the host to look. */
function escape(at: usize, end: usize, to: usize): usize {
  while (at < end) {
    const block = v128.load(at);
    v128.store(to, block);
    const plain = ctz(specialBytes(block) | 0x10000);
    if (at + plain >= end) return to + (end - at);
    at += plain;
    to += plain;
    if (plain == 16) continue;
    let byte = load<u8>(at);
    if (byte < 0x80) {
      const letter = load<u8>(LETTER_OF + byte);
      if (letter == 0) return 0;
      store<u16>(to, <u16>BACKSLASH | ((<u16>letter) << 8));
      to += 2;
      at++;
      continue;
    }
    do {
      const unit = characterAt(at);
      if (unit == 0) return 0;
      const digits =
        <u64>load<u16>(DIGITS_OF + (unit >> 8) * 2) | ((<u64>load<u16>(DIGITS_OF + (unit & 0xff) * 2)) << 16);
      store<u64>(to, ESCAPE_U | (digits << 16));
      to += 6;
      at += unit < 0x800 ? 2 : 3;
      byte = load<u8>(at);
    } while (byte >= 0x80 && at < end);
    if (at > end) return 0;
  }
  return to;
}

/**
 * Turns records into JSON members without the quote before and behind, `one":"Hello`, each after `",\n"`. Stops at the
 * first that is not complete, not UTF-8, may not fit before `full`, or has a rare character: these are for the host.
 */
export function jsonOfRecords(at: usize, end: usize, to: usize, full: usize): void {
  let count = 0;
  while (at + 8 <= end) {
    const keyLength = load<u32>(at);
    const valueLength = load<u32>(at, 4);
    if (keyLength > MAX_LENGTH || valueLength > MAX_LENGTH) break;
    const valueStart = at + 8 + keyLength;
    const next = valueStart + valueLength;
    if (next > end || to + (next - at) * MAX_GROWTH + SLACK > full) break;
    store<u32>(to, NEXT_MEMBER);
    const keyEnd = escape(at + 8, valueStart, to + 4);
    if (keyEnd == 0) break;
    store<u32>(keyEnd, TO_VALUE);
    const valueEnd = escape(valueStart, next, keyEnd + 3);
    if (valueEnd == 0) break;
    at = next;
    to = valueEnd;
    count++;
  }
  report(at, to, count);
}
