import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { runScap, startScap, type ScapResult } from "./support/run-scap.ts";

const HOST = "web1";

let lab: Lab;
let bin: string;
let checkout: Checkout;
let count = 0;

beforeAll(async () => {
  bin = mkdtempSync(join(tmpdir(), "scap-bin-"));
  // Stands for sudo, /usr/sbin/service and systemctl: each host writes down what it is asked to do.
  writeFileSync(join(bin, "sudo"), '#!/bin/sh\nprintf "%s\\n" "$*" >> "$HOME/sudo.log"\n', { mode: 0o755 });
  const path = process.env["PATH"] ?? "";
  process.env["PATH"] = `${bin}${delimiter}${path}`;
  lab = await startEmbeddedLab({ hosts: [HOST] });
  process.env["PATH"] = path;
});
afterAll(async () => {
  await lab.close();
  rmSync(bin, { recursive: true, force: true });
});
beforeEach(() => {
  count++;
  checkout = new Checkout(files());
});
afterEach(() => checkout.remove());

function files(config: Record<string, string> = {}): Record<string, string> {
  const defaults = { git_repo: `test/case${count}`, server_groups: "default", confirm_promote: "never" };
  return scapFiles([HOST], { ...defaults, ...config });
}

function scap(...args: string[]): Promise<ScapResult> {
  return runScap(args, { cwd: checkout.directory, env: lab.env });
}

function onHost(...parts: string[]): string {
  return lab.host(HOST).outside(join(lab.host(HOST).deployDir, "test", ...parts));
}

const deployHead = (): string => readFileSync(join(checkout.directory, ".git/DEPLOY_HEAD"), "utf8");
const tags = (): string => checkout.git("tag", "--list", "scap/sync/*");
const head = (): string => checkout.git("rev-parse", "HEAD");

