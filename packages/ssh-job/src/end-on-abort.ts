import { KILL_GRACE_S } from "./remote-script.ts";
import type { RemoteProcess } from "./transport.ts";

/** A process that can be given up for good. */
export interface AbandonableProcess extends RemoteProcess {
  /** Stops reading and ends the session, whether or not the command has ended. */
  abandon(): void;
}

const KILL_GRACE_MS = KILL_GRACE_S * 1000;

/** Ends the remote process group when the signal fires: SIGTERM, SIGKILL after five seconds, and at last the session. */
export function endOnAbort(process: AbandonableProcess, signal: AbortSignal | undefined): void {
  if (!signal) return;
  const timers: NodeJS.Timeout[] = [];
  const later = (ms: number, step: () => void): void => {
    timers.push(setTimeout(step, ms));
  };
  const end = (): void => {
    process.kill("TERM");
    later(KILL_GRACE_MS, () => process.kill("KILL"));
    later(KILL_GRACE_MS + 1000, () => process.abandon());
  };
  const forget = (): void => {
    signal.removeEventListener("abort", end);
    timers.forEach(clearTimeout);
  };
  process.exit.then(forget, forget);
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
}
