import { DeployError } from "../../errors.ts";

/** The end of the time for a whole deployment. */
export interface DeployTimer {
  /** Aborted with a DeployError `TIMED_OUT` when the time is over. */
  readonly signal: AbortSignal;
  stop(): void;
}

/** Starts the time of `deploy_timeout`. */
export function startDeployTimer(timeoutMs: number): DeployTimer {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    const message = `the time for the whole deployment (deploy_timeout: ${timeoutMs / 1000} s) was over`;
    controller.abort(new DeployError(message, { code: "TIMED_OUT" }));
  }, timeoutMs);
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}
