import { describe, expect, it, vi } from "vitest";
import { TargetError } from "../../errors.ts";
import type { StageName } from "../../stage.ts";
import type { DeployEvent } from "@scap/events";
import type { FleetStageOptions, FleetStageResult } from "../fleet/fleet.ts";
import type { DeployResult } from "./host-runs.ts";
import { startDeployTimer } from "./deploy-timer.ts";
import type { DeployQuestions } from "./orchestrate-options.ts";
import { orchestrate } from "./orchestrate.ts";
import type { ConfirmPolicy } from "../plan/planned-lease.ts";
import { planDeployment, type DeployMode, type PlannedGroup, type PlanInput } from "../plan/plan.ts";

interface Scene {
  readonly groups: Record<string, string[]>;
  readonly size?: number;
  readonly limit?: number;
  readonly batch?: number;
  readonly mode?: DeployMode;
  /** `stage host` pairs that fail; `!` at the end loses the host. */
  readonly fails?: readonly string[];
  readonly noops?: boolean;
  /** An earlier run promoted everywhere and did not finalize. */
  readonly unfinished?: boolean;
  readonly policy?: ConfirmPolicy;
  readonly answers?: Partial<DeployQuestions>;
  readonly tasks?: PlanInput["tasks"];
  /** What an interrupted run did. */
  readonly steps?: readonly string[];
  /** @defaultValue never */
  readonly stop?: AbortSignal;
}

async function play(scene: Scene): Promise<{ result: DeployResult; calls: string[]; events: DeployEvent[] }> {
  const calls: string[] = [];
  const events: DeployEvent[] = [];
  const work = async (
    host: string,
    name: StageName,
    { tasks }: FleetStageOptions,
  ): Promise<FleetStageResult> => {
    const stage = tasks === undefined ? name : `${tasks} ${name}`;
    calls.push(`${stage} ${host}`);
    await Promise.resolve();
    const lost = scene.fails?.includes(`${stage} ${host}!`) === true;
    if (lost) throw new TargetError(host, "gone", { code: "UNREACHABLE", isUnreachable: true });
    if (scene.fails?.includes(`${stage} ${host}`) === true)
      throw new TargetError(host, "no", { code: "STAGE_FAILED" });
    return { noop: scene.noops === true, isUnfinished: scene.unfinished === true };
  };
  const confirm = async (host: string): Promise<void> => {
    calls.push(`confirm ${host}`);
    if (scene.fails?.includes(`confirm ${host}`) === true)
      throw new TargetError(host, "gone back", { code: "LEASE_ENDED" });
  };
  const result = await orchestrate({
    plan: planDeployment({
      mode: scene.mode ?? "deploy",
      repo: "acme/web",
      environment: null,
      commit: "c".repeat(40),
      revision: "HEAD",
      hasGitServer: false,
      groups: Object.entries(scene.groups).map(([name, hosts]) => groupOf(name, hosts, scene)),
      batchSize: () => scene.batch ?? 80,
      ...(scene.tasks === undefined ? {} : { tasks: scene.tasks }),
      confirm: { policy: scene.policy ?? "never", timeoutMs: 60_000 },
    }),
    fleet: { stage: work, confirm, renew: async () => {} },
    ...(scene.steps === undefined ? {} : { resume: { changed: [], agreed: [], steps: scene.steps } }),
    questions: { continueAfter: async () => "continue", rollBack: async () => true, ...scene.answers },
    emit: (event) => events.push(event),
    stop: scene.stop ?? new AbortController().signal,
    abort: new AbortController().signal,
    now: () => 0,
  });
  return { result, calls, events };
}

function groupOf(
  name: string,
  hosts: string[],
  { limit = 0, size = hosts.length }: Scene,
): Omit<PlannedGroup, "stages" | "tasks"> {
  const slices = Array.from({ length: Math.ceil(hosts.length / size) }, (_, at) =>
    hosts.slice(at * size, at * size + size),
  );
  const subgroups = slices.map((slice, at) => ({
    label: slices.length > 1 ? `${name}${at + 1}` : name,
    hosts: slice,
  }));
  return { name, hosts, failureLimit: limit, subgroups };
}

