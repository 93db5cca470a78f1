import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "@scap/log";
import { checkEnvironment } from "./check-environment.ts";
import type { CheckAttempt } from "./check-type.ts";
import { prepareChecks, type PrepareChecksOptions, type PreparedCheck } from "./prepare-checks.ts";
import { runInOrder } from "./run-in-order.ts";

/** The checks to run, and where. */
export interface RunChecksOptions extends Omit<PrepareChecksOptions, "onWarning" | "onDebug"> {
  /** Working directory: `<git_deploy_dir>/<repo>-cache`. */
  readonly cwd: string;
  /** Added to `baseEnv`; an undefined or empty value removes the variable. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** @defaultValue `process.env` */
  readonly baseEnv?: Readonly<Record<string, string | undefined>> | undefined;
  /** Gets the records of each check, under the name `checks`. */
  readonly logger?: Pick<Logger, "debug" | "info" | "warning"> | undefined;
  /** Ends all running checks and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How many checks run at the same time; neighbours with `parallel` do in any case. @defaultValue 1 */
  readonly concurrency?: number | undefined;
}

/** How a check ended, its retries included. */
export interface CheckResult extends CheckAttempt {
  /** Name of the check. */
  readonly name: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  /** How often it was tried. */
  readonly attempts: number;
}

/** How a list of checks ended. */
export interface ChecksResult {
  /** Whether all passed; true when there were none. */
  readonly isSuccess: boolean;
  /** 0 all passed, 1 at least one failed, 2 none failed but at least one timed out. */
  readonly exitStatus: 0 | 1 | 2;
  /** One result a check, in the order in which they ended. */
  readonly results: readonly CheckResult[];
  /** One line for people, such as `2 of 3 checks passed; smoke failed (exit status 1) after 0.3s`. */
  readonly summary: string;
}

/**
 * Runs checks in their order. A failed check does not stop the others.
 *
 * @throws CheckInvalidError when one of them cannot run here; then none was started.
 */
export async function runChecks(options: RunChecksOptions): Promise<ChecksResult> {
  const { logger, concurrency = 1, signal } = options;
  const prepared = prepareChecks({
    ...options,
    onWarning: (message) => logger?.warning(message),
    onDebug: (message) => logger?.debug(message),
  });
  const results: CheckResult[] = [];
  await runInOrder({
    tasks: prepared,
    isParallel: ({ check }) => check.parallel,
    concurrency,
    signal,
    run: async (task, taskSignal) => {
      results.push(await runCheck(task, options, taskSignal));
    },
  });
  return summarise(results);
}

async function runCheck(
  { check, action }: PreparedCheck,
  options: RunChecksOptions,
  signal: AbortSignal,
): Promise<CheckResult> {
  const { logger } = options;
  const startedAt = new Date();
  const started = performance.now();
  logger?.info(`Executing check "${check.name}"`);
  const context = {
    cwd: options.cwd,
    env: checkEnvironment(options, check.keepAgent),
    timeoutMs: check.timeoutMs,
    signal,
    onLine: (line: string): void => logger?.debug(`${check.name}: ${line}`),
  };
  for (let attempts = 1; ; attempts += 1) {
    const attempt = await action(context).catch((error: unknown): CheckAttempt => {
      signal.throwIfAborted();
      logger?.warning(`Check "${check.name}" could not be run: ${String(error)}`);
      return { status: "failed", exitCode: undefined, output: "", reason: String(error) };
    });
    if (attempt.status === "passed" || attempts > check.retries) {
      const result = {
        ...attempt,
        name: check.name,
        startedAt,
        durationMs: performance.now() - started,
        attempts,
      };
      report(result, check.timeoutMs, logger);
      return result;
    }
    logger?.info(`Check "${check.name}" ${attempt.reason ?? "failed"}: trying again`);
    await sleep(check.retryDelayMs, undefined, { signal });
  }
}

function report(result: CheckResult, timeoutMs: number, logger: RunChecksOptions["logger"]): void {
  const { name, status, output, reason } = result;
  if (status === "passed") logger?.debug(`Check "${name}" succeeded, output:\n${output}`);
  else if (status === "timed-out") {
    logger?.warning(
      `Check "${name}" exceeded its timeout of ${timeoutMs / 1000} seconds, output:\n${output}`,
    );
  } else logger?.warning(`Check "${name}" failed (${reason ?? "unknown reason"}), output:\n${output}`);
}

function summarise(results: readonly CheckResult[]): ChecksResult {
  const passed = results.filter(({ status }) => status === "passed").length;
  const hasFailed = results.some(({ status }) => status === "failed");
  const isSuccess = passed === results.length;
  const rest = results
    .filter(({ status }) => status !== "passed")
    .map(({ name, status, reason, durationMs }) => {
      const how = status === "timed-out" ? "timed out" : `failed (${reason ?? "unknown reason"})`;
      return `; ${name} ${how} after ${(durationMs / 1000).toFixed(1)}s`;
    });
  return {
    isSuccess,
    exitStatus: isSuccess ? 0 : hasFailed ? 1 : 2,
    results,
    summary: `${passed} of ${results.length} checks passed${rest.join("")}`,
  };
}
