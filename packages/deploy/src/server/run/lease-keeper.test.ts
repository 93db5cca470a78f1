import { describe, expect, it } from "vitest";
import { LeaseKeeper } from "./lease-keeper.ts";

function keeper(): { leases: LeaseKeeper; renewed: string[]; tick: () => void; timers: () => number } {
  const renewed: string[] = [];
  const timers = new Set<() => void>();
  const leases = new LeaseKeeper({
    fleet: { renew: async (host) => void renewed.push(host) },
    every: (_timeMs, work) => {
      timers.add(work);
      return () => timers.delete(work);
    },
  });
  return { leases, renewed, tick: () => timers.forEach((work) => work()), timers: () => timers.size };
}

describe("leases", () => {
  it("are renewed once the host has promoted, until they are released", async () => {
    const { leases, renewed, tick, timers } = keeper();
    await leases.promoting("a", 60_000, async () => tick());
    expect(renewed).toEqual([]);
    tick();
    expect(renewed).toEqual(["a"]);
    leases.release("a");
    expect(timers()).toBe(0);
  });

  it("are not renewed while a person is asked, who may have gone", async () => {
    const { leases, renewed, tick } = keeper();
    await leases.promoting("a", 60_000, async () => {});
    await leases.whileAsking(async (limit) => {
      expect(limit?.tooLate.aborted).toBe(false);
      tick();
      expect(renewed).toEqual(["a"]);
    });
    expect(renewed).toEqual(["a", "a"]);
    tick();
    expect(renewed).toHaveLength(3);
  });

  it("end a question before the hosts go back", async () => {
    const { leases } = keeper();
    await leases.promoting("a", 20, async () => {});
    const isLate = await leases.whileAsking(
      async (limit) =>
        await new Promise((resolve) => limit?.tooLate.addEventListener("abort", () => resolve(true))),
    );
    expect(isLate).toBe(true);
  });

  it("put no limit on a question when there are none", async () => {
    const { leases } = keeper();
    expect(await leases.whileAsking(async (limit) => limit)).toBeUndefined();
  });
});