describe("tasks that run once", () => {
  const migrate = { name: "migrate", stage: "promote", when: "before" } as const;
  const purge = { name: "purge", stage: "promote", when: "after" } as const;
  const promotions = (calls: readonly string[]): string[] =>
    calls.filter((call) => /promote|rollback/.test(call));

  it("run on one host of each group, before its first and after its last subgroup", async () => {
    const groups = { canary: ["web1"], default: ["web2", "web3", "web4"] };
    const { calls, events } = await play({ groups, size: 2, tasks: [migrate, purge] });
    expect(promotions(calls)).toEqual([
      ...["before promote web1", "promote web1", "after promote web1"],
      ...["before promote web2", "promote web2", "promote web3", "promote web4", "after promote web4"],
    ]);
    const steps = events.flatMap((each) => (each.event === "stage.started" ? [each.stage] : []));
    expect(steps).toContain("before promote");
  });

  it("run after a stage whose work an interrupted run did, unless it did them as well", async () => {
    const scene = { groups: { canary: ["web1"] }, noops: true, tasks: [purge] };
    const tasksOf = async (more: Partial<Scene>): Promise<string[]> =>
      promotions((await play({ ...scene, ...more })).calls).filter((call) => call.startsWith("after"));
    expect(await tasksOf({ steps: ["canary promote"] })).toEqual(["after promote web1"]);
    expect(await tasksOf({ unfinished: true })).toEqual(["after promote web1"]);
    const steps = ["canary promote", "canary after promote"];
    expect(await tasksOf({ steps, unfinished: true })).toEqual([]);
    expect(await tasksOf({ steps, noops: false })).toEqual(["after promote web1"]);
  });

  it("run only in their group", async () => {
    const groups = { canary: ["web1"], default: ["web2"] };
    const { calls } = await play({ groups, tasks: [{ ...migrate, group: "canary" }] });
    expect(promotions(calls)).toEqual(["before promote web1", "promote web1", "promote web2"]);
  });

  it("stop everything when they fail, whatever the limit is", async () => {
    const groups = { default: ["web1", "web2"] };
    const scene = { groups, limit: 2, tasks: [migrate], fails: ["before promote web1"] };
    const { calls, result } = await play(scene);
    expect(promotions(calls)).toEqual(["before promote web1"]);
    expect(result).toMatchObject({
      outcome: "failed",
      reason: "migrate failed before promote on web1",
      failedHosts: ["web1"],
    });
  });

  it("do not run after a stage that had nothing to do, nor in a rollback", async () => {
    const groups = { default: ["web1"] };
    const { calls } = await play({ groups, noops: true, tasks: [purge] });
    expect(promotions(calls)).toEqual(["promote web1"]);
    const back = await play({ groups, mode: "rollback", tasks: [migrate, purge] });
    expect(promotions(back.calls)).toEqual(["promote web1"]);
  });
});

