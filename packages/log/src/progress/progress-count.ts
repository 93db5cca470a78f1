import { LogError } from "../errors.ts";

/** Where the work stands at one moment. */
export interface ProgressState {
  /** What is in progress, for example `sync-proxies`. */
  readonly name: string;
  /** How many tasks there are. */
  readonly expected: number;
  /** How many succeeded. */
  readonly ok: number;
  /** How many failed. */
  readonly failed: number;
  /** How many are being worked on; `undefined` when in-flight was never used. */
  readonly inFlight: number | undefined;
  /** Finished tasks as a percentage of the expected ones, rounded down; above 100 when there were more. */
  readonly percent: number;
  /** Expected tasks that are neither finished nor in flight; negative when there were more. */
  readonly remaining: number;
  /** Whether `finish` has been called. */
  readonly isFinished: boolean;
}

/** Counts tasks and tells after every change. */
export class ProgressCount {
  readonly #name: string;
  readonly #changed: (state: ProgressState) => void;
  #expected = 0;
  #ok = 0;
  #failed = 0;
  #inFlight: number | undefined;
  #isFinished = false;

  constructor(name: string, changed: (state: ProgressState) => void) {
    this.#name = name;
    this.#changed = changed;
  }

  expect(count: number): void {
    this.#expected = count;
    this.report();
  }

  start(): void {
    this.report();
  }

  addInFlight(count = 1): void {
    this.#inFlight = (this.#inFlight ?? 0) + count;
    this.report();
  }

  addSuccess(count = 1): void {
    this.#ok += count;
    this.#leaveFlight(count);
    this.report();
  }

  addFailure(count = 1): void {
    this.#failed += count;
    this.#leaveFlight(count);
    this.report();
  }

  setSuccess(count: number): void {
    if (this.#inFlight !== undefined) {
      throw new LogError(
        `The success count of '${this.#name}' cannot be set: tasks in flight are being counted`,
        {
          code: "PROGRESS_IN_FLIGHT",
          hint: "Use addSuccess instead.",
        },
      );
    }
    this.#ok = count;
    this.report();
  }

  finish(): void {
    this.#isFinished = true;
    this.report();
  }

  report(): void {
    this.#changed(this.state());
  }

  state(): ProgressState {
    const done = this.#ok + this.#failed;
    return {
      name: this.#name,
      expected: this.#expected,
      ok: this.#ok,
      failed: this.#failed,
      inFlight: this.#inFlight,
      percent: Math.floor((100 * done) / Math.max(this.#expected, 1)),
      remaining: this.#expected - done - (this.#inFlight ?? 0),
      isFinished: this.#isFinished,
    };
  }

  #leaveFlight(count: number): void {
    if (this.#inFlight !== undefined) this.#inFlight -= count;
  }
}
