import { Writable } from "node:stream";
import type { LockWait } from "@scap/lock";
import { afterEach, expect, test, vi } from "vitest";
import { lockWaiting } from "../src/lock-waiting.ts";

afterEach(() => vi.useRealTimers());

function output(isTTY: boolean): { stream: Writable & { isTTY: boolean }; text: () => string } {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY }), text: () => text };
}

const wait = (remainingMs: number, line = "deploy: x is locked by alice"): LockWait => ({
  ...{ path: "x", name: "deploy", remainingMs },
  lines: [line],
});

test("each report in a pipe ends with the time that is left, and nothing else is written (lock W8)", () => {
  vi.useFakeTimers();
  const { stream, text } = output(false);
  const waiting = lockWaiting(stream);
  waiting.onWaiting([], wait(600_000));
  vi.advanceTimersByTime(10_000);
  waiting.onWaiting([], wait(45_500));
  waiting.close();
  expect(text()).toBe(
    "deploy: x is locked by alice\nWaiting for the lock for up to 10m 00s.\n" +
      "deploy: x is locked by alice\nWaiting for the lock for up to 00m 45s.\n",
  );
});

test("a terminal shows the holder once, and the time that is left below it until the end (lock W8)", () => {
  vi.useFakeTimers();
  const { stream, text } = output(true);
  const waiting = lockWaiting(stream);
  waiting.onWaiting([], wait(600_000));
  vi.advanceTimersByTime(2_000);
  waiting.onWaiting([], wait(598_000));
  waiting.onWaiting([], wait(597_000, "deploy: x is locked by bob"));
  waiting.close();
  vi.advanceTimersByTime(60_000);
  const live = (left: string): string => `\r\u001b[KWaiting for the lock: ${left} left`;
  expect(text()).toBe(
    `deploy: x is locked by alice\n${live("10m 00s")}${live("09m 59s")}${live("09m 58s")}${live("09m 58s")}` +
      `\r\u001b[Kdeploy: x is locked by bob\n${live("09m 57s")}\r\u001b[K`,
  );
});
