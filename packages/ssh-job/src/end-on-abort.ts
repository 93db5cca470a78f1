import { KILL_GRACE_S } from "./lifeline.ts";
import type { RemoteProcess } from "./transport.ts";

/** A process that can be given up for good. */
export interface AbandonableProcess extends RemoteProcess {
  /** Resolves when nothing more can come from it. */
  readonly closed: Promise<void>;
  /** Ends all of the process group: SIGTERM, then SIGKILL for what is left of it, also when the command has ended by then. */
  end(): void;
  /** Stops reading and ends the session, whether or not the command has ended. */
  abandon(): void;
}

const KILL_GRACE_MS = KILL_GRACE_S * 1000;

/**
 * Ends the remote process group when the signal fires: SIGTERM, SIGKILL after five seconds, and at last the session.
 * A command that has ended by then, but whose output something in the background keeps open, is given up at once.
 */
export function endOnAbort(process: AbandonableProcess, signal: AbortSignal | undefined): void {
  if (!signal) return;
  const timers: NodeJS.Timeout[] = [];
  let hasEnded = false;
  const end = (): void => {
    if (hasEnded) return process.abandon();
    process.end();
    timers.push(
      setTimeout(() => process.kill("KILL"), KILL_GRACE_MS),
      setTimeout(() => process.abandon(), KILL_GRACE_MS + 1000),
    );
  };
  const noteEnd = (): void => {
    hasEnded = true;
  };
  process.exit.then(noteEnd, noteEnd);
  const forget = (): void => {
    signal.removeEventListener("abort", end);
    timers.forEach(clearTimeout);
  };
  void process.closed.then(forget);
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
}
