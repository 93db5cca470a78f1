import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SessionPlaces } from "./session-places.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Places of a server that has so many; some more ask for them than there are. */
async function ask(places: SessionPlaces, count: number): Promise<(() => void)[]> {
  return await Promise.all(Array.from({ length: count }, () => places.take()));
}

it("are fewer after a refusal, and more again as time goes by", async () => {
  const places = new SessionPlaces();
  const [newest] = await ask(places, 5);
  places.noteRefusal();
  newest?.();
  expect(places.areAllTaken).toBe(true);
  const waiting = places.take();
  await vi.advanceTimersByTimeAsync(1000);
  await waiting;
  expect(places.taken).toBe(5);
  await vi.advanceTimersByTimeAsync(5000);
  await ask(places, 5);
  expect([places.taken, places.areAllTaken]).toEqual([10, true]);
});

it("are tried ever more seldom where the server goes on to refuse", async () => {
  const places = new SessionPlaces();
  await ask(places, 2);
  const tries: number[] = [];
  const start = Date.now();
  void (async () => {
    while (tries.length < 4) {
      const release = await places.take();
      if (tries.length > 0 || Date.now() > start) tries.push(Date.now() - start);
      places.noteRefusal();
      release();
    }
  })();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(tries).toEqual([1000, 3000, 7000, 15_000]);
});

it("stay as they are when the only session is refused", async () => {
  const places = new SessionPlaces();
  await ask(places, 1);
  places.noteRefusal();
  expect(places.areAllTaken).toBe(false);
});
