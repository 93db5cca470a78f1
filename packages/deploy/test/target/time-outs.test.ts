/** What each layer of a target says when its time is up; those of the deploy server are beside their sources. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { DeployInfo } from "../../src/deploy-info.ts";
import { runCommand } from "../../src/target/run-command.ts";
import type { WorkerOptions } from "../../src/target/worker/worker.ts";
import { createSampleRepository } from "./sample-repository.ts";
import {
  createSampleTarget,
  deployInfo,
  recordingServices,
  WorkerHandle,
  type SampleTarget,
} from "./sample-target.ts";

let target: SampleTarget;
let worker: WorkerHandle;
beforeEach(() => {
  target = createSampleTarget();
});
afterEach(async () => {
  await worker.close();
  target.remove();
});

/** A worker that has fetched a revision. */
async function fetched(
  more: Partial<DeployInfo>,
  options: Partial<WorkerOptions> = {},
): Promise<WorkerHandle> {
  const source = createSampleRepository(join(target.directory, "source"));
  const commit = source.commit({ a: "one" });
  worker = new WorkerHandle(options);
  const hello = await worker.hello(target);
  await worker.publish(deployInfo(commit, more));
  await worker.sendRevision(source.directory, commit, hello);
  expect(await worker.stage("fetch")).toMatchObject({ ok: true });
  return worker;
}

const HANGS = { type: "command", command: "sleep 1000" } as const;

describe("time is up", () => {
  it("for a check", async () => {
    const { stage } = await fetchedWith({ slow: { ...HANGS, after: "promote", timeout: 0.3 } });
    expect(await stage("promote")).toMatchObject({
      error: {
        code: "CHECK_FAILED",
        message: expect.stringMatching(/^Checks after promote: .*slow.* timed out/s),
      },
    });
  });

  it("for a hook that takes the host out of service: nothing is switched", async () => {
    const { stage } = await fetchedWith({ slow: { ...HANGS, hook: "drain", timeout: 0.3 } });
    expect(await stage("promote")).toMatchObject({
      error: {
        code: "DRAIN_FAILED",
        message: "Hook drain: slow: timed out after 0.3 seconds",
        hint: expect.stringContaining("The revision was not switched"),
      },
    });
  });

  it("for a stage, whatever it is busy with", async () => {
    const { stage } = await fetchedWith({ slow: { ...HANGS, after: "promote", timeout: 1000 } });
    expect(await stage("promote", { timeoutMs: 4_000 })).toMatchObject({
      error: {
        code: "TIMED_OUT",
        message: "promote did not end within 4 s and was stopped",
        hint: "See what the host was busy with, or raise stage_timeout.",
      },
    });
  });

  it("for a service that does not come up", async () => {
    const services = {
      ...recordingServices([]),
      restart: async (name: string, signal: AbortSignal) =>
        void (await runCommand(["sleep", "1000", name], { signal, timeoutMs: 300 })),
    };
    const { stage } = await fetched({ service_name: "5" }, { services }).then(asStages);
    expect(await stage("promote")).toMatchObject({
      error: { code: "TIMED_OUT", message: "sleep 1000 5 did not end within 0.3 s" },
    });
  });
});

it("a command that runs out of time ends with its children, and is called what it is called", async () => {
  const pids = join(target.directory, "pids");
  const command = ["/bin/sh", "-c", `sleep 1000 & echo $! > ${pids}; wait`];
  const signal = new AbortController().signal;
  worker = new WorkerHandle();
  const label = "The validate command of config file app.conf";
  await expect(runCommand(command, { signal, timeoutMs: 500, label })).rejects.toMatchObject({
    code: "TIMED_OUT",
    message: `${label} did not end within 0.5 s`,
  });
  const state = (): string => {
    try {
      return readFileSync(`/proc/${readFileSync(pids, "utf8").trim()}/stat`, "utf8");
    } catch {
      return "";
    }
  };
  await expect.poll(state).not.toMatch(/\) [RSD] /);
});

async function fetchedWith(checks: NonNullable<DeployInfo["checks"]>): Promise<Pick<WorkerHandle, "stage">> {
  return asStages(await fetched({ checks }));
}

function asStages(handle: WorkerHandle): Pick<WorkerHandle, "stage"> {
  return { stage: async (stage, more) => await handle.stage(stage, more) };
}