describe("orchestrate", () => {
  it("takes the canary through all stages before the other groups, and finalizes in the end (A1)", async () => {
    const { calls, result } = await play({ groups: { canary: ["web1"], default: ["web2", "web3"] } });
    expect(calls).toEqual([
      ...["fetch web1", "config_deploy web1", "promote web1"],
      ...[
        "fetch web2",
        "fetch web3",
        "config_deploy web2",
        "config_deploy web3",
        "promote web2",
        "promote web3",
      ],
      ...["finalize web1", "finalize web2", "finalize web3"],
    ]);
    expect(result).toEqual({
      outcome: "ok",
      deployed: ["web1", "web2", "web3"],
      failedHosts: [],
      untouched: [],
    });
  });

  it("keeps the other groups untouched when the canary fails, and rolls only the canary back", async () => {
    const { calls, result } = await play({
      groups: { canary: ["web1"], default: ["web2"] },
      fails: ["promote web1"],
    });
    expect(calls.slice(3)).toEqual(["rollback web1"]);
    expect(result.outcome).toBe("rolled-back");
    expect(result.untouched).toEqual(["web2"]);
  });

  it("promotes nowhere when too many hosts fail to fetch (deploy W2)", async () => {
    const { calls, result } = await play({ groups: { default: ["a", "b", "c"] }, fails: ["fetch b"] });
    expect(calls).toEqual(["fetch a", "fetch b", "fetch c"]);
    expect(result.outcome).toBe("failed");
  });

  it("goes on without a failed host while that is within the limit (A17) (deploy W4)", async () => {
    const { calls, result } = await play({
      groups: { default: ["a", "b", "c"] },
      limit: 1,
      fails: ["fetch b"],
    });
    expect(calls.filter((call) => call.endsWith(" b"))).toEqual(["fetch b"]);
    expect(result).toMatchObject({ outcome: "ok", deployed: ["a", "c"], failedHosts: ["b"] });
  });

  it("fails a group in which no host is left, whatever the limit (A18) (A19) (deploy W8)", async () => {
    const { result } = await play({ groups: { default: ["a"] }, limit: 1, fails: ["fetch a!"] });
    expect(result.outcome).toBe("failed");
  });

  it("never promotes a host that was not started in the stage before (A16) (deploy W1) (ssh W4)", async () => {
    const { calls } = await play({ groups: { default: ["a", "b", "c"] }, batch: 1, fails: ["fetch a"] });
    expect(calls).toEqual(["fetch a"]);
  });

  it("counts failures over all subgroups of a group", async () => {
    const { calls, result } = await play({
      groups: { default: ["a", "b", "c", "d", "e", "f"] },
      size: 2,
      limit: 1,
      fails: ["fetch a", "fetch c"],
    });
    expect(result.outcome).toBe("rolled-back");
    expect(calls).not.toContain("fetch e");
    expect(calls.filter((call) => call.startsWith("rollback"))).toEqual(["rollback b"]);
  });

  it("rolls back in reverse order of the groups and never stops at a failure (A5) (deploy W7)", async () => {
    const { calls, result } = await play({
      groups: { canary: ["a"], default: ["b", "c"] },
      fails: ["promote c", "rollback b"],
    });
    expect(calls.slice(-3)).toEqual(["rollback b", "rollback c", "rollback a"]);
    expect(result.outcome).toBe("rollback-failed");
    expect(result.deployed).toContain("b");
  });

  it("leaves hosts as they are when the user does not want a rollback", async () => {
    const { calls, result } = await play({
      groups: { default: ["a"] },
      fails: ["promote a"],
      answers: { rollBack: async () => false },
    });
    expect(calls.at(-1)).toBe("promote a");
    expect(result.outcome).toBe("failed");
  });

  it("stops between subgroups when the user says so, and does not ask after the last (deploy W32)", async () => {
    const asked: string[] = [];
    const answer = async (label: string): Promise<"continue" | "stop"> => {
      asked.push(label);
      return label === "g2" ? "stop" : "continue";
    };
    const { result, calls } = await play({
      groups: { g: ["a", "b", "c", "d", "e"] },
      size: 2,
      answers: { continueAfter: answer },
    });
    expect(asked).toEqual(["g1", "g2"]);
    expect(calls).not.toContain("fetch e");
    expect(result.reason).toMatch(/aborted by the user after g2/);
  });

  it("asks nothing and finalizes nothing in a dry run or a restart (A15) (deploy W4)", async () => {
    for (const mode of ["dry-run", "restart"] as const) {
      const { calls } = await play({ mode, groups: { default: ["a", "b"] }, fails: ["handle_service b"] });
      expect(calls.some((call) => /finalize|rollback/.test(call))).toBe(false);
    }
  });

  it("does not roll back a host where the revision was live before (deploy W7)", async () => {
    const { calls } = await play({ groups: { g: ["a"], h: ["b"] }, noops: true, fails: ["fetch b"] });
    expect(calls.some((call) => call.startsWith("rollback"))).toBe(false);
  });

  it("says why it stopped when the time for the whole deployment is over", async () => {
    vi.useFakeTimers();
    const timer = startDeployTimer(3_000);
    vi.advanceTimersByTime(3_000);
    vi.useRealTimers();
    const { calls, result } = await play({ groups: { g: ["a"] }, stop: timer.signal });
    expect(calls).not.toContain("promote a");
    expect(result.reason).toBe(
      "the time for the whole deployment (deploy_timeout: 3 s) was over while deploying g",
    );
  });

  it("gives the same events for the same run", async () => {
    const scene: Scene = { groups: { canary: ["a"], default: ["b", "c"] }, fails: ["promote c"] };
    expect((await play(scene)).events).toEqual((await play(scene)).events);
  });
});

