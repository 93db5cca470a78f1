import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, realLabObstacle, startRealLab } from "../src/index.ts";
import { mapLimit, scp, ssh } from "./ssh-client.ts";
import { waitFor } from "./wait-for.ts";

const obstacle = realLabObstacle();
const notRun = obstacle === undefined ? "" : ` (NOT RUN: ${obstacle})`;

it.runIf(process.env["CI"] && obstacle !== undefined)("has what a real lab needs, under CI", () => {
  expect(obstacle).toBeUndefined();
});

describe.skipIf(obstacle !== undefined)(`a real lab${notRun}`, () => {
  let lab: Lab;
  let scratch: string;
  beforeAll(async () => {
    lab = await startRealLab({ hosts: 3, diskBytes: 8_000_000, scapConfig: { git_repo: "a/b" } });
    scratch = await mkdtemp(join(tmpdir(), "lab-test-"));
  });
  afterAll(async () => {
    await lab.close();
    await rm(scratch, { recursive: true });
  });

  it("gives each host a name, an address and the usual paths of its own", async () => {
    const result = await ssh(
      lab,
      "web2",
      "hostname; id -un; pwd; cat /etc/scap.cfg; ls -A /tmp /srv; node --version",
    );
    expect(result.stdout.split("\n")).toEqual([
      "web2",
      "deploy",
      "/home/deploy",
      "[global]",
      "git_deploy_dir: /srv/deployment",
      "git_repo: a/b",
      "/srv:",
      "deployment",
      "",
      "/tmp:",
      process.version,
    ]);
    await Promise.all(
      ["web1", "web2"].map((name) => ssh(lab, name, `echo ${name} | tee /tmp/f /srv/deployment/f`)),
    );
    expect((await ssh(lab, "web1", "cat /tmp/f /srv/deployment/f")).stdout).toBe("web1\nweb1");
    expect(existsSync("/tmp/f")).toBe(false);
  });

  it("shows a host's files from outside", async () => {
    const host = lab.host("web3");
    await ssh(lab, "web3", `echo seen >${host.deployDir}/x`);
    expect(await readFile(host.outside("/srv/deployment/x"), "utf8")).toBe("seen\n");
  });

  it("has no way out of the machine", async () => {
    const routes = await lab.host("web1").exec(["ip", "route"]);
    expect(routes.stdout.trim()).toMatch(/^198\.1[89]\.\d+\.0\/22 dev eth0 [^\n]*$/);
  });

  it("lets hosts reach each other by name", async () => {
    const banner = await lab.host("web1").exec(["bash", "-c", "exec 3<>/dev/tcp/web2/22; head -c 8 <&3"]);
    expect(banner.stdout).toBe("SSH-2.0-");
  });

  it("reports exit statuses and carries 20 MB in both directions", async () => {
    const input = Buffer.alloc(20_000_000, "0123456789abcdef-lab");
    const both = await execa("ssh", ["-F", lab.sshConfigFile, "web1", "cat; exit 7"], {
      input,
      encoding: "buffer",
      reject: false,
    });
    expect(both.exitCode).toBe(7);
    expect(Buffer.compare(Buffer.from(both.stdout), input)).toBe(0);
  });

  it.each([
    ["sftp", []],
    ["scp", ["-O"]],
  ])("copies files with scp over the %s protocol", async (_name, options) => {
    const file = join(scratch, "file");
    await writeFile(file, "content\n");
    expect((await scp(lab, file, "web3:/srv/deployment/copied", options)).exitCode).toBe(0);
    expect((await scp(lab, "web3:/srv/deployment/copied", `${file}.back`, options)).exitCode).toBe(0);
    expect(await readFile(`${file}.back`, "utf8")).toBe("content\n");
  });

  it("runs commands without ssh, as the login user or as root", async () => {
    const host = lab.host("web1");
    expect(await host.exec(["sh", "-c", "cat; id -un; pwd; exit 3"], { input: "in " })).toEqual({
      exitCode: 3,
      stdout: "in deploy\n/home/deploy\n",
      stderr: "",
    });
    expect((await host.exec(["id", "-u"], { user: "root" })).stdout).toBe("0\n");
    await expect(host.exec(["true"], { user: "nobody-here" })).rejects.toMatchObject({ code: "BAD_OPTION" });
  });

  it("counts connections, processes and processor time of a host", async () => {
    const host = lab.host("web2");
    const [connections, cpu] = [await host.connectionCount(), await host.cpuMs()];
    const client = ssh(lab, "web2", "perl -e '1 while (times)[0] < 0.2'; sleep 1000");
    await waitFor(async () => (await host.processes()).some((one) => one.command === "sleep 1000"));
    expect(await host.connectionCount()).toBe(connections + 1);
    expect((await host.cpuMs()) - cpu).toBeGreaterThan(100);
    expect(await host.kill("sleep 1000")).toBe(2);
    expect((await client).exitCode).toBe(255);
    await expect.poll(() => host.processes()).toEqual([]);
  });

  it("leaves no zombie of a process that lost its parent", async () => {
    await ssh(lab, "web1", "(sh -c 'exit 0' & ) >/dev/null 2>&1 </dev/null");
    const states = (): Promise<string> =>
      lab
        .host("web1")
        .exec(["ps", "-eo", "stat="])
        .then((one) => one.stdout);
    await expect.poll(states).not.toContain("Z");
  });

  it("loses every packet while cut, and delivers afterwards", async () => {
    const host = lab.host("web3");
    await host.cut();
    let isDone = false;
    const late = ssh(lab, "web3", "echo late").finally(() => (isDone = true));
    const failed = await execa("ssh", ["-F", lab.sshConfigFile, "-oConnectTimeout=1", "web3", "true"], {
      reject: false,
    });
    expect(failed.stderr).toContain("timed out");
    expect(isDone).toBe(false);
    await host.restore();
    await host.restore();
    expect((await late).stdout).toBe("late");
  });

  it("refuses connections while sshd is dead, and has the same key afterwards", async () => {
    const host = lab.host("web1");
    const held = ssh(lab, "web1", "sleep 1000");
    await waitFor(async () => (await host.processes()).length > 0);
    await host.killServer();
    expect((await held).exitCode).toBe(255);
    expect((await ssh(lab, "web1", "true")).stderr).toContain("Connection refused");
    expect(await host.kill("sleep 1000")).toBeGreaterThan(0);
    await host.startServer();
    expect((await ssh(lab, "web1", "echo back")).stdout).toBe("back");
  });

  it("hangs while paused", async () => {
    const host = lab.host("web2");
    await host.pause();
    const failed = await execa("ssh", ["-F", lab.sshConfigFile, "-oConnectTimeout=1", "web2", "true"], {
      reject: false,
    });
    expect(failed.stderr).toContain("timed out during banner exchange");
    await host.resume();
    expect((await ssh(lab, "web2", "echo on")).stdout).toBe("on");
  });

  it("fills and frees the disk", async () => {
    const host = lab.host("web1");
    await host.fillDisk();
    const full = await ssh(lab, "web1", "head -c 99 /dev/zero >/srv/deployment/more");
    expect(full.exitCode).not.toBe(0);
    expect(full.stderr).toContain("No space left on device");
    await host.freeDisk();
    expect((await ssh(lab, "web1", "echo 0123456789 >/srv/deployment/more")).exitCode).toBe(0);
    await host.fillDisk({ leaveBytes: 1_000_000 });
    expect((await ssh(lab, "web1", "head -c 900000 /dev/zero >/srv/deployment/more")).exitCode).toBe(0);
    expect((await ssh(lab, "web1", "head -c 1200000 /dev/zero >/srv/deployment/more")).exitCode).not.toBe(0);
    await host.freeDisk();
  });
});

