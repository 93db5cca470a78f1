import type { TimeLimit } from "./host-result.ts";
import { startTimeLimit } from "./time-limit.ts";

/** Why work on a host was ended: the reason of its abort signal. */
export class Stop extends Error {
  /** The time limit that was exceeded, or `cancelled` by the caller. */
  readonly by: TimeLimit | "cancelled";

  constructor(by: TimeLimit | "cancelled") {
    super(by === "cancelled" ? "The job was cancelled" : `The ${by} time limit was exceeded`);
    this.by = by;
  }
}

/** Ends work on one host, by its own time limits or from outside. */
export class HostStopper {
  readonly #controller = new AbortController();
  readonly #hostTimer: NodeJS.Timeout | undefined;
  readonly #idleTimeoutMs: number | undefined;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(hostTimeoutMs: number | undefined, idleTimeoutMs: number | undefined) {
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#hostTimer = startTimeLimit(hostTimeoutMs, () => this.stop("host"));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the work was ended, if it was. */
  get reason(): Stop["by"] | undefined {
    return this.signal.aborted ? (this.signal.reason as Stop).by : undefined;
  }

  stop(by: Stop["by"]): void {
    this.#controller.abort(new Stop(by));
  }

  /** To be called when the command is started and whenever it writes something. */
  noteOutput(): void {
    if (this.#idleTimer) this.#idleTimer.refresh();
    else this.#idleTimer = startTimeLimit(this.#idleTimeoutMs, () => this.stop("idle"));
  }

  /** Stops the clocks. */
  release(): void {
    clearTimeout(this.#hostTimer);
    clearTimeout(this.#idleTimer);
  }
}
