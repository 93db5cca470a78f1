import { describe, expect, it } from "vitest";
import { LogError } from "../errors.ts";
import { collectProgress } from "./collector.ts";
import { progressMessage } from "./progress-message.ts";
import { createReporter, mutedReporter, plainReporter } from "./reporter.ts";

function memoryStream(
  isTTY = false,
  columns = 120,
): { isTTY: boolean; columns: number; text: string; write(text: string): boolean } {
  return {
    isTTY,
    columns,
    text: "",
    write(text) {
      this.text += text;
      return true;
    },
  };
}

// Without the time, which depends on the zone, and the padding.
function lines(text: string): string[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => line.slice(9).trimEnd());
}

describe("progress off a terminal", () => {
  it("is one line a report, padded to 80 columns (log case 29)", () => {
    const stream = memoryStream();
    const reporter = plainReporter({ name: "x", stream, clock: () => 0 });
    reporter.expect(3);
    reporter.addInFlight(2);
    reporter.addSuccess();
    reporter.addFailure();
    reporter.addSuccess();
    reporter.finish();
    expect(lines(stream.text)).toEqual([
      "x:   0% (ok: 0; fail: 0; left: 3)",
      "x:   0% (in-flight: 2; ok: 0; fail: 0; left: 1)",
      "x:  33% (in-flight: 1; ok: 1; fail: 0; left: 1)",
      "x:  66% (in-flight: 0; ok: 1; fail: 1; left: 1)",
      "x: 100% (in-flight: -1; ok: 2; fail: 1; left: 1)",
    ]);
    expect(stream.text.split("\n").every((line) => line === "" || line.length === 80)).toBe(true);
  });

  it("is padded by characters, whatever they take in memory", () => {
    const stream = memoryStream();
    plainReporter({ name: "😀".repeat(10), stream, clock: () => 0 }).expect(3);
    expect(Array.from(stream.text)).toHaveLength(81);
  });

  it("may exceed what was expected (log case 30)", () => {
    const stream = memoryStream();
    const reporter = plainReporter({ name: "x", stream });
    reporter.expect(2);
    reporter.addSuccess(3);
    expect(lines(stream.text).at(-1)).toBe("x: 150% (ok: 3; fail: 0; left: -1)");
  });

  it("is not silenced by a clock that was set back", () => {
    const stream = memoryStream();
    let nowMs = 5_000_000;
    const reporter = createReporter({ name: "x", stream, clock: () => nowMs });
    reporter.expect(2);
    nowMs = 0;
    reporter.addSuccess();
    expect(lines(stream.text).at(-1)).toBe("x:  50% (ok: 1; fail: 0; left: 1)");
  });

  it("is rate limited, with the first and the final report always there (log case 31)", () => {
    const stream = memoryStream();
    const reporter = createReporter({ name: "x", stream, clock: () => 1000 });
    reporter.expect(3);
    reporter.start();
    reporter.addSuccess();
    reporter.addSuccess();
    reporter.addFailure();
    reporter.finish();
    expect(lines(stream.text)).toEqual([
      "x:   0% (ok: 0; fail: 0; left: 3)",
      "x: 100% (ok: 2; fail: 1; left: 0)",
    ]);
  });
});

describe("progress on a terminal", () => {
  it("redraws one line at most ten times a second, cut to its width, and always draws the end (log W25) (log W26)", () => {
    let nowMs = 0;
    const stream = memoryStream(true, 30);
    const reporter = createReporter({ name: "sync-apaches", stream, clock: () => nowMs });
    reporter.expect(1000);
    for (; nowMs < 1000; nowMs += 1) reporter.addSuccess();
    reporter.finish();
    const draws = stream.text.split("\r");
    expect(draws.length).toBeLessThanOrEqual(12);
    expect(draws.every((draw) => draw.replace("\n", "").length <= 29)).toBe(true);
    expect(draws.at(-1)).toMatch(/sync-apaches: 100.*\n$/s);
  });

  it("turns a spinner", () => {
    let nowMs = 0;
    const stream = memoryStream(true);
    const reporter = createReporter({ name: "x", stream, clock: () => (nowMs += 200) });
    for (let at = 0; at < 5; at += 1) reporter.report();
    reporter.finish();
    expect(stream.text.match(/\) (.)/g)).toEqual([") -", ") \\", ") |", ") /", ") -", ")  "]);
  });
});

describe("counting", () => {
  it("cannot set the success count once tasks are in flight", () => {
    const reporter = mutedReporter("x");
    reporter.setSuccess(2);
    reporter.addInFlight();
    expect(() => reporter.setSuccess(3)).toThrow(LogError);
  });

  it("goes on while muted, and can be sent as a message", () => {
    const stream = memoryStream();
    const reporter = createReporter({ name: "x", stream, mute: true });
    reporter.expect(4);
    reporter.addInFlight(2);
    reporter.addSuccess();
    expect(stream.text).toBe("");
    expect(JSON.parse(progressMessage(reporter.state()))).toEqual({
      type: "progress",
      name: "x",
      totalTasks: 4,
      tasksInFlight: 1,
      tasksFinishedOk: 1,
      tasksFinishedFailed: 0,
      tasksFinishedTotal: 1,
      tasksPercentComplete: 25,
      tasksRemaining: 2,
      progressFinished: false,
    });
  });

  it("sums up several workers", () => {
    const stream = memoryStream();
    const collector = collectProgress(plainReporter({ name: "all", stream }));
    const [a, b] = [collector.worker("a"), collector.worker("b")];
    a.expect(2);
    b.expect(3);
    a.expect(1);
    a.start();
    a.addSuccess();
    b.addInFlight();
    b.addFailure();
    b.finish();
    collector.close();
    expect(lines(stream.text).at(-1)).toBe("all:  50% (in-flight: 0; ok: 1; fail: 1; left: 2)");
    expect(a.state()).toMatchObject({ ok: 1, expected: 1 });
  });
});
