import { hasFailed, type HostResult } from "@scap/ssh-job";
import { failuresAllowed, type FleetOptions } from "./fleet-options.ts";

/** Counts the hosts that failed in a run, those that cannot be reached apart where they may be some. */
export class FleetFailures {
  readonly #failuresAllowed: number;
  readonly #unreachableAllowed: number | undefined;
  #failed = 0;
  #unreachable = 0;

  constructor(options: FleetOptions, hosts: number) {
    this.#failuresAllowed = failuresAllowed(options, hosts);
    this.#unreachableAllowed = options.unreachableAllowed;
  }

  add(result: HostResult): void {
    if (!hasFailed(result)) return;
    if (result.status === "unreachable" && this.#unreachableAllowed !== undefined) this.#unreachable++;
    else this.#failed++;
  }

  /** Whether no further host should be started. */
  get areTooMany(): boolean {
    const { failureLimit, unreachableLimit = 0 } = this.limits();
    return failureLimit < 0 || unreachableLimit < 0;
  }

  /** How many more of each kind there may be. */
  limits(): { failureLimit: number; unreachableLimit?: number } {
    const failureLimit = this.#failuresAllowed - this.#failed;
    if (this.#unreachableAllowed === undefined) return { failureLimit };
    return { failureLimit, unreachableLimit: this.#unreachableAllowed - this.#unreachable };
  }
}
