import { MD5_STATE, MD5_WORDS } from "./layout";

/** The constants of the 64 steps. */
const STEPS: usize = memory.data<u32>([
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8,
  0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340,
  0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87,
  0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
  0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039,
  0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92,
  0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
  0xeb86d391,
]);

/** Four words of each of four texts, as they come: stores the first word of all, then the second, and so on. */
function transpose(at0: usize, at1: usize, at2: usize, at3: usize, word: usize): void {
  const row0 = v128.load(at0 + word * 4);
  const row1 = v128.load(at1 + word * 4);
  const row2 = v128.load(at2 + word * 4);
  const row3 = v128.load(at3 + word * 4);
  const low01 = i32x4.shuffle(row0, row1, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(row0, row1, 2, 6, 3, 7);
  const low23 = i32x4.shuffle(row2, row3, 0, 4, 1, 5);
  const high23 = i32x4.shuffle(row2, row3, 2, 6, 3, 7);
  const to = MD5_WORDS + word * 16;
  v128.store(to, i64x2.shuffle(low01, low23, 0, 2));
  v128.store(to, i64x2.shuffle(low01, low23, 1, 3), 16);
  v128.store(to, i64x2.shuffle(high01, high23, 0, 2), 32);
  v128.store(to, i64x2.shuffle(high01, high23, 1, 3), 48);
}

function step(mixed: v128, a: v128, b: v128, word: usize, number: usize, bits: i32): v128 {
  const constant = v128.load_splat<u32>(STEPS + number * 4);
  const input = i32x4.add(constant, v128.load(MD5_WORDS + (word & 15) * 16));
  const sum = i32x4.add(i32x4.add(a, input), mixed);
  return i32x4.add(b, v128.or(i32x4.shl(sum, bits), i32x4.shr_u(sum, 32 - bits)));
}

function mix1(b: v128, c: v128, d: v128): v128 {
  return v128.xor(d, v128.and(b, v128.xor(c, d)));
}

function mix3(b: v128, c: v128, d: v128): v128 {
  return v128.xor(v128.xor(c, d), b);
}

function mix4(b: v128, c: v128, d: v128): v128 {
  return v128.xor(c, v128.or(b, v128.not(d)));
}

/**
 * Goes on with the MD5 of four texts at once, each so many blocks of 64 bytes: every step of MD5 waits for the one
 * before, so that one text alone leaves most of the processor idle. The states, a word of all four and then the next,
 * are at `MD5_STATE`.
 */
export function md5OfFour(at0: usize, at1: usize, at2: usize, at3: usize, blocks: u32): void {
  let a = v128.load(MD5_STATE);
  let b = v128.load(MD5_STATE, 16);
  let c = v128.load(MD5_STATE, 32);
  let d = v128.load(MD5_STATE, 48);
  for (; blocks > 0; blocks--) {
    for (let word: usize = 0; word < 16; word += 4) transpose(at0, at1, at2, at3, word);
    const a0 = a;
    const b0 = b;
    const c0 = c;
    const d0 = d;
    for (let n: usize = 0; n < 16; n += 4) {
      a = step(mix1(b, c, d), a, b, n, n, 7);
      d = step(mix1(a, b, c), d, a, n + 1, n + 1, 12);
      c = step(mix1(d, a, b), c, d, n + 2, n + 2, 17);
      b = step(mix1(c, d, a), b, c, n + 3, n + 3, 22);
    }
    for (let n: usize = 16; n < 32; n += 4) {
      a = step(mix1(d, b, c), a, b, n * 5 + 1, n, 5);
      d = step(mix1(c, a, b), d, a, n * 5 + 6, n + 1, 9);
      c = step(mix1(b, d, a), c, d, n * 5 + 11, n + 2, 14);
      b = step(mix1(a, c, d), b, c, n * 5, n + 3, 20);
    }
    for (let n: usize = 32; n < 48; n += 4) {
      a = step(mix3(b, c, d), a, b, n * 3 + 5, n, 4);
      d = step(mix3(a, b, c), d, a, n * 3 + 8, n + 1, 11);
      c = step(mix3(d, a, b), c, d, n * 3 + 11, n + 2, 16);
      b = step(mix3(c, d, a), b, c, n * 3 + 14, n + 3, 23);
    }
    for (let n: usize = 48; n < 64; n += 4) {
      a = step(mix4(b, c, d), a, b, n * 7, n, 6);
      d = step(mix4(a, b, c), d, a, n * 7 + 7, n + 1, 10);
      c = step(mix4(d, a, b), c, d, n * 7 + 14, n + 2, 15);
      b = step(mix4(c, d, a), b, c, n * 7 + 21, n + 3, 21);
    }
    a = i32x4.add(a, a0);
    b = i32x4.add(b, b0);
    c = i32x4.add(c, c0);
    d = i32x4.add(d, d0);
    at0 += 64;
    at1 += 64;
    at2 += 64;
    at3 += 64;
  }
  v128.store(MD5_STATE, a);
  v128.store(MD5_STATE, b, 16);
  v128.store(MD5_STATE, c, 32);
  v128.store(MD5_STATE, d, 48);
}
