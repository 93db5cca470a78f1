import { readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { DeployEvent } from "@scap/events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foldDeployment, type LoggedDeployment } from "../src/server/run/interrupted.ts";
import type { DeployResult } from "../src/server/run/host-runs.ts";
import { orchestrate } from "../src/server/run/orchestrate.ts";
import { planDeployment, type DeployPlan } from "../src/server/plan/plan.ts";
import { isResumable, resumePoint, type ResumePoint } from "../src/server/run/resume.ts";
import { LocalFleet, SharedPacks } from "./local-fleet.ts";
import { createSampleRepository, type SampleRepository } from "./target/sample-repository.ts";
import { createSampleTarget, type SampleTarget } from "./target/sample-target.ts";

const HOSTS = ["a", "b", "c"];

let source: SampleRepository;
let packs: SharedPacks;
let targets: Map<string, SampleTarget>;
let calls: Map<string, string[]>;
let runs = 0;
beforeAll(() => {
  targets = new Map(HOSTS.map((host) => [host, createSampleTarget()]));
  source = createSampleRepository(join(targets.get("a")?.directory ?? "", "source"));
  packs = new SharedPacks(source.directory);
});
afterAll(() => targets.forEach((target) => target.remove()));

/** A deployment of one commit; `failing` is the host whose check after promote fails. */
interface Scene {
  readonly commit: string;
  readonly failing?: string;
}

function planOf({ commit }: Scene): DeployPlan {
  const group = (name: string, hosts: string[]) => ({
    ...{ name, hosts, failureLimit: 0 },
    subgroups: [{ label: name, hosts }],
  });
  return planDeployment({
    ...{ mode: "deploy", repo: "acme/web", environment: null, commit, revision: "HEAD", hasGitServer: false },
    groups: [group("canary", ["a"]), group("default", ["b", "c"])],
    batchSize: () => 80,
    confirm: { policy: "canaries", timeoutMs: 60_000 },
  });
}

/** Runs it until the event with the number `dieAt`, at which the deploy server is gone. */
async function run(
  scene: Scene,
  options: { readonly resume?: ResumePoint; readonly dieAt?: number } = {},
): Promise<{ events: DeployEvent[]; result: DeployResult | undefined }> {
  const { dieAt, resume } = options;
  const plan = planOf(scene);
  const check = { smoke: { type: "command", after: "promote", command: "false" } };
  const fleet = new LocalFleet({
    ...{ targets, calls, packs, commit: scene.commit },
    run: `run-${String(++runs).padStart(5, "0")}`,
    info: (host) => (host === scene.failing ? { checks: check } : {}),
  });
  const events: DeployEvent[] = [startedEvent(plan)];
  let onDeath = (): void => {};
  const died = new Promise<undefined>((resolve) => {
    onDeath = () => resolve(undefined);
  });
  const emit = (event: DeployEvent): void => {
    if (dieAt !== undefined && events.length > dieAt) return;
    events.push(event);
    if (events.length - 1 !== dieAt) return;
    fleet.die();
    onDeath();
  };
  const work = orchestrate({
    ...{
      plan,
      fleet,
      emit,
      stop: new AbortController().signal,
      abort: new AbortController().signal,
      now: () => 0,
    },
    questions: { continueAfter: async () => "continue", rollBack: async () => true },
    every: () => () => {},
    ...(resume === undefined ? {} : { resume }),
  });
  const result = await Promise.race([work, died]);
  await fleet.close();
  return { events, result };
}

function startedEvent({ commit, environment, groups, mode, repo, revision }: DeployPlan): DeployEvent {
  return {
    event: "deploy.started",
    ...{
      commit,
      environment,
      mode,
      repo,
      revision,
      tag: "scap/sync/2031-04-05/0001",
      user: "x",
      message: "m",
    },
    groups: groups.map(({ failureLimit, hosts, name }) => ({ failureLimit, hosts, name })),
  };
}

/** What somebody finds on the hosts. The services say what they run: what was live at their last restart. */
function state(): Record<string, unknown> {
  return Object.fromEntries(
    [...targets].map(([host, { final, root }]) => {
      const link = (name: string): string => readlinkSync(join(root, name)).replace("revs/", "");
      const live = readlinkSync(final).replace("web-cache/revs/", "");
      return [
        host,
        { live, current: link("current"), done: link(".done"), code: readFileSync(join(final, "v"), "utf8") },
      ];
    }),
  );
}

async function undisturbed(scene: Scene): Promise<{ events: DeployEvent[]; outcome: string | undefined }> {
  calls = new Map(HOSTS.map((host) => [host, []]));
  const { events, result } = await run(scene);
  return { events, outcome: result?.outcome };
}

/** Kills the deployment at an event and resumes it; the services of each host are restarted for what is live. */
async function killed(scene: Scene, dieAt: number): Promise<string | undefined> {
  calls = new Map(HOSTS.map((host) => [host, []]));
  const first = await run(scene, { dieAt });
  let logged: LoggedDeployment | undefined;
  for (const event of first.events) logged = foldDeployment(logged, event);
  if (logged === undefined || !isResumable(logged)) throw new Error("nothing to resume");
  const resume = resumePoint(logged, await LocalFleet.ask(targets));
  return (await run(scene, { resume })).result?.outcome;
}

let version = 0;
const commitNext = (): string => source.commit({ v: `${++version}` });

describe("a deployment whose deploy server was killed, and that was resumed", () => {
  it("ends as if nothing had happened, whichever event was the last one", async () => {
    const { events, outcome } = await undisturbed({ commit: commitNext() });
    expect(outcome).toBe("ok");
    for (let dieAt = 0; dieAt < events.length; dieAt++) {
      const commit = commitNext();
      expect(await killed({ commit }, dieAt), `killed at event ${dieAt}`).toBe("ok");
      const host = { live: commit, current: commit, done: commit, code: String(version) };
      expect(state(), `killed at event ${dieAt}`).toEqual({ a: host, b: host, c: host });
      for (const name of HOSTS) expect(calls.get(name)?.length).toBeGreaterThan(0);
    }
  }, 600_000);

  it("rolls back as if nothing had happened, whichever event after the failure was the last one", async () => {
    const good = commitNext();
    await undisturbed({ commit: good });
    const { events, outcome } = await undisturbed({ commit: commitNext(), failing: "c" });
    expect(outcome).toBe("rolled-back");
    const host = { live: good, current: good, done: good, code: String(version - 1) };
    const expected = { a: host, b: host, c: host };
    const failed = events.findIndex(
      (event) => event.event === "stage.host.finished" && event.host === "c" && event.failure,
    );
    // Before it there is nothing that the other test does not show.
    for (let dieAt = failed - 1; dieAt < events.length; dieAt++) {
      const scene = { commit: commitNext(), failing: "c" };
      expect(await killed(scene, dieAt), `killed at event ${dieAt}`).toBe("rolled-back");
      expect(state(), `killed at event ${dieAt}`).toEqual(expected);
    }
  }, 600_000);
});
