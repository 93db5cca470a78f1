import { expect, test } from "vitest";
import { argv } from "../command.ts";
import { createSimulatedTransport } from "../simulated-transport.ts";
import type { HostResult } from "./host-result.ts";
import { runJob } from "./run-job.ts";
import { summarizeJob } from "./summary.ts";

test("6: statuses are told apart and counted", async () => {
  const transport = createSimulatedTransport(({ host }) =>
    host === "sig1" ? { signal: "SIGTERM" } : { code: host === "fail1" ? 3 : host === "conn1" ? 255 : 0 },
  );
  const results: HostResult[] = [];
  const hosts = ["ok1", "fail1", "conn1", "sig1"];
  for await (const result of runJob({ hosts, command: argv("x"), transport })) results.push(result);
  expect(summarizeJob(results)).toMatchObject({ ok: 1, failed: 3, notRun: 0 });
});

test("16: the mean and the median of no results are 0", () => {
  expect(summarizeJob([])).toEqual({ ok: 0, failed: 0, notRun: 0, meanMs: 0, medianMs: 0 });
});

test.each([
  [[5], 5, 5],
  [[1, 2, 9], 4, 2],
  [[1, 2, 4, 9], 4, 3],
])("the times %j have the mean %d and the median %d", (times, meanMs, medianMs) => {
  const results = times.map((durationMs) => ({ status: "ok", connectAttempts: 1, durationMs }) as HostResult);
  expect(summarizeJob(results)).toMatchObject({ meanMs, medianMs });
});
