import { endianness } from "node:os";
import { SLOT_BYTES } from "../format.ts";
import { KERNEL_CODE } from "./kernel-code.ts";

/** What TypeScript knows of it only together with browsers. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** Some bytes of a buffer, from `start` up to `end`. */
export interface Span {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** How far a call came. All three are 0 if the first thing that it met is not for the kernel. */
export interface KernelProgress {
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly records: number;
}

/** Hash tables, one behind the other. */
export interface PlacedRecords {
  /** Hash and position of each slot. */
  readonly slots: Uint32Array;
  /** How many pairs of records with the same hash met. */
  readonly equalHashes: number;
}

/** What `kernel/index.ts` exports. Positions are addresses in the memory. */
interface KernelCode {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly recordsOfCdbmake: RecordMaker;
  readonly cdbmakeOfRecords: TextMaker;
  readonly recordsOfJson: RecordMaker;
  readonly jsonOfRecords: TextMaker;
  readonly tablesOfRecords: (at: number, sizes: number, tables: number, to: number) => void;
  readonly md5OfFour: (at0: number, at1: number, at2: number, at3: number, blocks: number) => void;
}
type TextMaker = (at: number, end: number, to: number, full: number) => void;
type RecordMaker = (at: number, end: number, to: number, full: number, position: number) => void;

// As `kernel/layout.ts` has them.
const RESULT = 16;
const MD5_STATE = 0x800;
const MD5_STATE_WORDS = 16;
const RECORDS = 0x1000;
/** Records that one call makes at most. */
export const MAX_KERNEL_RECORDS: number = 0x8000;
/** The kernel writes sixteen bytes at a time. */
const SLACK_BYTES = 16;

const RECORD_NOTE_BYTES = 8;
const INPUT_BYTES = 1 << 16;
const OUTPUT_BYTES = 1 << 17;
/** For fewer bytes, starting the kernel takes longer than it saves. */
const WORTHWHILE_BYTES = 1 << 15;
/** A call that does less than this was hardly worth it. */
const FEW_RECORDS = 8;
const MAX_TURNS_OUT = 64;

/**
 * The inner loops, in WebAssembly. They do the usual and leave everything else to the caller: whatever a call does not
 * come past has to be done in the slow way, which gives the same bytes, or the error.
 *
 * Input and output may be anywhere. Buffers from {@link Kernel.allocate} save a copy.
 */
export class Kernel {
  /** What {@link Kernel.md5OfFour} goes on with: the first word of all four states, then the second, and so on. */
  readonly md5State: Uint32Array;
  readonly #code: KernelCode;
  readonly #memory: Buffer;
  readonly #result: Uint32Array;
  readonly #notes: Uint32Array;
  readonly #input: Buffer;
  readonly #output: Buffer;
  readonly #tables: Buffer;
  #allocated = RECORDS + MAX_KERNEL_RECORDS * RECORD_NOTE_BYTES;
  #turnsOut = 0;
  #nextTurnsOut = 1;

  private constructor() {
    const module = new WebAssembly.Module(Buffer.from(KERNEL_CODE, "base64"));
    this.#code = new WebAssembly.Instance(module).exports as KernelCode;
    const { buffer } = this.#code.memory;
    this.#memory = Buffer.from(buffer);
    this.#result = new Uint32Array(buffer, RESULT, 3);
    this.#notes = new Uint32Array(buffer, RECORDS, MAX_KERNEL_RECORDS * 2);
    this.md5State = new Uint32Array(buffer, MD5_STATE, MD5_STATE_WORDS);
    this.#input = this.allocate(INPUT_BYTES);
    this.#output = this.allocate(OUTPUT_BYTES);
    this.#tables = this.allocate(MAX_KERNEL_RECORDS * 2 * SLOT_BYTES);
  }

  /** A kernel for work on so many bytes, if it is worth it and this machine numbers its bytes as WebAssembly does. */
  static start(sizeBytes: number = Number.POSITIVE_INFINITY): Kernel | undefined {
    return sizeBytes < WORTHWHILE_BYTES || endianness() !== "LE" ? undefined : new Kernel();
  }