describe("a promotion that must be confirmed", () => {
  const groups = { canary: ["a"], default: ["b", "c"] };

  it("is confirmed on the canaries before the next group starts", async () => {
    const { calls } = await play({ groups, policy: "canaries" });
    expect(calls.slice(2, 6)).toEqual(["promote a", "confirm a", "fetch b", "fetch c"]);
    expect(calls.filter((call) => call.startsWith("confirm"))).toEqual(["confirm a"]);
  });

  it("is confirmed by the end of the deployment where every host needs it", async () => {
    const { calls, result } = await play({ groups, policy: "all" });
    expect(calls.filter((call) => call.startsWith("confirm"))).toEqual([]);
    expect(calls.slice(-3)).toEqual(["finalize a", "finalize b", "finalize c"]);
    expect(result.outcome).toBe("ok");
  });

  it("of the first subgroup counts as canary where there is one group", async () => {
    const { calls } = await play({ groups: { default: ["a", "b", "c"] }, size: 1, policy: "canaries" });
    expect(calls.filter((call) => call.startsWith("confirm"))).toEqual(["confirm a"]);
  });

  it("needs nothing where one slice holds all hosts, or nothing was changed", async () => {
    for (const scene of [{ groups: { default: ["a", "b"] } }, { groups, noops: true }]) {
      const { calls } = await play({ ...scene, policy: "canaries" });
      expect(calls.some((call) => call.startsWith("confirm"))).toBe(false);
    }
  });

  it("fails the group when the host went back meanwhile", async () => {
    const { calls, result } = await play({ groups, policy: "canaries", fails: ["confirm a"] });
    expect(calls.slice(-2)).toEqual(["confirm a", "rollback a"]);
    expect(result).toMatchObject({ outcome: "rolled-back", untouched: ["b", "c"] });
  });

  it("is taken back, without a further question, when nobody says in time whether to go on", async () => {
    const rollBack = async (): Promise<boolean> => {
      throw new Error("nobody is there");
    };
    const answers = { continueAfter: async () => "unanswered" as const, rollBack };
    const { result } = await play({ groups, policy: "canaries", answers });
    expect(result).toMatchObject({ outcome: "rolled-back", reason: "nobody confirmed canary in time" });
  });

  it("stays where the user wants no rollback", async () => {
    const answers = { continueAfter: async () => "stop" as const, rollBack: async () => false };
    const { calls } = await play({ groups, policy: "canaries", answers });
    expect(calls.at(-1)).toBe("confirm a");
  });
});

it("rolls back also what an earlier run promoted and did not finalize", async () => {
  const groups = { g: ["a"], h: ["b"] };
  const { calls } = await play({ groups, noops: true, unfinished: true, fails: ["fetch b"] });
  expect(calls.at(-1)).toBe("rollback a");
});

describe("a rollback of the fleet", () => {
  it("goes on everywhere whatever fails, asks nobody, and fails in the end", async () => {
    const continueAfter = async (): Promise<never> => {
      throw new Error("nobody is asked");
    };
    const { calls, result } = await play({
      groups: { canary: ["a"], default: ["b", "c"] },
      mode: "rollback",
      fails: ["promote a", "promote b"],
      answers: { continueAfter },
    });
    expect(calls).toEqual(["promote a", "promote b", "promote c", "finalize c"]);
    expect(result).toMatchObject({ outcome: "failed", deployed: ["c"], failedHosts: ["a", "b"] });
  });
});
