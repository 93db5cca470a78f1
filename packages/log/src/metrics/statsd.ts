import { pythonFloatText } from "../python-float.ts";
import { type DeliveryOptions, deliveryOf } from "../sinks/background-sink.ts";
import { BackgroundSender } from "../transport/background-sender.ts";
import { udpTransport } from "../transport/udp-transport.ts";

/** Sends timings and counters. Calls return at once and never throw. */
export interface StatsClient {
  /** A duration; sent as a whole number of milliseconds, halves to even. */
  timing(name: string, milliseconds: number): void;
  /** Adds to a counter. @defaultValue 1 */
  increment(name: string, value?: number): void;
  /** Adds one to `deploy.<name>` and to `deploy.all`. */
  deployed(name: string): void;
  /** How many metrics could not be sent. */
  dropped(): number;
  /** Sends what waits, within a bounded time, and closes the socket. */
  close(): Promise<void>;
}

/** Where metrics go. */
export interface StatsOptions extends DeliveryOptions {
  /** Host name or IPv4 address. @defaultValue `127.0.0.1` */
  readonly host?: string;
  /** UDP port. @defaultValue 2003 */
  readonly port?: number;
  /** Put the metrics of one turn of the event loop into datagrams of up to this many bytes. @defaultValue 0: one each */
  readonly batchBytes?: number;
}

/** Makes a StatsD client over UDP. */
export function createStats(options: StatsOptions = {}): StatsClient {
  const { host = "127.0.0.1", port = 2003, batchBytes = 0 } = options;
  const sender = new BackgroundSender({
    name: "statsd",
    transport: udpTransport({ host, port }),
    ...deliveryOf(options),
  });
  const batch = new MetricBatch(batchBytes, (text) => sender.push(Buffer.from(text)));
  const increment = (name: string, value = 1): void => batch.add(`${name}:${counterText(value)}|c`);
  return {
    timing: (name, milliseconds) => batch.add(`${name}:${roundHalfEven(milliseconds)}|ms`),
    increment,
    deployed: (name) => {
      increment(`deploy.${name}`);
      increment("deploy.all");
    },
    dropped: () => sender.dropped,
    close: () => {
      batch.send();
      return sender.close();
    },
  };
}

class MetricBatch {
  readonly #limit: number;
  readonly #push: (text: string) => void;
  #text = "";
  #later: NodeJS.Immediate | undefined;

  constructor(limit: number, push: (text: string) => void) {
    this.#limit = limit;
    this.#push = push;
  }

  add(metric: string): void {
    if (this.#text !== "" && Buffer.byteLength(`${this.#text}\n${metric}`) > this.#limit) this.send();
    this.#text = this.#text === "" ? metric : `${this.#text}\n${metric}`;
    if (this.#limit === 0) this.send();
    else this.#later ??= setImmediate(() => this.send());
  }

  send(): void {
    clearImmediate(this.#later);
    this.#later = undefined;
    if (this.#text !== "") this.#push(this.#text);
    this.#text = "";
  }
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function counterText(value: number): string {
  return Number.isInteger(value) ? String(value) : pythonFloatText(value);
}
