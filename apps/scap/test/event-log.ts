/** A log as `scap deploy` writes it: one deployment of `web1` and `web2`, the second of which fails to promote. */
export function eventLog(
  startedAt: number,
  options: { readonly outcome?: string; readonly user?: string } = {},
): string {
  const { outcome = "failed", user = "alice" } = options;
  const place = { group: "canary", label: "canary" };
  const hosts = ["web1", "web2"];
  const host = (offset: number, event: string, stage: string, name: string, more: object = {}): object =>
    record(startedAt + offset, { ...place, event: `stage.host.${event}`, stage, host: name, ...more });
  const failure = { code: "CHECK_FAILED", message: "web2 is \u001b[31mnot healthy", output: "500\n" };
  const counts = { ok: 2, failed: 0, unreachable: 0, "timed-out": 0, skipped: 0, cancelled: 0 };
  return [
    record(startedAt, {
      event: "deploy.started",
      mode: "deploy",
      repo: "shop/web",
      environment: null,
      commit: "0123456789abcdef0123456789abcdef01234567",
      revision: "0123456789abcdef0123456789abcdef01234567",
      tag: null,
      user,
      message: "change the shop",
      groups: [{ name: "canary", hosts, failureLimit: 0 }],
    }),
    record(startedAt, { event: "subgroup.started", ...place, hosts }),
    record(startedAt, { event: "stage.started", ...place, stage: "fetch", hosts }),
    host(0, "started", "fetch", "web1"),
    host(0, "started", "fetch", "web2"),
    record(startedAt + 1, { msg: "%d objects", args: [12], name: "target.web1.deploy-local", host: "web1" }),
    host(2, "finished", "fetch", "web1", { outcome: "ok", durationMs: 2000 }),
    host(3, "finished", "fetch", "web2", { outcome: "ok", durationMs: 3000 }),
    record(startedAt + 3, { event: "stage.finished", ...place, stage: "fetch", counts, durationMs: 3000 }),
    record(startedAt + 3, { event: "stage.started", ...place, stage: "promote", hosts }),
    host(3, "started", "promote", "web1"),
    host(3, "started", "promote", "web2"),
    host(4, "finished", "promote", "web1", { outcome: "ok", durationMs: 1000 }),
    host(5, "finished", "promote", "web2", { outcome: "failed", durationMs: 2000, failure, levelno: 40 }),
    record(startedAt + 5, {
      event: "stage.finished",
      ...place,
      stage: "promote",
      counts: { ...counts, ok: 1, failed: 1 },
      durationMs: 2000,
    }),
    record(startedAt + 5, {
      event: "group.verdict",
      ...place,
      passed: false,
      reason: "1 of 2 hosts failed",
      failedHosts: ["web2"],
      hosts: 2,
      failureLimit: 0,
      levelno: 40,
    }),
    record(startedAt + 6, {
      event: "deploy.finished",
      outcome,
      durationMs: 6000,
      deployed: ["web1"],
      failedHosts: ["web2"],
      untouched: [],
    }),
  ]
    .map((each) => `${JSON.stringify(each)}\n`)
    .join("");
}

function record(created: number, fields: object): object {
  return { name: "deploy", msg: "(event)", args: [], levelno: 20, created, ...fields };
}
