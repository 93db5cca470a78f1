import { setTimeout as sleep } from "node:timers/promises";

/** Polls until the condition holds. @throws {Error} after 30 seconds */
export async function waitFor(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited 30 seconds for ${condition.toString()}`);
    await sleep(20);
  }
}