  /** Memory in the kernel's reach as long as there is some, else any memory. */
  allocate(length: number): Buffer {
    const start = this.#allocated;
    const end = start + Math.ceil((length + SLACK_BYTES) / SLACK_BYTES) * SLACK_BYTES;
    if (end > this.#memory.length) return Buffer.allocUnsafeSlow(length);
    this.#allocated = end;
    return this.#memory.subarray(start, start + length);
  }

  /** Whether some memory is from {@link Kernel.allocate}, and still was in its reach. */
  isReachable(bytes: Buffer): boolean {
    return bytes.buffer === this.#memory.buffer;
  }

  /**
   * Whether to call now. A call copies its input, so that after one that did next to nothing it is the caller's turn
   * for some records.
   */
  isDue(): boolean {
    if (this.#turnsOut === 0) return true;
    this.#turnsOut--;
    return false;
  }

  /** Hash and position of each record that the last call made; valid until the next. */
  notes(records: number): Uint32Array {
    return this.#notes.subarray(0, records * 2);
  }

  /** Makes records of lines `+3,5:one->Hello`. `position` is where in the file the output is. */
  recordsOfCdbmake(text: Span, output: Span, position: number): KernelProgress {
    return this.#call(text, output, (at, end, to, full) =>
      this.#code.recordsOfCdbmake(at, end, to, full, position),
    );
  }

  /** Makes lines `+3,5:one->Hello` of records. */
  cdbmakeOfRecords(records: Span, output: Span): KernelProgress {
    return this.#call(records, output, this.#code.cdbmakeOfRecords);
  }

  /** Makes records of members `,\n"one":"Hello"`. `position` is where in the file the output is. */
  recordsOfJson(text: Span, output: Span, position: number): KernelProgress {
    return this.#call(text, output, (at, end, to, full) =>
      this.#code.recordsOfJson(at, end, to, full, position),
    );
  }

  /** Makes `",\n"one":"Hello` of each record. */
  jsonOfRecords(records: Span, output: Span): KernelProgress {
    return this.#call(records, output, this.#code.jsonOfRecords);
  }

  /**
   * Lays out hash tables of at most {@link MAX_KERNEL_RECORDS} records, which are sorted by table.
   *
   * @param records hash and position of each
   * @param sizes number of records of each table
   * @returns the slots, valid until the next call
   */
  tablesOfRecords(records: Uint32Array, sizes: Uint32Array): PlacedRecords {
    this.#notes.set(records);
    const to = this.#tables.byteOffset;
    new Uint32Array(this.#memory.buffer, this.#input.byteOffset).set(sizes);
    this.#code.tablesOfRecords(RECORDS, this.#input.byteOffset, sizes.length, to);
    const slots = new Uint32Array(this.#memory.buffer, to, records.length * 2);
    return { slots, equalHashes: this.#result[2] ?? 0 };
  }

  /** Goes on with the MD5 of four texts, in memory from {@link Kernel.allocate}, by so many blocks of 64 bytes. */
  md5OfFour(texts: readonly [Buffer, Buffer, Buffer, Buffer], blocks: number): void {
    const [first, second, third, fourth] = texts;
    this.#code.md5OfFour(first.byteOffset, second.byteOffset, third.byteOffset, fourth.byteOffset, blocks);
  }

  #call(input: Span, output: Span, work: TextMaker): KernelProgress {
    const from = this.#reachableInput(input);
    const into = this.isReachable(output.bytes) ? output : spanOf(this.#output, output.end - output.start);
    const at = from.bytes.byteOffset + from.start;
    const to = into.bytes.byteOffset + into.start;
    work(at, from.bytes.byteOffset + from.end, to, into.bytes.byteOffset + into.end - SLACK_BYTES);
    const [readUpTo = 0, writtenUpTo = 0, records = 0] = this.#result;
    if (into !== output) output.bytes.set(this.#memory.subarray(to, writtenUpTo), output.start);
    this.#noteUse(records);
    return { bytesRead: readUpTo - at, bytesWritten: writtenUpTo - to, records };
  }

  #reachableInput(input: Span): Span {
    if (this.isReachable(input.bytes)) return input;
    const copy = spanOf(this.#input, input.end - input.start);
    input.bytes.copy(copy.bytes, 0, input.start, input.start + copy.end);
    return copy;
  }

  #noteUse(records: number): void {
    if (records >= FEW_RECORDS) this.#nextTurnsOut = 1;
    else {
      this.#turnsOut = this.#nextTurnsOut;
      this.#nextTurnsOut = Math.min(this.#nextTurnsOut * 2, MAX_TURNS_OUT);
    }
  }
}

function spanOf(bytes: Buffer, length: number): Span {
  return { bytes, start: 0, end: Math.min(length, bytes.length) };
}