describe("what a deployment publishes", () => {
  it("has the keys and bytes of Python Scap, and none that is not published (A27)", async () => {
    checkout.git("remote", "add", "origin", "http://user:secret@example.org/up.git");
    const config = { config_deploy: "true", service_port: "0080", service_name: "web, worker=reload" };
    checkout.commit({
      ...files({ ...config, service_port: "8080", git_deploy_dir: lab.host(HOST).deployDir }),
      "scap/config-files.yaml": "/etc/web/app.yml.j2:\n  template: app.j2\n",
      "scap/templates/app.j2": "a: {{ a }}\n\n",
      "scap/vars.yaml": "a: 1e3\nb: 'no'\n",
      "scap/checks.yaml": "checks:\n  zeta: {command: 'true', after: promote, timeout: 60}\n  alpha: {}\n",
    });
    expect((await scap("deploy", "--init")).status).toBe(0);
    const [commit, day] = [head(), new Date().toISOString().slice(0, 10)];
    const text = deployHead().replace(/^timestamp: '(.*)'$/m, (_line, time: string) => {
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?$/);
      return "timestamp: X";
    });
    expect(text).toBe(`cache_revs: 5
checks:
  zeta:
    command: 'true'
    after: promote
    timeout: 60
  alpha: {}
commit: ${commit}
config_deploy: true
config_files:
  files:
  - erb_syntax: false
    name: /etc/web/app.yml.j2
    output_format: yaml
    template: 'a: {{ a }}


      '
  override_vars:
    a: '1e3'
    b: 'no'
git_deploy_dir: ${lab.host(HOST).deployDir}
git_fat: false
git_repo: test/case${count}
git_rev: ${commit}
git_scheme: http
git_submodules: false
git_upstream_submodules: false
log_json: true
nrpe_dir: /etc/nagios/nrpe.d
original_origin: http://example.org/up.git
perform_checks: true
require_valid_service: false
service_name: web, worker=reload
service_port: '8080'
service_timeout: 120.0
strict_templates: true
tag: scap/sync/${day}/0001
timestamp: X
umask: 2
user: ${execFileSync("id", ["-un"], { encoding: "utf8" }).trim()}
`);
    expect(statSync(join(checkout.directory, ".git/DEPLOY_HEAD")).mode & 0o777).toBe(0o664);
    expect(statSync(join(checkout.directory, ".git/config-files")).isDirectory()).toBe(true);
    expect(readdirSync(join(checkout.directory, "scap/log"))).toEqual([`scap-sync-${day}-0001.log`]);
  });

  it("merges an environment over the rest, and tells it in the timer (A12)", async () => {
    checkout.commit({
      ...files({ config_deploy: "true" }),
      "scap/config-files.yaml": "app.conf:\n  template: app.conf.j2\n",
      "scap/templates/app.conf.j2": "base",
      "scap/vars.yaml": "a: 1\nb: 1\n",
      "scap/checks.yaml": `checks:
  zeta: {command: z, after: promote}
  alpha: {command: a, after: promote}
`,
      "scap/environments/beta/templates/app.conf.j2": "beta",
      "scap/environments/beta/vars.yaml": "b: 2\n",
      "scap/environments/beta/checks.yaml": "checks:\n  alpha: {}\n  extra: {command: e, after: promote}\n",
    });
    const { status, stderr } = await scap("deploy", "--init", "-e", "beta");
    expect(status).toBe(0);
    expect(stderr).toMatch(
      new RegExp(`Started setup \\[test/case${count}@${head().slice(0, 7)}\\] \\(beta\\)$`, "m"),
    );
    expect(stderr).not.toContain(": scap deploy --init mode");
    const published = deployHead();
    expect(published).toContain("environment: beta\n");
    expect(published).toContain("    template: beta\n");
    expect(published).toContain("  override_vars:\n    a: 1\n    b: 2\n");
    expect(published.match(/^ {2}(zeta|alpha|extra):.*$/gm)).toEqual(["  zeta:", "  alpha: {}", "  extra:"]);
    expect(existsSync(onHost(`case${count}`))).toBe(false);
  });

  it("can have checks that keep their order on targets with Python Scap", async () => {
    const checks = "checks:\n  b: {command: z, after: promote}\n  a: {command: z, after: promote}\n";
    checkout.commit({ ...files({ git_server: "127.0.0.1:9" }), "scap/checks.yaml": checks });
    expect((await scap("deploy", "--init")).stderr).toMatch(/checks after promote in alphabetical order/);
    const { stderr } = await scap("deploy", "--init", "-Dpython_ordered_checks:true");
    expect(stderr).not.toContain("alphabetical");
    expect(deployHead()).toContain(
      "checks: !!python/object/apply:collections.OrderedDict\n- - - b\n    - !!",
    );
  });

  it("needs no git identity: the accounts of the host stand for one (A23) (G22) (G44)", async () => {
    const env = { ...lab.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
    const { status } = await runScap(["deploy", "--init"], { cwd: checkout.directory, env });
    expect(status).toBe(0);
    const tagger = checkout
      .git("cat-file", "-p", tags())
      .split("\n")
      .find((line) => line.startsWith("tagger"));
    expect(tagger).toMatch(/^tagger \S.* <[^@\s]+@[^@\s]+> \d+ /);
    const message = checkout.git("cat-file", "-p", tags()).split("\n\n").slice(1);
    expect(message).toEqual([
      expect.stringMatching(/^user \S+$/),
      expect.stringMatching(/^timestamp \d{4}-\d\d-\d\dT/),
    ]);
  });
});

describe("services", () => {
  const log = (): string =>
    readFileSync(lab.host(HOST).outside(join(lab.host(HOST).root, "home/sudo.log")), "utf8");

  it("restart alone with --service-restart, from the last tag, without a new one (A13) (A15)", async () => {
    checkout.commit(files({ service_name: "app, worker = reload" }));
    const commit = head();
    expect((await scap("deploy", "first")).status).toBe(0);
    expect(log()).toMatch(/\/usr\/sbin\/service app restart\n-n \/usr\/sbin\/service worker reload\n$/);
    checkout.commit({ "version.txt": "2\n" });
    const [before, published] = [tags(), deployHead()];
    const { status, stderr } = await scap("deploy", "--service-restart", "reload certificates");
    expect(status).toBe(0);
    const name = `restart \\[test/case${count}@${commit.slice(0, 7)}\\]: reload certificates`;
    expect(stderr).toMatch(new RegExp(`Started ${name}`));
    expect(stderr).toContain(`Deploying revision ${before}^{} (${commit})`);
    expect(stderr).toMatch(new RegExp(`Finished ${name} \\(duration: 00m \\d\\ds\\)`));
    expect(
      log()
        .split("\n")
        .filter((line) => line.endsWith("app restart")),
    ).toHaveLength(2);
    expect([tags(), deployHead()]).toEqual([before, published]);
    expect(readlinkSync(onHost(`case${count}-cache`, ".done"))).toBe(`revs/${commit}`);
  });

  it.each([
    ["a=stop", /scap\.cfg:\d+: service_name.*"stop" is not an action/],
    ["a,,b", /scap\.cfg:\d+: service_name.*empty item/],
    ["$(reboot)", /scap\.cfg:\d+: service_name/],
    ["--now", /scap\.cfg:\d+: service_name/],
  ])("named %j are refused before anything is tagged (B21)", async (value, message) => {
    checkout.commit(files({ service_name: value }));
    const { status, stderr } = await scap("deploy", "x");
    expect(stderr).toMatch(message);
    expect(status).toBe(1);
    expect(tags()).toBe("");
  });
});

