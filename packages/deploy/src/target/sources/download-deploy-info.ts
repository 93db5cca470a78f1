import { setTimeout as sleep } from "node:timers/promises";

import { MAX_DEPLOY_INFO_BYTES } from "../../parse-deploy-info.ts";
import { TargetWorkError } from "../target-error.ts";

/** How {@link downloadDeployInfo} behaves. */
export interface DownloadOptions {
  /** Longest time for one try, in milliseconds. @defaultValue 20_000 */
  readonly timeoutMs?: number;
  /** @defaultValue 3 */
  readonly tries?: number;
  readonly signal: AbortSignal;
}

/**
 * Gets the deploy info from a deploy server. Lost connections and errors of the server (5xx) are tried again.
 *
 * @param server - URL of the checkout
 * @throws TargetWorkError `DEPLOY_SERVER`
 */
export async function downloadDeployInfo(server: string, options: DownloadOptions): Promise<string> {
  const url = `${server}/.git/DEPLOY_HEAD`;
  const { signal, timeoutMs = 20_000, tries = 3 } = options;
  for (let left = tries - 1; ; left -= 1) {
    const answer = await get(url, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    if ("text" in answer) return answer.text;
    signal.throwIfAborted();
    if (left <= 0 || !answer.isWorthRetrying) throw failure(url, answer.reason);
    await sleep(500 * (tries - left), undefined, { signal });
  }
}

type Answer = { readonly text: string } | { readonly reason: string; readonly isWorthRetrying: boolean };

async function get(url: string, signal: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch(url, { signal, headers: { "user-agent": "scap-deploy-local" } });
    if (!response.ok) {
      await response.body?.cancel();
      return { reason: `the server answered ${response.status}`, isWorthRetrying: response.status >= 500 };
    }
    return await readLimited(response);
  } catch (cause) {
    return { reason: describe(cause), isWorthRetrying: true };
  }
}

async function readLimited(response: Response): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_DEPLOY_INFO_BYTES) return { reason: "it is larger than 16 MiB", isWorthRetrying: false };
  }
  return { text: Buffer.concat(chunks).toString("utf8") };
}

/** `fetch` says only that it failed; the reason is below. */
function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.name === "TimeoutError") return "no answer in time";
  return cause.cause instanceof Error ? cause.cause.message : cause.message;
}

function failure(url: string, reason: string): TargetWorkError {
  return new TargetWorkError(`Cannot get the deploy info from ${url}: ${reason}`, {
    code: "DEPLOY_SERVER",
    hint: "Check git_server and git_scheme, and that scap deploy --init was run there.",
  });
}
