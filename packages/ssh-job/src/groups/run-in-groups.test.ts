import { expect, it } from "vitest";
import { type GroupResult, type GroupsOptions, runInGroups } from "./run-in-groups.ts";

const HOSTS = ["web1", "web2", "web3", "web4", "web5"];

async function work(
  options: Partial<GroupsOptions> = {},
): Promise<{ steps: string[]; results: GroupResult[] }> {
  const steps: string[] = [];
  const step =
    <T>(name: string, answer: (hosts: readonly string[]) => T) =>
    async (hosts: readonly string[]): Promise<T> => {
      steps.push(`${name} ${hosts.join()}`);
      return answer(hosts);
    };
  const results: GroupResult[] = [];
  const groups = runInGroups({
    hosts: HOSTS,
    groupSize: 2,
    // web2 was out of service before, and stays so.
    depool: step("depool", (hosts) => hosts.filter((host) => host !== "web2")),
    repool: step("repool", () => undefined),
    run: step("run", (hosts) => !hosts.includes("web3")),
    ...options,
  });
  for await (const result of groups) results.push(result);
  return { steps, results };
}

it("takes each group out of service, works, and puts back what was in service (query W8)", async () => {
  const { results, steps } = await work({ maxFailedGroups: 1 });
  expect(steps).toEqual([
    "depool web1,web2",
    "run web1,web2",
    "repool web1",
    "depool web3,web4",
    "run web3,web4",
    "depool web5",
    "run web5",
    "repool web5",
  ]);
  expect(results.map(({ status }) => status)).toEqual(["ok", "failed", "ok"]);
});

it("leaves a group that fails out of service, and skips the rest when too many have failed", async () => {
  const { results } = await work();
  expect(results).toEqual([
    { hosts: ["web1", "web2"], status: "ok", leftDepooled: [] },
    { hosts: ["web3", "web4"], status: "failed", leftDepooled: ["web3", "web4"] },
    { hosts: ["web5"], status: "skipped", leftDepooled: [] },
  ]);
});

it("starts no further group when the caller's signal fires", async () => {
  const controller = new AbortController();
  const run = async (): Promise<boolean> => {
    controller.abort();
    return true;
  };
  const { results } = await work({ run, signal: controller.signal, groupSleepMs: 60_000 });
  expect(results.map(({ status }) => status)).toEqual(["ok", "skipped", "skipped"]);
});

it.each([0, 5, 6, 1.5])("refuses a group size of %d for five hosts", async (groupSize) => {
  await expect(work({ groupSize })).rejects.toMatchObject({ code: "BAD_OPTION" });
});
