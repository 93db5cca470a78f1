import type { LooseRecord } from "@scap/log";

/** What a sample deployment looks like. */
export interface SampleOptions {
  readonly hosts: number;
  /** About this many records. @defaultValue as many as the hosts need */
  readonly records?: number;
  /** Text that hosts say, for trying what it does to the page. */
  readonly hostile?: string;
  /** Every how many hosts one fails to promote. @defaultValue 7 */
  readonly failsEvery?: number;
}

const START = 1_900_000_000;
const STAGES = ["fetch", "config_deploy", "promote"];

/** The records of a deployment to a canary and the others, of which some fail and all are rolled back. */
export function sampleLog(options: SampleOptions): LooseRecord[] {
  return new SampleLog(options).write();
}

class SampleLog {
  readonly #options: SampleOptions;
  readonly #records: LooseRecord[] = [];
  readonly #hosts: readonly string[];
  #now = START;

  constructor(options: SampleOptions) {
    this.#options = options;
    this.#hosts = Array.from({ length: options.hosts }, (_, at) => `web${at + 1}.dc${(at % 2) + 1}.example`);
  }

  write(): LooseRecord[] {
    const groups = this.#groups();
    const [message, user] = [`change the shop ${this.#options.hostile ?? ""}`, "alice"];
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const about = {
      mode: "deploy",
      repo: "shop/web",
      environment: null,
      commit,
      revision: commit,
      tag: null,
    };
    this.#event(20, { event: "deploy.started", ...about, user, message, groups });
    for (const { hosts, name } of groups) this.#group(name, hosts);
    const durationMs = (this.#now - START) * 1000;
    const [deployed, untouched, failedHosts] = [[], [], this.#hosts.filter((host) => this.#fails(host))];
    const outcome = failedHosts.length > 0 ? "rolled-back" : "ok";
    this.#event(20, { event: "deploy.finished", outcome, durationMs, deployed, failedHosts, untouched });
    return this.#records;
  }

  #groups(): { name: string; hosts: readonly string[]; failureLimit: number }[] {
    const canary = { name: "canary", hosts: this.#hosts.slice(0, 1), failureLimit: 0 };
    const others = { name: "default", hosts: this.#hosts.slice(1), failureLimit: 1000 };
    return others.hosts.length > 0 ? [canary, others] : [canary];
  }

  #group(group: string, hosts: readonly string[]): void {
    this.#event(20, { event: "subgroup.started", group, label: group, hosts });
    for (const stage of STAGES) this.#stage(group, stage, hosts);
    const failedHosts = hosts.filter((host) => this.#fails(host));
    const verdict = { passed: failedHosts.length === 0, failedHosts, hosts: hosts.length, failureLimit: 0 };
    const reason = verdict.passed ? {} : { reason: `${failedHosts.length} hosts failed` };
    this.#event(20, { event: "group.verdict", group, label: group, ...verdict, ...reason });
    if (verdict.passed) return;
    this.#event(20, { event: "rollback.started", hosts });
    this.#stage(group, "rollback", hosts);
    this.#event(20, { event: "rollback.finished", restored: hosts, failedHosts: [] });
  }

  #stage(group: string, stage: string, hosts: readonly string[]): void {
    const place = { group, label: group, stage };
    this.#event(20, { event: "stage.started", ...place, hosts });
    for (const host of hosts) this.#event(10, { event: "stage.host.started", ...place, host });
    const counts = { ok: 0, failed: 0, unreachable: 0, "timed-out": 0, skipped: 0, cancelled: 0 };
    for (const host of hosts) {
      this.#chatter(host, stage);
      this.#now += 0.05;
      const hasFailed = stage === "promote" && this.#fails(host);
      counts[hasFailed ? "failed" : "ok"] += 1;
      const outcome = hasFailed ? "failed" : "ok";
      const failure = hasFailed ? { failure: this.#failure(host) } : {};
      const result = { event: "stage.host.finished", ...place, host, outcome, durationMs: 50, ...failure };
      this.#event(hasFailed ? 40 : 10, result);
    }
    this.#event(20, { event: "stage.finished", ...place, counts, durationMs: 50 * hosts.length });
  }

  #chatter(host: string, stage: string): void {
    const { hostile = "", hosts, records = 0 } = this.#options;
    const lines = Math.floor(records / (hosts * 4));
    for (let line = 0; line < lines; line += 1) {
      const text = { msg: "%s: line %d of this stage %s", args: [stage, line, hostile] };
      this.#records.push({
        name: `target.${host}`,
        levelno: 20,
        created: (this.#now += 0.001),
        host,
        stage,
        ...text,
      });
    }
  }

  #failure(host: string): object {
    const output = `GET /health\n500 Internal Server Error\n${this.#options.hostile ?? ""}`;
    return { code: "CHECK_FAILED", message: `smoke failed on ${host}`, hint: "Look at its log.", output };
  }

  #fails(host: string): boolean {
    return Number.parseInt(host.slice(3), 10) % (this.#options.failsEvery ?? 7) === 0;
  }

  #event(levelno: number, fields: object): void {
    this.#records.push({ name: "deploy", msg: "(event)", args: [], levelno, created: this.#now, ...fields });
  }
}
