/** What a rebuild or refresh tells while it works. */
export type L10nEvent =
  /** The files are known. */
  | { readonly type: "started"; readonly directory: string; readonly files: number }
  /** One file is done. */
  | { readonly type: "file"; readonly name: string; readonly action: L10nAction; readonly error?: Error }
  /** Something that does not stop the work, but should be looked at. */
  | { readonly type: "warning"; readonly message: string };

/** What became of a file: `skipped` means that its MD5 or JSON file is missing. */
export type L10nAction = "written" | "unchanged" | "skipped" | "failed";

/** A file that could not be done. */
export interface L10nFailure {
  /** Name of the CDB file. */
  readonly name: string;
  readonly error: Error;
}

/** What was done in one directory. The lists have the names of CDB files, sorted. */
export interface L10nResult {
  readonly directory: string;
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  readonly skipped: readonly string[];
  /** Names of JSON and MD5 files that were removed because they have no CDB file. */
  readonly pruned: readonly string[];
  readonly failures: readonly L10nFailure[];
  readonly warnings: readonly string[];
}

/** What rebuild and refresh have in common. */
export interface L10nOptions {
  /** Directory with the CDB files. */
  readonly directory: string;
  /** Worker threads; below 1 means the number of processors less two, at least 1. @defaultValue 0 */
  readonly threads?: number;
  /** Stops after the files under way; the call then throws `CDB_ABORTED`. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: L10nEvent) => void;
}
