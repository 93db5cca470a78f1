import { ProgressCount } from "./progress-count.ts";
import type { ProgressReporter } from "./reporter.ts";

/** Several workers, one progress line. */
export interface ProgressCollector {
  /** A reporter for one worker: it counts for itself and passes its changes on; its start and finish are ignored. */
  worker(name: string): ProgressReporter;
  /** Ends the shared line. */
  close(): void;
}

/** Starts the shared reporter; its expected count is the sum of the latest expected count of each worker. */
export function collectProgress(shared: ProgressReporter): ProgressCollector {
  const expected = new Map<object, number>();
  shared.start();
  return {
    worker: (name) => {
      const key = {};
      return workerReporter(name, shared, (count) => {
        expected.set(key, count);
        shared.expect([...expected.values()].reduce((sum, each) => sum + each, 0));
      });
    },
    close: () => shared.finish(),
  };
}

function workerReporter(
  name: string,
  shared: ProgressReporter,
  expect: (count: number) => void,
): ProgressReporter {
  const own = new ProgressCount(name, () => undefined);
  const both =
    (operation: "addInFlight" | "addSuccess" | "addFailure") =>
    (count = 1): void => {
      own[operation](count);
      shared[operation](count);
    };
  return {
    expect: (count) => {
      own.expect(count);
      expect(count);
    },
    start: () => undefined,
    addInFlight: both("addInFlight"),
    addSuccess: both("addSuccess"),
    addFailure: both("addFailure"),
    setSuccess: (count) => {
      const added = count - own.state().ok;
      own.setSuccess(count);
      shared.addSuccess(added);
    },
    report: () => shared.report(),
    finish: () => undefined,
    state: () => own.state(),
  };
}
