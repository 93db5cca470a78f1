import type { SshError } from "../errors.ts";
import type { CapturedOutput } from "./captured-output.ts";

/** What every result tells. */
interface HostResultBase {
  readonly host: string;
  /** From the start of the connection to the end of the output, in milliseconds; 0 when it was never started. */
  readonly durationMs: number;
  /** Connections that were tried. */
  readonly connectAttempts: number;
  /** Standard output. */
  readonly stdout: CapturedOutput;
  /** Standard error. */
  readonly stderr: CapturedOutput;
}

/** How a host fared; switch on `status`. */
export type HostOutcome =
  /** The command ended with one of the accepted exit codes. */
  | { readonly status: "ok"; readonly code: number }
  /** It ended otherwise: by an exit code or by a signal. */
  | { readonly status: "failed"; readonly code: number | null; readonly signal: string | null }
  /** It was started, and then the connection was lost: whether it finished is not known. */
  | { readonly status: "lost"; readonly error: SshError }
  /** No connection or login, so nothing was run. */
  | { readonly status: "unreachable"; readonly error: SshError }
  /**
   * The host key is unknown, changed or revoked, so nothing was run. The error is a `HostKeyError` where the transport
   * has seen the key, else its code is `HOST_KEY_REFUSED`.
   */
  | { readonly status: "refused-key"; readonly error: SshError }
  /** A time limit ended it; `hasStarted`: the remote process group was ended. */
  | { readonly status: "timed-out"; readonly limit: TimeLimit; readonly hasStarted: boolean }
  /** Never contacted, because the job stopped before its turn, or is a rehearsal. */
  | { readonly status: "skipped"; readonly reason: "failure-limit" | "job-timeout" | "dry-run" }
  /** The caller's signal ended it, or kept it from starting. */
  | { readonly status: "cancelled"; readonly hasStarted: boolean };

/** The time limits of a job. */
export type TimeLimit = "host" | "idle" | "job";

/** The result of one host of a job. */
export type HostResult = HostResultBase & HostOutcome;

/** Whether the host counts against the failure limit. */
export function hasFailed(result: HostOutcome): boolean {
  return result.status !== "ok" && result.status !== "skipped" && result.status !== "cancelled";
}
