import { CdbError } from "../errors.ts";
import type { L10nAction, L10nEvent, L10nFailure, L10nOptions, L10nResult } from "./events.ts";

/** Gathers what happens to the files, and tells it on. */
export class ResultCollector {
  readonly #directory: string;
  readonly #onEvent: (event: L10nEvent) => void;
  readonly #names: Record<L10nAction, string[]> = { written: [], unchanged: [], skipped: [], failed: [] };
  readonly #failures: L10nFailure[] = [];
  readonly #warnings: string[] = [];

  constructor({ directory, onEvent }: L10nOptions, files: number) {
    this.#directory = directory;
    this.#onEvent = onEvent ?? (() => undefined);
    this.#onEvent({ type: "started", directory, files });
  }

  file(name: string, action: "written" | "unchanged" | "skipped"): void {
    this.#names[action].push(name);
    this.#onEvent({ type: "file", name, action });
  }

  failure(name: string, error: Error): void {
    this.#failures.push({ name, error });
    this.#onEvent({ type: "file", name, action: "failed", error });
  }

  warning(message: string): void {
    this.#warnings.push(message);
    this.#onEvent({ type: "warning", message });
  }

  /** @throws CdbError `CDB_ABORTED` if the signal fired */
  finish(signal: AbortSignal | undefined, pruned: readonly string[] = []): L10nResult {
    const { written, unchanged, skipped } = this.#names;
    if (signal?.aborted === true) {
      const message = `stopped on request after ${written.length} files`;
      throw new CdbError("CDB_ABORTED", message, { path: this.#directory, cause: signal.reason });
    }
    return {
      directory: this.#directory,
      written: written.toSorted(),
      unchanged: unchanged.toSorted(),
      skipped: skipped.toSorted(),
      pruned,
      failures: this.#failures.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      warnings: this.#warnings,
    };
  }
}
