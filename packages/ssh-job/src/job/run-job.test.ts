import { PassThrough, Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { argv } from "../command.ts";
import { UnreachableError } from "../errors.ts";
import { createSimulatedTransport, type SimulatedHost, type SimulatedRun } from "../simulated-transport.ts";
import type { RemoteExit, SshConnection, Transport } from "../transport.ts";
import type { HostResult } from "./host-result.ts";
import type { JobOptions } from "./job-options.ts";
import { runJob } from "./run-job.ts";

const names = (count: number, prefix = "host"): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

async function results(options: Partial<JobOptions> & { hosts: readonly string[] }): Promise<HostResult[]> {
  const transport = createSimulatedTransport(byName);
  const found: HostResult[] = [];
  for await (const result of runJob({ transport, command: argv("true"), ...options })) found.push(result);
  return found;
}

/** `failN` exits 3, `sigN` dies, `hangN` runs until it is killed, everything else says its name. */
async function byName({ host, killed }: SimulatedHost): Promise<SimulatedRun> {
  if (host.startsWith("fail")) return { code: 3 };
  if (host.startsWith("sig")) return { signal: "SIGTERM" };
  if (host.startsWith("hang")) await new Promise((resolve) => killed.addEventListener("abort", resolve));
  return { stdout: `${host}\n`, stderr: "noise" };
}

/** A host that has sent more by the time it is told to stop. */
function floodingTransport(): Transport {
  const exec: SshConnection["exec"] = async (_command, { signal } = {}) => {
    const stdout = new PassThrough();
    stdout.write("early\n");
    signal?.addEventListener("abort", () => stdout.end("late\n"));
    const exit = new Promise<RemoteExit>((resolve) =>
      stdout.once("end", () => resolve({ code: null, signal: "SIGTERM" })),
    );
    return {
      host: "host1",
      stdin: new PassThrough(),
      stdout,
      stderr: Readable.from([]),
      exit,
      kill: () => undefined,
    };
  };
  const close = async (): Promise<void> => undefined;
  return { descriptorsPerHost: 0, connect: async (host) => ({ host, exec, close }), close };
}

const statuses = (found: HostResult[]): string[] => found.map(({ host, status }) => `${host} ${status}`);

describe("runJob", () => {
  it("yields a typed result for every host (ssh W3) (query W16)", async () => {
    const found = await results({ hosts: ["ok1", "fail1", "sig1"] });
    expect(statuses(found).toSorted()).toEqual(["fail1 failed", "ok1 ok", "sig1 failed"]);
    expect(found.find(({ host }) => host === "ok1")).toMatchObject({ code: 0, connectAttempts: 1 });
    expect(found.find(({ host }) => host === "ok1")?.stdout.text).toBe("ok1\n");
    expect(found.find(({ host }) => host === "ok1")?.stderr.text).toBe("noise");
    expect(found.find(({ host }) => host === "fail1")).toMatchObject({ code: 3, signal: null });
    expect(found.find(({ host }) => host === "sig1")).toMatchObject({ code: null, signal: "SIGTERM" });
  });

  it("keeps the hosts of jobs apart that run at the same time over one transport (ssh W19)", async () => {
    const transport = createSimulatedTransport(async ({ host }) => {
      await new Promise((resolve) => setImmediate(resolve));
      return { stdout: host };
    });
    const groups = Array.from({ length: 5 }, (_, group) => names(20, `group${group}-host`));
    const jobs = await Promise.all(groups.map((hosts) => results({ hosts, transport, batchSize: 3 })));
    for (const [group, hosts] of groups.entries()) {
      expect(jobs[group]?.map(({ stdout }) => stdout.text).toSorted()).toEqual(hosts.toSorted());
    }
  });

  it("7: runs a host once that is listed twice", async () => {
    expect(await results({ hosts: ["ok1", "ok1"] })).toHaveLength(1);
  });

  it("12: refuses a job without a command before it contacts a host", async () => {
    // As from JavaScript, where no type stands in the way.
    const noCommand: object = { command: undefined };
    await expect(results({ hosts: ["ok1"], ...noCommand })).rejects.toMatchObject({ code: "BAD_OPTION" });
  });

  it("11: yields nothing for no hosts", async () => {
    expect(await results({ hosts: [] })).toEqual([]);
  });

  it.each([
    [0, 1],
    [1, 2],
    [undefined, 4],
    ["50%", 3],
  ])(
    "9: with failure limit %s and four failing hosts starts %s of them (ssh W4)",
    async (failureLimit, started) => {
      const options = failureLimit === undefined ? {} : { failureLimit };
      const found = await results({ hosts: names(4, "fail"), batchSize: 1, ...options });
      expect(found.filter(({ status }) => status === "failed")).toHaveLength(started);
      expect(found.filter(({ status }) => status === "skipped")).toHaveLength(4 - started);
    },
  );

  it("10: waits for hosts in flight when the failure limit is exceeded", async () => {
    const found = await results({ hosts: names(4, "fail"), batchSize: 2, failureLimit: 0 });
    expect(found.filter(({ status }) => status === "failed")).toHaveLength(2);
  });

  it("counts unreachable hosts apart where they have a limit of their own", async () => {
    const transport = createSimulatedTransport(byName, (host) => {
      if (host.startsWith("gone")) throw new UnreachableError("refused", `no ${host}`, { host });
    });
    const hosts = ["gone1", "fail1", "gone2", "a", "gone3", "b"];
    const job = { hosts, transport, batchSize: 1, connectRetries: 0, failureLimit: 1 };
    const found = await results({ ...job, unreachableLimit: "34%" });
    expect(statuses(found)).toEqual([
      ...["gone1 unreachable", "fail1 failed", "gone2 unreachable", "a ok", "gone3 unreachable"],
      "b skipped",
    ]);
  });

  it("8: never runs more hosts at a time than the batch size", async () => {
    let running = 0;
    let most = 0;
    const transport = createSimulatedTransport(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return {};
    });
    await results({ hosts: names(30), batchSize: "10%", transport });
    expect(most).toBe(3);
  });

  it.each(["0%", "101%", 0, -1, 1.5, "many"])(
    "refuses a batch size of %s before it contacts a host",
    async (batchSize) => {
      let isContacted = false;
      const transport = createSimulatedTransport(
        () => ({}),
        () => void (isContacted = true),
      );
      await expect(results({ hosts: ["ok1"], batchSize, transport })).rejects.toMatchObject({
        code: "BAD_OPTION",
      });
      expect(isContacted).toBe(false);
    },
  );

  it("ends a host that exceeds its time limit and leaves the others alone (ssh W7)", async () => {
    const found = await results({ hosts: ["hang1", "ok1"], hostTimeoutMs: 50 });
    expect(found.find(({ host }) => host === "hang1")).toMatchObject({
      status: "timed-out",
      limit: "host",
      hasStarted: true,
    });
    expect(found.find(({ host }) => host === "ok1")).toMatchObject({ status: "ok" });
  });

  it.each([2 ** 31, Number.POSITIVE_INFINITY])(
    "has no limit of %d ms, which no timer holds",
    async (limit) => {
      // What Node makes of such a timer is over before this one.
      const transport = createSimulatedTransport(async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return {};
      });
      const limits = { hostTimeoutMs: limit, idleTimeoutMs: limit, jobTimeoutMs: limit };
      expect(await results({ transport, hosts: ["slow1"], ...limits })).toMatchObject([{ status: "ok" }]);
    },
  );

  it("tells hosts that were running from those never started when the job runs out of time", async () => {
    const found = await results({ hosts: ["hang1", "ok1"], batchSize: 1, jobTimeoutMs: 50 });
    expect(found).toMatchObject([
      { host: "hang1", status: "timed-out", limit: "job" },
      { host: "ok1", status: "skipped", reason: "job-timeout" },
    ]);
  });

  it("passes on no more output once the caller's signal has fired, and keeps it in the result", async () => {
    const controller = new AbortController();
    const seen: string[] = [];
    const found = await results({
      hosts: ["host1"],
      transport: floodingTransport(),
      signal: controller.signal,
      onOutput: ({ chunk }) => {
        seen.push(chunk.toString());
        controller.abort();
      },
    });
    expect(found).toMatchObject([{ status: "cancelled", stdout: { text: "early\nlate\n" } }]);
    expect(seen).toEqual(["early\n"]);
  });

  it("does not try a host again once no more hosts are to be started", async () => {
    const drain = new AbortController();
    const connect = async (host: string): Promise<never> => {
      drain.abort();
      throw new UnreachableError("refused", `No ${host}`, { host });
    };
    const transport = { descriptorsPerHost: 0, connect, close: async () => undefined };
    const found = await results({ hosts: ["host1"], transport, drain: drain.signal });
    expect(found).toMatchObject([{ status: "unreachable", connectAttempts: 1 }]);
  });

  it("cancels running hosts and starts no others when the caller's signal fires", async () => {
    const controller = new AbortController();
    const onStart = (): void => void setImmediate(() => controller.abort());
    const found = await results({
      hosts: ["hang1", "ok1"],
      batchSize: 1,
      signal: controller.signal,
      onStart,
    });
    expect(found).toMatchObject([
      { host: "hang1", status: "cancelled", hasStarted: true },
      { host: "ok1", status: "cancelled", hasStarted: false },
    ]);
  });

  it("waits for running hosts and starts no others when it is to drain", async () => {
    const controller = new AbortController();
    const onStart = (): void => controller.abort();
    expect(
      await results({ hosts: ["ok1", "ok2"], batchSize: 1, drain: controller.signal, onStart }),
    ).toMatchObject([
      { host: "ok1", status: "ok" },
      { host: "ok2", status: "cancelled", hasStarted: false },
    ]);
  });

  it("34: in a rehearsal contacts no host, unless the command is safe", async () => {
    const hosts = ["ok1", "fail1"];
    expect(await results({ hosts, isDryRun: true })).toMatchObject([
      { host: "ok1", status: "skipped", reason: "dry-run", connectAttempts: 0 },
      { host: "fail1", status: "skipped", reason: "dry-run", connectAttempts: 0 },
    ]);
    expect(statuses(await results({ hosts, isDryRun: true, isSafe: true }))).toEqual([
      "ok1 ok",
      "fail1 failed",
    ]);
  });

  it("tries an unreachable host again, as often as told (query W15)", async () => {
    let tries = 0;
    const transport = createSimulatedTransport(
      () => ({}),
      () => {
        if (++tries < 3) throw new UnreachableError("refused", "no");
      },
    );
    const often = { connectRetries: 2, connectRetryDelayMs: 1 };
    expect(await results({ hosts: ["a"], transport, ...often })).toMatchObject([
      { status: "ok", connectAttempts: 3 },
    ]);
    tries = 0;
    expect(await results({ hosts: ["a"], transport, connectRetryDelayMs: 1 })).toMatchObject([
      { status: "unreachable", connectAttempts: 2, error: { code: "UNREACHABLE" } },
    ]);
  });

  it("gives each host its own command", async () => {
    const seen: unknown[] = [];
    const transport = createSimulatedTransport(({ command }) => {
      seen.push(command);
      return {};
    });
    await results({ hosts: ["a", "b"], transport, command: (host) => argv("echo", host) });
    expect(seen).toEqual([argv("echo", "a"), argv("echo", "b")]);
  });

  it("starts hosts in the given order, or in a random one that the seed repeats (ssh W14)", async () => {
    const order = async (options: Partial<JobOptions>): Promise<string[]> => {
      const started: string[] = [];
      await results({
        hosts: names(20),
        batchSize: 1,
        onStart: (host) => void started.push(host),
        ...options,
      });
      return started;
    };
    expect(await order({})).toEqual(names(20));
    const shuffled = await order({ shuffleSeed: 7 });
    expect(shuffled).not.toEqual(names(20));
    expect(shuffled.toSorted()).toEqual(names(20).toSorted());
    expect(await order({ shuffleSeed: 7 })).toEqual(shuffled);
  });

  it("sleeps between hosts, but neither before the first nor after the last (query W13)", async () => {
    const startedAt = performance.now();
    await results({ hosts: names(3), batchSize: 1, batchSleepMs: 1000 });
    const tookMs = performance.now() - startedAt;
    expect(tookMs).toBeGreaterThanOrEqual(1995);
    expect(tookMs).toBeLessThan(2995);
  });

  it("lets no place sleep that has no host left to start", async () => {
    // host2 ends while the place of host1 sleeps for host3: its own place has nothing to wait for.
    const transport = createSimulatedTransport(async ({ host }) => {
      if (host === "host2") await new Promise((resolve) => setTimeout(resolve, 1900));
      return {};
    });
    const startedAt = performance.now();
    await results({ hosts: names(3), transport, batchSize: 2, batchSleepMs: 2000 });
    expect(performance.now() - startedAt).toBeLessThan(3800);
  });

  it("stops new work and waits for what is under way when the reader leaves the loop", async () => {
    const ended: string[] = [];
    const transport = createSimulatedTransport(async ({ host }) => {
      if (host !== "host1") await new Promise((resolve) => setTimeout(resolve, 20));
      ended.push(host);
      return {};
    });
    for await (const result of runJob({ hosts: names(5), batchSize: 2, transport, command: argv("x") })) {
      expect(result.host).toBe("host1");
      break;
    }
    expect(ended.length).toBeGreaterThanOrEqual(2);
    expect(ended.length).toBeLessThan(5);
  });

  it("throws what a callback throws, after ending what runs", async () => {
    const onOutput = (): void => {
      throw new Error("mistake in the caller");
    };
    await expect(results({ hosts: ["ok1", "hang1"], onOutput })).rejects.toThrow("mistake in the caller");
  });

  it("schedules 10,000 hosts in less than two seconds of this process (ssh W20)", async () => {
    const before = process.cpuUsage();
    expect(await results({ hosts: names(10_000), batchSize: 1000 })).toHaveLength(10_000);
    // The time of this process and not the clock's: other tests run at the same time.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(2000);
  });
});