describe.skipIf(obstacle !== undefined)(`real labs${notRun}`, () => {
  it("hide node where asked to, and nothing else", async () => {
    const lab = await startRealLab({ hosts: ["db"], withoutNode: true });
    try {
      expect((await ssh(lab, "db", "command -v node npm; command -v git")).stdout).toBe("/usr/bin/git");
      expect((await ssh(lab, "db", "node --version")).exitCode).toBe(127);
    } finally {
      await lab.close();
    }
  });

  it("delay and lose packets", async () => {
    const lab = await startRealLab({ hosts: 2, shapedLinks: true });
    try {
      await lab.host("web1").shape({ rttMs: 100 });
      // The best of several: a busy machine delays, and never makes anything faster.
      const far = Math.min(...(await repeat(5, () => connectTime(lab, "web1"))));
      const near = Math.min(...(await repeat(5, () => connectTime(lab, "web2"))));
      expect(far).toBeGreaterThan(99);
      expect(near).toBeLessThan(far - 50);
      await lab.host("web1").shape({ lossPercent: 100 });
      const failed = await execa("ssh", ["-F", lab.sshConfigFile, "-oConnectTimeout=1", "web1", "true"], {
        reject: false,
      });
      expect(failed.stderr).toContain("timed out");
      await lab.host("web1").shape({});
      expect((await ssh(lab, "web1", "echo near")).stdout).toBe("near");
    } finally {
      await lab.close();
    }
  });

  it("stand beside each other, and are gone when closed", async () => {
    const labs = await Promise.all([startRealLab({ hosts: 1 }), startRealLab({ hosts: 1 })]);
    expect(new Set(labs.map((lab) => lab.host("web1").address)).size).toBe(2);
    await Promise.all(labs.map((lab) => ssh(lab, "web1", "setsid sleep 1003 >/dev/null 2>&1 &")));
    await Promise.all(labs.map((lab) => lab.close()));
    expect(await leftovers(labs.map((lab) => lab.directory))).toEqual([]);
  });

  it("are gone when their owner is killed", async () => {
    const fixture = join(import.meta.dirname, "fixtures/real-owner.ts");
    const owner = execa(process.execPath, ["--import", "tsx", fixture], { reject: false, buffer: false });
    const { pid, directory } = await firstLine(owner.stdout);
    expect(await leftovers([directory])).not.toEqual([]);
    process.kill(pid, "SIGKILL");
    await owner;
    await expect.poll(() => leftovers([directory])).toEqual([]);
  });

  // Two hundred of them are started, and have their limit, where deployments to them are tested.
  it("have 50 hosts in less than 10 s", async () => {
    const start = performance.now();
    const lab = await startRealLab({ hosts: 50 });
    try {
      expect(performance.now() - start).toBeLessThan(10_000);
      const results = await mapLimit(lab.hosts, 8, (host) => ssh(lab, host.name, "hostname"));
      expect(results.map((one) => one.stdout)).toEqual(lab.hosts.map((host) => host.name));
    } finally {
      await lab.close();
    }
    expect(await leftovers([lab.directory])).toEqual([]);
  });
});

async function connectTime(lab: Lab, name: string): Promise<number> {
  const start = performance.now();
  const socket = connect(22, lab.host(name).address);
  await once(socket, "connect");
  socket.destroy();
  return performance.now() - start;
}

async function repeat<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < count; index++) results.push(await work());
  return results;
}

/** Folders, processes, mounts and interfaces of closed labs. */
async function leftovers(directories: readonly string[]): Promise<string[]> {
  const commands = (await execa("ps", ["-eo", "args="])).stdout.split("\n");
  const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n");
  const mentions = [...commands, ...mounts].filter((line) =>
    directories.some((folder) => line.includes(folder)),
  );
  const strays = commands.filter((line) => line === "sleep 1003");
  const folders = directories.filter((folder) => existsSync(folder));
  return [...mentions, ...strays, ...folders];
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<{ pid: number; directory: string }> {
  let text = "";
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return JSON.parse(text);
}
