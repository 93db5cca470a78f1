import { setTimeout as sleep } from "node:timers/promises";

/** Polls until the condition holds. @throws {Error} after ten seconds */
export async function waitFor(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited ten seconds for ${condition.toString()}`);
    await sleep(20);
  }
}
