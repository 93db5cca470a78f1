import type { LogRecord } from "@scap/log";
import type { ReplayScreen } from "./replay-screen.ts";

/** What is played, and how. */
export interface PlayerOptions {
  readonly records: readonly LogRecord[];
  readonly screen: ReplayScreen;
  /** How many times as fast as it was; `Infinity` does not wait. */
  readonly speed: number;
  /** Where to start, in seconds since the epoch. */
  readonly from: number;
  /** Where to end, in seconds since the epoch. */
  readonly until: number;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;
const RECORDS_AT_ONCE = 200;

/** Plays records in the rhythm in which they were written. */
export class Player {
  readonly #records: readonly LogRecord[];
  readonly #screen: ReplayScreen;
  readonly #until: number;
  /** The last moment that a skip leads to: how it ended is still shown. */
  readonly #end: number;
  #speed: number;
  /** The time that is shown, in seconds since the epoch. */
  #at: number;
  #next = 0;
  #isPaused = false;
  #isStopped = false;
  #wake: () => void = () => undefined;
  #target: number | undefined;

  constructor({ from, records, screen, speed, until }: PlayerOptions) {
    this.#records = records;
    this.#screen = screen;
    this.#speed = speed;
    this.#until = until;
    const last = records.findLast(({ event }) => event === "deploy.finished") ?? records.at(-1);
    this.#end = last?.created ?? 0;
    this.#at = Number.NEGATIVE_INFINITY;
    this.#target = from;
  }

  /** Plays to the end, or until stopped. */
  async play(): Promise<void> {
    while (!this.#isStopped) {
      if (this.#target !== undefined) await this.#go(this.#target);
      const record = this.#records[this.#next];
      if (record === undefined || record.created >= this.#until) break;
      if (!(await this.#isDue(record.created))) continue;
      this.#at = Math.max(this.#at, record.created);
      this.#screen.show(record);
      this.#next += 1;
      if (this.#next % RECORDS_AT_ONCE === 0) await this.#screen.ready();
    }
    await this.#screen.close();
  }

  /** Halts, or goes on. */
  togglePause(): void {
    this.#isPaused = !this.#isPaused;
    this.#screen.note(this.#isPaused ? "paused; space goes on" : "going on", this.#at);
    this.#wake();
  }

  /** Goes on or back by so many seconds of the deployment, at most to its end. */
  skip(seconds: number): void {
    const here = this.#target ?? this.#at;
    const there = here + seconds;
    this.#target = seconds < 0 ? there : Math.max(here, Math.min(there, this.#end));
    this.#wake();
  }

  /** Plays faster or slower. */
  changeSpeed(factor: number): void {
    this.#speed *= factor;
    this.#screen.note(`speed ${this.#speed}`, this.#at);
    this.#wake();
  }

  /** Ends the playing. */
  stop(): void {
    this.#isStopped = true;
    this.#wake();
  }

  async #go(target: number): Promise<void> {
    this.#target = undefined;
    if (target < this.#at) {
      await this.#screen.restart();
      this.#next = 0;
    }
    for (;;) {
      const record = this.#records[this.#next];
      if (record === undefined || record.created >= target) break;
      this.#screen.skip(record);
      this.#next += 1;
    }
    const first = this.#records[0]?.created ?? 0;
    if (this.#at !== Number.NEGATIVE_INFINITY) this.#screen.note("", Math.max(first, target));
    this.#at = Math.max(first, target);
  }

  /** Waits for a record's turn; false when a key came first and everything is to be looked at again. */
  async #isDue(created: number): Promise<boolean> {
    const waitMs = this.#isPaused ? LONGEST_TIMER_MS : ((created - this.#at) * 1000) / this.#speed;
    if (waitMs <= 0) return true;
    const started = performance.now();
    const isOver = await this.#sleep(Math.min(waitMs, LONGEST_TIMER_MS));
    if (!isOver && !this.#isPaused) this.#at += ((performance.now() - started) / 1000) * this.#speed;
    return isOver && !this.#isPaused;
  }

  #sleep(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(true), ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(false);
      };
    });
  }
}
