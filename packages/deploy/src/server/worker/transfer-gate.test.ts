import { expect, it } from "vitest";
import { TransferGate } from "./transfer-gate.ts";

it("runs no more transfers at once than it allows, in order, also after failures", async () => {
  const gate = new TransferGate(2);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const transfer = (number: number): Promise<void> =>
    gate.run(async () => {
      started.push(number);
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      if (number === 1) throw new Error("lost");
    });
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map(transfer));
  expect(results.map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
    "fulfilled",
  ]);
  expect(started).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(2);
});
