import {
  EMPTY_VIEW,
  foldEvent,
  HOST_STATES,
  hostChange,
  type DeployEvent,
  type DeploymentView,
  type PlannedHost,
} from "@scap/events";

/** How a deployment stood after some of its records. */
export interface Moment {
  readonly state: DeploymentView;
  /** Places in `HOST_STATES`, by host. */
  readonly hosts: Uint8Array;
}

const STATE_NUMBERS = new Map(HOST_STATES.map((state, at) => [state, at]));
const EVERY = 512;

/**
 * The moments of a deployment. One pass keeps every 512th, so that any moment is at most 511 records away from a kept
 * one and dragging the scrubber stays smooth however long the log is.
 */
export class Moments {
  readonly #events: readonly (DeployEvent | undefined)[];
  readonly #hostNumbers: ReadonlyMap<string, number>;
  readonly #kept: Moment[] = [];

  constructor(events: readonly (DeployEvent | undefined)[], hosts: readonly PlannedHost[]) {
    this.#events = events;
    this.#hostNumbers = new Map(hosts.map(({ name }, at) => [name, at]));
    let moment: Moment = { state: EMPTY_VIEW, hosts: new Uint8Array(hosts.length) };
    for (let count = 0; count <= events.length; count += EVERY) {
      this.#kept.push(moment);
      moment = this.#after(moment, count, count + EVERY);
    }
  }

  /** The moment after the first `count` records. */
  after(count: number): Moment {
    const kept = Math.floor(count / EVERY);
    const start = this.#kept[kept] ?? { state: EMPTY_VIEW, hosts: new Uint8Array(this.#hostNumbers.size) };
    return this.#after(start, kept * EVERY, count);
  }

  #after({ hosts: before, state: start }: Moment, from: number, to: number): Moment {
    const hosts = before.slice();
    let state = start;
    for (const event of this.#events.slice(from, to)) {
      if (event === undefined) continue;
      state = foldEvent(state, event);
      const [host = "", next = "not started"] = hostChange(event) ?? [];
      const at = this.#hostNumbers.get(host);
      if (at !== undefined) hosts[at] = STATE_NUMBERS.get(next) ?? 0;
    }
    return { state, hosts };
  }
}
