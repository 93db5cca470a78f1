import type { CheckAttempt, CheckContext } from "./check-type.ts";

/** An attempt that ends by its own calls, by the timeout of the context, or by its signal. */
export function attemptWithin(context: Pick<CheckContext, "signal" | "timeoutMs">): {
  promise: Promise<CheckAttempt>;
  finish: { pass: (output: string) => void; fail: (reason: string, output?: string) => void };
} {
  let settle: (attempt: CheckAttempt) => void = () => {};
  let refuse: (reason: unknown) => void = () => {};
  const promise = new Promise<CheckAttempt>((resolve, reject) => {
    settle = resolve;
    refuse = reject;
  });
  const timer = setTimeout(() => {
    const reason = `timed out after ${context.timeoutMs / 1000} seconds`;
    settle({ status: "timed-out", exitCode: undefined, output: "", reason });
  }, context.timeoutMs);
  const abort = (): void => refuse(context.signal.reason);
  if (context.signal.aborted) abort();
  context.signal.addEventListener("abort", abort, { once: true });
  const pass = (output: string): void =>
    settle({ status: "passed", exitCode: undefined, output, reason: undefined });
  const fail = (reason: string, output = ""): void =>
    settle({ status: "failed", exitCode: undefined, output, reason });
  const cleaned = promise.finally(() => {
    clearTimeout(timer);
    context.signal.removeEventListener("abort", abort);
  });
  return { promise: cleaned, finish: { pass, fail } };
}
