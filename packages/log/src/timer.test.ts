import { describe, expect, it } from "vitest";
import { formatDuration } from "./duration.ts";
import { createLogger } from "./logger.ts";
import type { StatsClient } from "./metrics/statsd.ts";
import type { LogRecord } from "./record.ts";
import { metricName, startTimer, timed } from "./timer.ts";

function world(): {
  records: LogRecord[];
  timings: [string, number][];
  stats: StatsClient;
  nowMs: number;
  clock: () => number;
} {
  const timings: [string, number][] = [];
  const stats: StatsClient = {
    timing: (name, milliseconds) => timings.push([name, milliseconds]),
    increment: () => undefined,
    deployed: () => undefined,
    dropped: () => 0,
    close: () => Promise.resolve(),
  };
  const fake = { records: [] as LogRecord[], timings, stats, nowMs: 1000.5, clock: (): number => fake.nowMs };
  return fake;
}

describe("a timer", () => {
  it("tells its start, marks and end, in text and in fields (log case 33) (log W27)", () => {
    const fake = world();
    const sink = {
      write: (record: LogRecord) => void fake.records.push(record),
      close: () => Promise.resolve(),
    };
    const logger = createLogger({ name: "sync_common", sinks: [sink] });
    const timer = startTimer({ label: "rsync common", logger, stats: fake.stats, clock: fake.clock });
    fake.nowMs += 1500;
    timer.mark("half");
    fake.nowMs += 500;
    expect(timer.end()).toBe(2000);
    timer.end();
    const events = fake.records.map(({ name, msg, ...rest }) => [
      name,
      msg,
      Object.fromEntries(Object.entries(rest).filter(([key]) => key.startsWith("event."))),
    ]);
    expect(events).toEqual([
      ["sync_common.timer", "Started rsync common", { "event.action": "rsync common", "event.start": 1000 }],
      [
        "sync_common.timer",
        "Finished half (duration: 00m 01s)",
        { "event.action": "half", "event.start": 1000, "event.duration": 1_500_000_000 },
      ],
      [
        "sync_common.timer",
        "Finished rsync common (duration: 00m 02s)",
        {
          "event.action": "rsync common",
          "event.start": 1000,
          "event.duration": 2_000_000_000,
          "event.end": 3000,
        },
      ],
    ]);
    expect(fake.timings).toEqual([
      ["scap.half", 1500],
      ["scap.rsync_common", 2000],
    ]);
  });

  it("tells its end also when the work fails, and sends nothing under the empty name", async () => {
    const fake = world();
    const sink = {
      write: (record: LogRecord) => void fake.records.push(record),
      close: () => Promise.resolve(),
    };
    const logger = createLogger({ name: "root", sinks: [sink] });
    const work = timed({ label: "x", name: "", logger, stats: fake.stats }, () =>
      Promise.reject(new Error("no")),
    );
    await expect(work).rejects.toThrow("no");
    expect(fake.records.map(({ msg }) => msg)).toEqual(["Started x", "Finished x (duration: 00m 00s)"]);
    expect(fake.records[0]?.["event.action"]).toBeNull();
    expect(fake.timings).toEqual([]);
  });
});

it("a clock that is set back makes no duration negative", () => {
  const fake = world();
  const sink = {
    write: (record: LogRecord) => void fake.records.push(record),
    close: () => Promise.resolve(),
  };
  const logger = createLogger({ name: "x", sinks: [sink] });
  const timer = startTimer({ label: "x", logger, stats: fake.stats, clock: fake.clock });
  fake.nowMs = 10;
  expect(timer.end()).toBe(0);
  expect(fake.records[1]).toMatchObject({ "event.start": 1000, "event.duration": 0, "event.end": 1000 });
});

it("metric names keep letters, digits and underscores", () => {
  expect(metricName("rsync common")).toBe("scap.rsync_common");
  expect(metricName("deploy [a/b@1234567] (beta)")).toBe("scap.deploy__a_b_1234567___beta_");
});

it.each([
  [0, "00m 00s"],
  [1, "00m 01s"],
  [59.9, "00m 59s"],
  [65, "01m 05s"],
  [3599, "59m 59s"],
  [3600, "60m 00s"],
  [36_000, "600m 00s"],
])("%d seconds are %s (log case 40)", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
