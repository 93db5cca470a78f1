import { CliError } from "./errors.ts";
import type { Interrupts, Output } from "./invocation.ts";

/** {@link Interrupts} that come from this process's signals until closed. */
export interface InterruptWatch extends Interrupts {
  close(): void;
}

const STATUS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type Watched = keyof typeof STATUS;

/** Turns SIGINT, SIGTERM and SIGHUP into a wish to stop (the first) and an order to (the second). */
export function watchInterrupts(stderr: () => Output): InterruptWatch {
  const stop = new AbortController();
  const abort = new AbortController();
  let exitCode: number = STATUS.SIGINT;
  const onSignal = (signal: Watched): void => {
    if (stop.signal.aborted) {
      abort.abort(stoppedBy(signal));
      return;
    }
    exitCode = STATUS[signal];
    stderr().write(announcement(signal, stderr().isTTY === true));
    stop.abort(stoppedBy(signal));
  };
  const signals = Object.keys(STATUS) as Watched[];
  for (const signal of signals) process.on(signal, onSignal);
  return {
    stop: stop.signal,
    abort: abort.signal,
    get exitCode() {
      return exitCode;
    },
    close: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

/** Where an interrupted step lets it pass as an error, this is how the command ends. */
function stoppedBy(signal: Watched): CliError {
  return new CliError(`Stopped by ${signal}`, { code: "INTERRUPTED", exitCode: STATUS[signal] });
}

/** What the first signal has to say; a terminal shows `^C` where its cursor stands. */
function announcement(signal: Watched, isTerminal: boolean): string {
  if (isTerminal) return "\nStopping at the next safe point. Press Ctrl-C again to stop now.\n";
  return `${signal}: stopping at the next safe point. The same signal again stops now.\n`;
}
