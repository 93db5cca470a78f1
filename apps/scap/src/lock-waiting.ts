import type { Output } from "@scap/cli";
import type { LockHolder, LockWait } from "@scap/lock";
import { formatDuration } from "@scap/log";

/** Tells a person who waits for a lock what for, and how much longer. */
export interface LockWaiting {
  /** To be called when the waiting starts and as it goes on. */
  readonly onWaiting: (holders: readonly LockHolder[], wait: LockWait) => void;
  /** The waiting is over, one way or the other. */
  close(): void;
}

const REDRAW_MS = 1_000;
const CLEAR_LINE = "\r\u001b[K";

/**
 * Writes who has the lock, anew only when that has changed. On a terminal one line below counts the time down; elsewhere
 * each report ends with the time that is left.
 */
export function lockWaiting(stderr: Output, clock: () => number = () => performance.now()): LockWaiting {
  const isTerminal = stderr.isTTY === true;
  let shown = "";
  let untilMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const left = (): string => formatDuration(Math.max(0, untilMs - clock()) / 1000);
  const redraw = (): void => void stderr.write(`${CLEAR_LINE}Waiting for the lock: ${left()} left`);
  const onWaiting: LockWaiting["onWaiting"] = (_holders, { lines, remainingMs }) => {
    untilMs = clock() + remainingMs;
    const text = lines.join("\n");
    if (!isTerminal) {
      stderr.write(`${text}\nWaiting for the lock for up to ${left()}.\n`);
      return;
    }
    if (text !== shown) stderr.write(`${timer === undefined ? "" : CLEAR_LINE}${text}\n`);
    shown = text;
    redraw();
    timer ??= setInterval(redraw, REDRAW_MS);
  };
  return {
    onWaiting,
    close: () => {
      if (timer === undefined) return;
      clearInterval(timer);
      stderr.write(CLEAR_LINE);
    },
  };
}