describe("scap deploy", () => {
  it("stops where config files are wanted and none are listed (A26)", async () => {
    checkout.commit(files({ config_deploy: "true" }));
    const { status, stderr } = await scap("deploy", "x");
    expect(stderr).toContain("config-files.yaml");
    expect([status, tags()]).toEqual([1, ""]);
  });

  it("says that git is too old before anything is tagged", async () => {
    writeFileSync(
      join(bin, "git"),
      '#!/bin/sh\n[ "$1" = version ] && { echo git version 2.20.1; exit; }\nexec /usr/bin/git "$@"\n',
      { mode: 0o755 },
    );
    const env = { ...lab.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };
    const { status, stderr } = await runScap(["deploy", "x"], { cwd: checkout.directory, env });
    rmSync(join(bin, "git"));
    expect(stderr).toContain("git 2.20.1 is too old: 2.30 or newer is needed\n");
    expect([status, tags()]).toEqual([1, ""]);
  });

  it("announces that it was stopped by Ctrl-C, ends with 130 and frees the lock (A28, cli case 39)", async () => {
    checkout.commit({
      ...files(),
      "scap/checks.yaml": "checks:\n  slow: {command: sleep 30, after: fetch}\n",
    });
    const call = startScap(["deploy", "why"], { cwd: checkout.directory, env: lab.env });
    await call.until("Started deploy");
    call.process.kill("SIGINT");
    await call.until("stopping at the next safe point");
    call.process.kill("SIGINT");
    const { status, stderr } = await call.result;
    expect(stderr).toMatch(/deploy aborted: why \(duration: \d\dm \d\ds\)/);
    expect(status).toBe(130);
    const again = await scap("deploy", "--lock-timeout", "0", "-Dperform_checks:false", "again");
    expect(again.status).toBe(0);
  });

  it("takes scripts with arguments", async () => {
    const script = '#!/bin/sh\necho "$SCAP_REV_PATH $*" > "$HOME/args"\n';
    const checks = "checks:\n  s: {type: script, command: note.sh one 'two three', after: promote}\n";
    checkout.commit({ ...files(), "scap/scripts/note.sh": script, "scap/checks.yaml": checks });
    expect((await scap("deploy", "x")).status).toBe(0);
    const args = lab.host(HOST).outside(join(lab.host(HOST).root, "home/args"));
    expect(readFileSync(args, "utf8")).toMatch(new RegExp(`revs/${head()} one two three\\n$`));
  });

  it.each(["../up", "-x $(id)", "/abs/olute"])(
    "refuses git_repo %j, which could lead elsewhere",
    async (repo) => {
      const { status, stderr } = await scap("deploy", `-Dgit_repo:${repo}`, "x");
      expect(stderr).toContain(JSON.stringify(repo));
      expect(status).toBe(2);
      expect(tags()).toBe("");
    },
  );

  it("refuses an environment whose name leads elsewhere", async () => {
    mkdirSync(join(checkout.directory, "elsewhere"));
    const { status } = await scap("deploy", "-e", "../../elsewhere", "x");
    expect(status).not.toBe(0);
    expect(tags()).toBe("");
  });
});

describe("scap deploy-local", () => {
  it("is the command that Python Scap's deploy servers call (cli case 30)", async () => {
    const usage = await scap("deploy-local", "fetch");
    expect(usage.status).toBe(2);
    const refused = await scap(
      "deploy-local",
      "-v",
      "--repo",
      "x/y",
      "-g",
      "default",
      "fetch",
      "--refresh-config",
    );
    expect(refused.stderr).toContain("git_server is not set");
    expect(refused.status).toBe(1);
  });
});
