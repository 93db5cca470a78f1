// What lies where in the memory. The host has everything behind `RECORDS` for itself.

/** Three numbers that a function leaves for the host: where it stopped reading and writing, and what it counted. */
const RESULT: usize = 16;
/** Letter after the backslash for each byte that has a short escape; 0 for the others. */
export const LETTER_OF: usize = 0x100;
/** The byte for each letter after a backslash; 0 for the others. */
export const BYTE_OF: usize = 0x200;
/** Value of each hexadecimal digit, in signed bytes; -1 for the others. */
export const DIGIT_VALUE: usize = 0x300;
/** The two hexadecimal digits of each byte. */
export const DIGITS_OF: usize = 0x400;
// The compiler has 0x600 to 0x7ff for tables that are in the source; see `compile.mjs`.
/** State of four MD5 at once. */
export const MD5_STATE: usize = 0x800;
/** The words of a block of each of the four. */
export const MD5_WORDS: usize = 0x900;
/** Hash and position of each record made, in file order. */
export const RECORDS: usize = 0x1000;
/** Records that there is room for. */
export const MAX_RECORDS: i32 = 0x8000;

/** Most functions store sixteen bytes at a time, so behind every place that they write to are so many to spare. */
export const SLACK: usize = 16;

/** Tells the host how far a function came. */
export function report(at: usize, to: usize, count: i32): void {
  store<u32>(RESULT, <u32>at);
  store<u32>(RESULT + 4, <u32>to);
  store<u32>(RESULT + 8, count);
}

function digit(value: u32): u32 {
  return value < 10 ? 0x30 + value : 0x57 + value;
}

function setEscape(byte: u8, letter: u8): void {
  store<u8>(LETTER_OF + byte, letter);
  store<u8>(BYTE_OF + letter, byte);
}

function fillTables(): void {
  setEscape(0x22, 0x22); // "
  setEscape(0x5c, 0x5c); // \
  setEscape(0x2f, 0x2f); // /
  setEscape(0x08, 0x62); // b
  setEscape(0x0c, 0x66); // f
  setEscape(0x0a, 0x6e); // n
  setEscape(0x0d, 0x72); // r
  setEscape(0x09, 0x74); // t
  memory.fill(DIGIT_VALUE, 0xff, 256);
  for (let value: u32 = 0; value < 16; value++) {
    store<u8>(DIGIT_VALUE + digit(value), <u8>value);
    if (value > 9) store<u8>(DIGIT_VALUE + digit(value) - 0x20, <u8>value);
  }
  for (let byte: u32 = 0; byte < 256; byte++) {
    store<u16>(DIGITS_OF + byte * 2, <u16>(digit(byte >> 4) | (digit(byte & 15) << 8)));
  }
}

fillTables();
