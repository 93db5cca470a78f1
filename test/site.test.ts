/** What is around a deployment, on real hosts: a site of nginx servers behind HAProxy. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { watchRevision } from "@scap/lab";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { requireUnderCi } from "./support/require-under-ci.ts";
import { runScap, type ScapResult } from "./support/run-scap.ts";
import {
  LIVE,
  NGINX_TEMPLATE,
  siteObstacle,
  startWebSite,
  visitContinuously,
  WEB_HOSTS,
  WEB_SERVICE,
  type WebSite,
} from "./support/web-site.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./support/webhook-receiver.ts";

requireUnderCi("a site", siteObstacle);

const CHECKS = `checks:
  drain: { type: haproxy, hook: drain, socket: "lb:9999", backend: web }
  pool: { type: haproxy, hook: pool, socket: "lb:9999", backend: web }
  migrate:
    command: echo migrated >>/tmp/migrations
    shell: true
    before: promote
    run: once
    group: default
`;

const CONFIG_FILES = `nginx.conf:
  template: nginx.conf.j2
  validate: /usr/sbin/nginx -t -q -e stderr -c %s
app.version:
  template: app.version.j2
`;

let site: WebSite;
let checkout: Checkout;
let receiver: WebhookReceiver;
let directory: string;

describe.skipIf(siteObstacle !== undefined)(
  `a site of real hosts${siteObstacle === undefined ? "" : ` (NOT RUN: ${siteObstacle})`}`,
  () => {
    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), "scap-site-"));
      receiver = await startWebhookReceiver();
      site = await startWebSite();
      checkout = new Checkout({
        ...scapFiles(WEB_HOSTS, {
          git_repo: "test/site",
          config_deploy: "true",
          service_name: WEB_SERVICE,
          shared: "uploads",
          freeze_file: join(directory, "freeze.yaml"),
          notify_webhooks: receiver.url,
        }),
        "scap/checks.yaml": CHECKS,
        "scap/config-files.yaml": CONFIG_FILES,
        "scap/templates/nginx.conf.j2": NGINX_TEMPLATE,
        "scap/templates/app.version.j2": "{{ version }}\n",
        ...version(1),
      });
    });
    afterAll(async () => {
      await site?.close();
      receiver?.close();
      checkout?.remove();
      rmSync(directory, { recursive: true });
    });

    it("starts serving with its first deployment, which webhooks are told of after a retry", async () => {
      await must("deploy", "first");
      for (const host of WEB_HOSTS)
        expect(await site.serviceCalls(host)).toEqual([`-n /usr/sbin/service ${WEB_SERVICE} restart`]);
      expect(await (await fetch(site.url + "version.txt")).text()).toBe("1");
      expect(receiver.told).toEqual([
        expect.objectContaining({ event: "deploy.started", message: "first" }),
        expect.objectContaining({ event: "deploy.finished", outcome: "ok", deployed: WEB_HOSTS }),
      ]);
    });

    it("drains each host, so no visitor gets an error, or code without its configuration", async () => {
      await onHost("web2", `echo photo >${LIVE}/uploads/photo`);
      checkout.commit(version(2));
      const files = ["version.txt", "app.version"];
      const watches = await Promise.all(
        WEB_HOSTS.map((host) => watchRevision(site.lab.host(host), { link: LIVE, files })),
      );
      const visits = visitContinuously(site);
      await must("deploy", "second");
      const seen = await visits.stop();
      expect(new Set(seen.map((visit) => JSON.stringify(visit)))).toEqual(
        new Set(["1", "2"].map((code) => JSON.stringify({ status: 200, code, running: code }))),
      );
      for (const watch of watches)
        expect(await watch.stop()).toMatchObject({ seen: ["1", "2"], violations: [] });
    });

    it("has kept what lies in shared directories, and has run a task once", async () => {
      expect(await onHost("web2", `cat ${LIVE}/uploads/photo`)).toBe("photo\n");
      expect(await Promise.all(WEB_HOSTS.map((host) => onHost(host, "cat /tmp/migrations || :")))).toEqual([
        "",
        "migrated\nmigrated\n",
        "",
      ]);
    });

    it("keeps serving when a host refuses the rendered configuration", async () => {
      checkout.commit({ ...version(3), "scap/templates/nginx.conf.j2": "nonsense {{ version }}\n" });
      const visits = visitContinuously(site);
      const { status, stderr } = await scap("deploy", "third");
      expect(stderr).toContain("Config file nginx.conf was refused by its validate command (status 1)");
      expect(status).toBe(1);
      for (const visit of await visits.stop())
        expect(visit).toEqual({ status: 200, code: "2", running: "2" });
      checkout.commit({ ...version(3), "scap/templates/nginx.conf.j2": NGINX_TEMPLATE });
    });

    it("is not deployed to during a freeze, but for an emergency", async () => {
      writeFileSync(
        join(directory, "freeze.yaml"),
        "freezes:\n  - { reason: the big move, until: 2999-01-01 }\n",
      );
      const refused = await scap("deploy", "third");
      expect(refused.stderr).toContain(
        "Deployments of test/site are frozen until 2999-01-01T00:00:00Z: the big move",
      );
      expect(refused.status).toBe(1);
      await must("deploy", "--during-freeze", "third, in spite of it");
      expect(await (await fetch(site.url + "version.txt")).text()).toBe("3");
    });

    it("goes back during a freeze, drained again, and deploys the revision that was left only after a yes", async () => {
      await must("rollback", "login fails");
      expect(await (await fetch(site.url + "version.txt")).text()).toBe("2");
      const again = await scap("deploy", "--during-freeze", "once more");
      expect(again.stderr).toMatch(/marked as bad .*: login fails/);
      expect(again.status).toBe(1);
      rmSync(join(directory, "freeze.yaml"));
    });

    it("is deployed to by a plan file, unless something has changed", async () => {
      checkout.commit(version(4));
      const plan = join(directory, "plan.json");
      await must("deploy", "--plan", "-o", plan, "fourth");
      checkout.commit(version(5));
      const refused = await scap("deploy", plan);
      expect(refused.stderr).toContain("plan.json is not what would be deployed now; nothing was done");
      expect(refused.status).toBe(1);
      checkout.git("reset", "-q", "--hard", "HEAD~1");
      await must("deploy", plan);
      expect(await (await fetch(site.url + "version.txt")).text()).toBe("4");
    });

    it("shows edits, changed configuration and programs of the old revision with status", async () => {
      expect((await scap("status")).status).toBe(0);
      const cleanUp = await drift();
      const { status, stdout } = await scap("status");
      await onHost("web3", cleanUp);
      expect(stdout).toContain("web3 (1): edited in the live tree: ?? debug.txt");
      expect(stdout).toContain("web3 (1): config differs from what was rendered: app.version");
      expect(stdout).toMatch(/web3 \(1\): still running from [0-9a-f]{7}: sleep/);
      expect(status).toBe(1);
    });

    it("is made ready for going back by the doctor", async () => {
      await onHost("web1", `rm ${LIVE}-cache/revs/${checkout.git("rev-parse", "HEAD~3")}/version.txt`);
      const broken = await scap("doctor");
      expect(broken.stdout).toContain("is incomplete: files are gone");
      expect(broken.status).toBe(1);
      const fixed = await scap("doctor", "--fix");
      expect(fixed.stderr).toContain("web1 (1): restored ");
      expect(fixed.stdout).toContain("3 of 3 hosts ready");
    });

    it("has a history of all that", async () => {
      const { stdout } = await scap("history", "--json");
      const rows = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(rows.map(({ message, outcome }) => [message, outcome])).toEqual([
        ["fourth", "ok"],
        ["once more", "failed"],
        ["login fails", "ok"],
        ["third, in spite of it", "ok"],
        ["third", "failed"],
        ["second", "ok"],
        ["first", "ok"],
      ]);
    });
  },
);

/** Code and variables that belong together. */
function version(number: number): Record<string, string> {
  return { "version.txt": String(number), "scap/vars.yaml": `version: ${number}\n` };
}

async function scap(...args: string[]): Promise<ScapResult> {
  return await runScap(args, { cwd: checkout.directory, env: site.lab.env });
}

async function must(...args: string[]): Promise<void> {
  const { status, stderr } = await scap(...args);
  expect({ status, stderr }).toMatchObject({ status: 0 });
}

async function onHost(host: string, script: string): Promise<string> {
  const { exitCode, stderr, stdout } = await site.lab.host(host).exec(["sh", "-ec", script]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.any(String) });
  return stdout;
}

/** Changes things on web3 by hand; answers with what takes it back. */
async function drift(): Promise<string> {
  const old = `${LIVE}-cache/revs/${checkout.git("rev-parse", "HEAD~3")}`;
  await onHost(
    "web3",
    `echo debug >${LIVE}/debug.txt; cp ${LIVE}/app.version /tmp/kept; echo 9 >${LIVE}/app.version
cd ${old}; setsid sleep 1000 >/dev/null 2>&1 & echo $! >/tmp/sleep.pid`,
  );
  return `rm ${LIVE}/debug.txt; cat /tmp/kept >${LIVE}/app.version; kill $(cat /tmp/sleep.pid)`;
}
