import { CdbError, type CdbErrorCode } from "../errors.ts";
import { MD5_LANES } from "./md5-of-four.ts";
import { type RebuildFileResult, type RebuildTask, rebuildFile } from "./rebuild-file.ts";
import { type RefreshFileResult, type RefreshTask, refreshFile } from "./refresh-file.ts";
import type { WorkerMemory } from "./worker-memory.ts";

/** Work on one file. */
export type L10nTask = RebuildTask | RefreshTask;
/** What came of it. */
export type L10nTaskResult = RebuildFileResult | RefreshFileResult;

/** An error on its way between threads, which keep neither class nor fields of errors. */
export interface PlainError {
  readonly code: CdbErrorCode | undefined;
  /** Without the place, which is in `path` and `offset`. */
  readonly message: string;
  readonly path: string | undefined;
  readonly offset: number | undefined;
  readonly hint: string | undefined;
}

/** Answer to a task. */
export type WorkerReply =
  | { readonly name: string; readonly result: L10nTaskResult }
  | { readonly name: string; readonly error: PlainError };

/** Tasks under way in a thread: four whose MD5s are worked out together, and four that the disk takes meanwhile. */
export const TASKS_AT_ONCE: number = 2 * MD5_LANES;

/** Does a task in a worker. Never rejects: an error is an answer too. */
export async function answer(task: L10nTask, memory: WorkerMemory): Promise<WorkerReply> {
  try {
    const result =
      task.kind === "rebuild" ? await rebuildFile(task, memory) : await refreshFile(task, memory);
    return { name: task.name, result };
  } catch (error) {
    return { name: task.name, error: toPlain(error) };
  }
}

/** The error again, in the thread that asked. */
export function fromPlain({ code, message, path, offset, hint }: PlainError): Error {
  return code === undefined ? new Error(message) : new CdbError(code, message, { path, offset, hint });
}

function toPlain(error: unknown): PlainError {
  if (!(error instanceof CdbError)) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { code: undefined, message, path: undefined, offset: undefined, hint: undefined };
  }
  const { code, reason, path, offset, hint } = error;
  return { code, message: reason, path, offset, hint };
}
