import { readdirSync, readlinkSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { realLabObstacle, startEmbeddedLab, startRealLab, type Lab } from "@scap/lab";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { requireUnderCi } from "./support/require-under-ci.ts";
import { runScap, type ScapResult } from "./support/run-scap.ts";

const HOSTS = ["web1", "web2", "web3", "web4"];

let lab: Lab;
let checkout: Checkout;

beforeAll(async () => {
  lab = await startEmbeddedLab({ hosts: HOSTS });
  checkout = new Checkout({
    ...scapFiles(HOSTS, { git_repo: "test/doctor", config_deploy: "True" }),
    "scap/config-files.yaml": "app.conf:\n  template: app.conf.j2\n",
    "scap/templates/app.conf.j2": "version {{ version | default('none') }}\n",
  });
});
afterAll(async () => {
  await lab?.close();
  checkout?.remove();
});

describe("scap doctor", () => {
  it("finds nothing to repair on hosts that are new", async () => {
    const { status, stdout } = await doctor();
    expect(stdout).toBe(
      "note: web[1-4] (4): nothing is deployed yet, so there is none to go back to\n4 of 4 hosts ready\n",
    );
    expect(status).toBe(0);
  });

  it("folds hosts that cannot be reached, and says how to go on", async () => {
    await lab.host("web2").killServer();
    await lab.host("web3").killServer();
    const { status, stdout } = await doctor();
    await lab.host("web2").startServer();
    await lab.host("web3").startServer();
    expect(stdout).toContain("problem: web[2-3] (2): no SSH server listens\n");
    expect(stdout).toContain("Repair: scap deploy -l '!web[2:3]'   # to deploy without\n");
    expect(stdout).toContain("2 of 4 hosts ready\n");
    expect(status).toBe(1);
  });

  it("finds a revision to go back to that is not whole, and --fix makes it whole", async () => {
    expect((await scap("deploy", "--yes", "first")).status).toBe(0);
    const first = checkout.git("rev-parse", "HEAD");
    checkout.commit({ "version.txt": "2\n" });
    expect((await doctor()).stdout).toBe("4 of 4 hosts ready\n");

    rmSync(join(revision("web1", first), "version.txt"));
    rmSync(join(cache("web2"), "cache/.git/objects"), { recursive: true });
    rmSync(join(revision("web3", first), "app.conf"));
    rmSync(revision("web4", first), { recursive: true });
    const before = links("web1");
    const broken = await doctor();
    const name = first.slice(0, 7);
    expect(broken.stdout).toContain(
      `web1 (1): the revision to go back to (${name}) is incomplete: files are gone\n`,
    );
    expect(broken.stdout).toContain("web1: version.txt\n");
    expect(broken.stdout).toMatch(
      /web2 \(1\): the revision to go back to .* objects of its repository are lost\n/,
    );
    expect(broken.stdout).toContain(
      `web3 (1): the revision to go back to (${name}) lacks rendered configuration`,
    );
    expect(broken.stdout).toContain("0 of 4 hosts ready\n");
    expect(broken.status).toBe(1);

    const fixed = await doctor("--fix");
    expect(fixed.stderr).toContain(`web[1-4] (4): restored ${name}\n`);
    expect(fixed.stdout).toBe("4 of 4 hosts ready\n");
    expect(fixed.status).toBe(0);
    expect(readFileSync(join(revision("web1", first), "version.txt"), "utf8")).toBe("1\n");
    expect(readFileSync(join(revision("web3", first), "app.conf"), "utf8")).toBe("version none");
    expect(links("web1")).toEqual(before);
  });

  it("finds a link to the revision to go back to that is lost, as scap status does, and --fix makes it again", async () => {
    const name = checkout.git("rev-parse", "--short=7", "HEAD~");
    const before = links("web1");
    rmSync(join(cache("web1"), ".done"));
    const status = await scap("status");
    expect(status.stdout).toContain(
      `its link .done is lost; as far as the rest tells, ${name} was finalized last`,
    );
    expect(status.status).toBe(1);
    const broken = await doctor();
    expect(broken.stdout).toContain(
      "problem: web1 (1): the link .done is lost, which names the revision to go back to\n",
    );
    expect(broken.stdout).toContain(`web1: ${name} was finalized last\n`);
    const fixed = await doctor("--fix");
    expect(fixed.stderr).toContain(`web1 (1): restored ${name}\n`);
    expect(fixed.stdout).toBe("4 of 4 hosts ready\n");
    expect(links("web1")).toEqual(before);
    expect((await scap("status")).stdout).not.toContain(".done");
  });

  it("says which revision is gone that the link names", async () => {
    const name = checkout.git("rev-parse", "HEAD~");
    const before = links("web1");
    rmSync(join(cache("web1"), ".done"));
    symlinkSync(`revs/${"d".repeat(40)}`, join(cache("web1"), ".done"));
    expect((await scap("status")).stdout).toContain(
      "the revision to go back to (ddddddd) is no longer there: scap doctor --fix brings it back",
    );
    rmSync(join(cache("web1"), ".done"));
    symlinkSync(`revs/${name}`, join(cache("web1"), ".done"));
    expect(links("web1")).toEqual(before);
  });

  it("prints one JSON object with every host and every finding", async () => {
    const { stdout } = await doctor("--json", "-l", "web[1:2]");
    expect(JSON.parse(stdout)).toEqual({
      repo: "test/doctor",
      commit: checkout.git("rev-parse", "HEAD"),
      hosts: ["web1", "web2"],
      ready: ["web1", "web2"],
      findings: [],
      returns: [],
    });
  });
});

describe("scap deploy --plan --check-hosts", () => {
  const plan = (...args: string[]): Promise<ScapResult> => scap("deploy", "--plan", "--check-hosts", ...args);

  it("shows the plan, and what scap doctor finds below it", async () => {
    const alone = await scap("deploy", "--plan");
    expect(await plan()).toEqual({
      ...alone,
      stdout: `${alone.stdout}\n4 of 4 hosts ready\n`,
    });
    expect(alone.stdout).toMatch(/^test\/doctor: HEAD = [0-9a-f]{40}\n[^]*\nDigest: [0-9a-f]{64}\n$/);
  });

  it("ends with 1 when a host is not ready, and has written the plan all the same", async () => {
    await lab.host("web2").killServer();
    const file = join(checkout.directory, "plan.json");
    const [text, json] = [await plan("-o", "plan.json"), await plan("--json", "-l", "web[1:2]")];
    await lab.host("web2").startServer();
    const { digest } = JSON.parse(readFileSync(file, "utf8")) as { digest: string };
    rmSync(file);
    expect(text.stdout).toContain(`
Digest: ${digest}

problem: web2 (1): no SSH server listens
    web2: Cannot connect to web2 (127.0.0.1 port ${lab.host("web2").port}): connection refused. Check that sshd runs on that port.
    Repair: scap deploy -l '!web2'   # to deploy without
3 of 4 hosts ready
`);
    expect(text.stderr).toBe("Wrote plan.json; carry it out with: scap deploy --from-plan plan.json\n");
    expect([text.status, json.status]).toEqual([1, 1]);
    const shown = JSON.parse(json.stdout) as { groups: unknown[]; readiness: Record<string, unknown> };
    expect(shown.groups).toHaveLength(2);
    expect(shown.readiness).toMatchObject({
      hosts: ["web1", "web2"],
      ready: ["web1"],
      findings: [{ level: "problem", hosts: ["web2"], cause: "no SSH server listens" }],
    });
  });

  it("changes nothing on the hosts", async () => {
    checkout.commit({ "version.txt": "9\n" });
    const before = HOSTS.map(links);
    expect(await plan()).toMatchObject({ status: 0 });
    expect(HOSTS.map(links)).toEqual(before);
  });

  it("is wrong usage without a plan, and prints none for hosts that are none", async () => {
    expect(await scap("deploy", "--check-hosts", "why")).toEqual({
      ...{ status: 2, signal: null, stdout: "" },
      stderr:
        "scap deploy: --check-hosts only has a meaning with --plan; to look at the hosts alone run scap doctor\n" +
        "Run 'scap deploy --help' for usage.\n",
    });
    expect(await plan("-l", "db1")).toMatchObject({ status: 1, stdout: "" });
  });
});

const obstacle = realLabObstacle();
requireUnderCi("the real lab", obstacle);

describe.skipIf(obstacle !== undefined)(
  `scap doctor on hosts of their own${obstacle === undefined ? "" : ` (NOT RUN: ${obstacle})`}`,
  () => {
    let real: Lab;
    beforeAll(async () => {
      real = await startRealLab({ hosts: HOSTS, diskBytes: 32 * 1024 * 1024 });
    });
    afterAll(async () => real?.close());

    it("finds a full disk, a directory of somebody else, a changed host key and a host that hangs", async () => {
      await real.host("web1").fillDisk({ leaveBytes: 1_000_000 });
      await real.host("web2").exec(["chown", "root", "/srv/deployment"], { user: "root" });
      const keys = readFileSync(real.knownHostsFile, "utf8").split("\n");
      const other = keys
        .find((line) => line.startsWith("web4"))
        ?.split(" ")
        .slice(1)
        .join(" ");
      const wrong = keys.map((line) => (line.startsWith("web3") ? `${line.split(" ")[0]} ${other}` : line));
      writeFileSync(real.knownHostsFile, wrong.join("\n"));
      await real.host("web4").pause();
      const { status, stdout } = await runScap(["doctor", "-Dconnect_timeout:2"], {
        ...{ cwd: checkout.directory, env: real.env },
      });
      await real.host("web4").resume();
      expect(stdout).toMatch(
        /problem: web1 \(1\): too little room on \/srv for \/srv\/deployment\/test\/doctor: \d+ MB are needed\n/,
      );
      expect(stdout).toMatch(/web1: 1 MB free\n/);
      expect(stdout).toContain("problem: web2 (1): deploy cannot write to /srv/deployment\n");
      expect(stdout).toContain("Repair: scap run web2 'chown deploy /srv/deployment' --sudo\n");
      expect(stdout).toContain("problem: web3 (1): the host key is changed\n");
      expect(stdout).toContain("problem: web4 (1): the host does not answer\n");
      expect(stdout).toContain("0 of 4 hosts ready\n");
      expect(status).toBe(1);
    });
  },
);

function doctor(...args: string[]): Promise<ScapResult> {
  return scap("doctor", ...args);
}

function scap(...args: string[]): Promise<ScapResult> {
  return runScap(args, { cwd: checkout.directory, env: lab.env });
}

function cache(host: string): string {
  return join(lab.host(host).root, "srv/deployment/test/doctor-cache");
}

function revision(host: string, commit: string): string {
  return join(cache(host), "revs", commit);
}

function links(host: string): (readonly [string, string])[] {
  const names = readdirSync(cache(host)).filter((name) =>
    [".done", "current", ".in-progress"].includes(name),
  );
  return names.map((name) => [name, readlinkSync(join(cache(host), name))] as const);
}
