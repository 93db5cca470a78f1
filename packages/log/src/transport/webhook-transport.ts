import { setTimeout as sleep } from "node:timers/promises";
import type { Transport } from "./transport.ts";

/** How a message is handed to a web server. */
export interface WebhookTransportOptions {
  readonly url: string;
  /** Tries for each message. @defaultValue 6 */
  readonly tries?: number;
  /** Pause before the second try, in milliseconds; it doubles with each further one. @defaultValue 500 */
  readonly firstPauseMs?: number;
  /** Longest time for one try, in milliseconds. @defaultValue 10_000 */
  readonly timeoutMs?: number;
}

/** Posts messages as JSON. Lost connections, time-outs and answers 408, 429 and 5xx are tried again. */
export function webhookTransport(options: WebhookTransportOptions): Transport {
  const { firstPauseMs = 500, timeoutMs = 10_000, tries = 6, url } = options;
  const closed = new AbortController();
  let trouble: string | undefined;
  return {
    send: async (message) => {
      for (let left = tries - 1; ; left--) {
        const failure = await post(
          url,
          message,
          AbortSignal.any([closed.signal, AbortSignal.timeout(timeoutMs)]),
        );
        trouble = failure?.reason;
        if (failure === undefined) return;
        if (left === 0 || !failure.isWorthRetrying || closed.signal.aborted) throw new Error(failure.reason);
        await sleep(firstPauseMs * 2 ** (tries - 1 - left), undefined, { signal: closed.signal, ref: false });
      }
    },
    close: async () => closed.abort(),
    trouble: () => trouble,
  };
}

interface Failure {
  readonly reason: string;
  readonly isWorthRetrying: boolean;
}

async function post(url: string, body: Uint8Array, signal: AbortSignal): Promise<Failure | undefined> {
  try {
    const headers = { "content-type": "application/json", "user-agent": "scap" };
    const response = await fetch(url, { method: "POST", body: Buffer.from(body), headers, signal });
    await response.body?.cancel();
    if (response.ok) return undefined;
    const { status } = response;
    return {
      reason: `it answered ${status}`,
      isWorthRetrying: status >= 500 || status === 408 || status === 429,
    };
  } catch (cause) {
    return { reason: describe(cause), isWorthRetrying: true };
  }
}

/** `fetch` says only that it failed; the reason is below. */
function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.name === "TimeoutError") return "no answer in time";
  return cause.cause instanceof Error ? cause.cause.message : cause.message;
}
