import { GitError } from "@scap/git";
import { TargetError } from "../../errors.ts";

/**
 * What goes wrong on the deploy server while it prepares something for a host is a failure of that host: others may have
 * it already, and what was promoted must be able to go back.
 *
 * @throws TargetError `PACK_FAILED`
 */
export async function packedFor<T>(host: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof GitError) && !isSystemError(error)) throw error;
    const hint = error instanceof GitError ? error.hint : undefined;
    throw new TargetError(host, `the deploy server cannot pack the revision: ${error.message}`, {
      code: "PACK_FAILED",
      hint: hint ?? "Free space on the deploy server, or mend its checkout, and deploy again.",
      cause: error,
    });
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
