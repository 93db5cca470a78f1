import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { TargetWorkError } from "../target-error.ts";

/** What {@link probePort} needs. */
export interface ProbePortOptions {
  readonly port: number;
  /** At least one try is made, however short this is. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;
const SHORTEST_TRY_MS = 200;

/**
 * Waits until something on this host accepts TCP connections on a port, over IPv4 or IPv6.
 *
 * @throws TargetWorkError `PORT_CLOSED` when nothing did in time
 */
export async function probePort({ port, signal, timeoutMs }: ProbePortOptions): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    signal.throwIfAborted();
    const tryMs = Math.max(SHORTEST_TRY_MS, Math.min(3_000, deadline - performance.now()));
    const answers = await Promise.all(
      ["127.0.0.1", "::1"].map(async (host) => await accepts(host, port, tryMs)),
    );
    if (answers.includes(true)) return;
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) break;
    await sleep(Math.min(pauseMs, leftMs), undefined, { signal });
  }
  throw new TargetWorkError(`Nothing accepts connections on port ${port} after ${timeoutMs / 1000} s`, {
    code: "PORT_CLOSED",
    hint: "See the log of the service on the host; raise service_timeout if it starts slowly.",
  });
}

async function accepts(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
  });
}
