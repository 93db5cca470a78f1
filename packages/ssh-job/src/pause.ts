import { setTimeout as sleep } from "node:timers/promises";

/** Waits. @throws the reason of `signal` */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal && { signal });
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error;
  }
}
