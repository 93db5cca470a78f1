import type { LogRecord } from "@scap/log";
import { orchestrate } from "../../src/server/run/orchestrate.ts";
import { planDeployment } from "../../src/server/plan/plan.ts";
import { consoleReporter } from "../../src/view/console-reporter.ts";
import { FLEET, type FailureScenario } from "./failure-scenarios.ts";

const COMMIT = "1a2b3c4d".repeat(5);
/** Every event is so much later than the one before, in milliseconds. */
const TICK_MS = 40;
const START_SECONDS = Date.UTC(2031, 3, 5, 3, 0, 0) / 1000;

/** Carries a scenario out and answers with everything that the console got, byte by byte. */
export async function playScenario(scenario: FailureScenario, columns: number): Promise<string> {
  let bytes = "";
  const stream = { write: (text: string) => (bytes += text) } as unknown as NodeJS.WritableStream;
  const nextCommands = ["scap deploy-log -f scap/log/scap-sync-2031-04-05-0001.log", "scap status"];
  const reporter = consoleReporter({ stream, columns, colour: false, nextCommands });
  let time = 0;
  const emit = (event: object): void => {
    time += TICK_MS;
    const created = START_SECONDS + time / 1000;
    const record: LogRecord = { name: "deploy", msg: "", args: [], levelno: 20, created, ...event };
    reporter.write(record);
  };
  const plan = planOf(scenario);
  emit({
    ...plan,
    event: "deploy.started",
    tag: null,
    user: "alice",
    message: "fix the login page",
  });
  const result = await orchestrate({ plan, emit, now: () => time, ...fleetOf(scenario) });
  emit({ event: "deploy.finished", ...result, durationMs: time });
  await reporter.close();
  return bytes;
}

function planOf({ failureLimit = 0 }: FailureScenario): ReturnType<typeof planDeployment> {
  const [canary = "", ...others] = FLEET;
  const group = (name: string, hosts: readonly string[], limit: number) => ({
    name,
    hosts,
    failureLimit: limit,
    subgroups: [{ label: name, hosts }],
  });
  return planDeployment({
    mode: "deploy",
    repo: "acme/web",
    environment: null,
    commit: COMMIT,
    revision: "HEAD",
    hasGitServer: false,
    groups: [group("canary", [canary], 0), group("default", others, failureLimit)],
    batchSize: () => 80,
  });
}

function fleetOf({ questions, stopAt, work }: FailureScenario) {
  const stop = new AbortController();
  return {
    stop: stop.signal,
    abort: new AbortController().signal,
    fleet: {
      stage: async (host: string, stage: Parameters<FailureScenario["work"]>[1]) => {
        const number = Number(host.slice("web".length));
        if (stopAt?.host === number && stopAt.stage === stage) stop.abort();
        work(number, stage);
        return { noop: false };
      },
      confirm: async () => {},
      renew: async () => {},
    },
    questions: {
      continueAfter: async () => "continue" as const,
      rollBack: async () => true,
      ...questions,
    },
  };
}
