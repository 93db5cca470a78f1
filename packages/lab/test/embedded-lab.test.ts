import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, startEmbeddedLab } from "../src/index.ts";
import { markedPids } from "../src/embedded/marker.ts";
import { waitFor } from "./wait-for.ts";
import { mapLimit, scp, ssh } from "./ssh-client.ts";

describe("an embedded lab", () => {
  let lab: Lab;
  let scratch: string;
  beforeAll(async () => {
    lab = await startEmbeddedLab({ hosts: 3 });
    scratch = await mkdtemp(join(tmpdir(), "lab-test-"));
  });
  afterAll(async () => {
    await lab.close();
    await rm(scratch, { recursive: true });
  });

  it("runs a command through the system's ssh with a home, temporary folder and scap.cfg of its own", async () => {
    const result = await ssh(lab, "web2", 'pwd; echo "$HOME $TMPDIR $USER"; cat "$SCAP_SYSTEM_CONFIG"');
    const { root, deployDir } = lab.host("web2");
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    expect(result.stdout).toBe(
      `${root}/home\n${root}/home ${root}/tmp ${lab.user}\n[global]\ngit_deploy_dir: ${deployDir}`,
    );
  });

  it("does not let this process's variables through", async () => {
    process.env["LAB_TEST_SECRET"] = "1";
    expect((await ssh(lab, "web1", "env")).stdout).not.toContain("LAB_TEST_SECRET");
  });

  it("reports exit statuses, both streams, and signals as 128 + n", async () => {
    expect(await ssh(lab, "web1", "echo out; echo err >&2; exit 7")).toMatchObject({
      exitCode: 7,
      stdout: "out",
      stderr: "err",
    });
    expect((await ssh(lab, "web1", "kill -TERM $$")).exitCode).toBe(255);
    expect((await ssh(lab, "web1", "no-such-command-here")).exitCode).toBe(127);
  });

  it("carries 20 MB in both directions unchanged", async () => {
    const input = Buffer.alloc(20_000_000, "0123456789abcdef-lab");
    const both = await execa("ssh", ["-F", lab.sshConfigFile, "web1", "cat"], { input, encoding: "buffer" });
    expect(sha(both.stdout)).toBe(sha(input));
  });

  it("holds a fast command back while the client does not read", async () => {
    const client = execa("ssh", ["-F", lab.sshConfigFile, "web1", "echo $$ >$HOME/pid; exec cat /dev/zero"], {
      buffer: false,
      reject: false,
    });
    client.stdout.pause();
    const before = process.memoryUsage().rss;
    const pidFile = join(lab.host("web1").root, "home/pid");
    await waitFor(() => existsSync(pidFile));
    await waitFor(async () => isBlockedWriting(Number(await readFile(pidFile, "utf8"))));
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
    client.kill("SIGKILL");
    await client;
  });

  it.each([
    ["sftp", []],
    ["scp", ["-O"]],
  ])("copies files with scp over the %s protocol", async (_name, options) => {
    const file = join(scratch, "file");
    await writeFile(file, "content\n");
    expect((await scp(lab, file, "web3:copied", options)).exitCode).toBe(0);
    expect((await scp(lab, "web3:copied", `${file}.back`, options)).exitCode).toBe(0);
    expect(await readFile(`${file}.back`, "utf8")).toBe("content\n");
  });

  it("refuses other users and other keys", async () => {
    expect((await ssh(lab, "nobody@web1", "true")).stderr).toContain("Permission denied (publickey)");
    const key = join(scratch, "other");
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const alone = await execa(
      "ssh",
      [
        "-F/dev/null",
        "-oBatchMode=yes",
        `-oUserKnownHostsFile=${lab.knownHostsFile}`,
        "-oIdentitiesOnly=yes",
        "-i",
        key,
      ].concat(["-p", String(lab.host("web1").port), `${lab.user}@127.0.0.1`, "true"]),
      { reject: false, env: { SSH_AUTH_SOCK: "" } },
    );
    expect(alone).toMatchObject({ exitCode: 255 });
    expect(alone.stderr).toContain("Permission denied (publickey)");
  });

  it("kills what a command left behind when its connection goes away", async () => {
    const client = execa("ssh", ["-F", lab.sshConfigFile, "web2", "sleep 1000 & sleep 1001"], {
      reject: false,
    });
    const host = lab.host("web2");
    await waitFor(async () => (await host.processes()).length >= 2);
    client.kill("SIGKILL");
    await client;
    await expect.poll(() => host.processes()).toEqual([]);
  });

  it("runs commands without ssh, and tells their outcome", async () => {
    const host = lab.host("web1");
    expect(await host.exec(["sh", "-c", "cat; exit 3"], { input: "in" })).toEqual({
      exitCode: 3,
      stdout: "in",
      stderr: "",
    });
    await expect(host.exec(["true"], { user: "other" })).rejects.toMatchObject({ code: "NOT_SUPPORTED" });
  });

  it("loses every packet while cut, and delivers afterwards", async () => {
    const host = lab.host("web3");
    await host.cut();
    let isDone = false;
    const late = ssh(lab, "web3", "echo late").finally(() => (isDone = true));
    const failed = await execa("ssh", ["-F", lab.sshConfigFile, "-oConnectTimeout=1", "web3", "true"], {
      reject: false,
    });
    expect(failed.exitCode).toBe(255);
    expect(isDone).toBe(false);
    await host.restore();
    expect((await late).stdout).toBe("late");
  });

  it("refuses connections while its server is down, and is itself again afterwards", async () => {
    const host = lab.host("web1");
    const held = ssh(lab, "web1", "sleep 1000");
    await waitFor(async () => (await host.processes()).length > 0);
    await host.killServer();
    expect((await held).exitCode).toBe(255);
    expect((await ssh(lab, "web1", "true")).stderr).toContain("Connection refused");
    await host.startServer();
    expect((await ssh(lab, "web1", "echo back")).stdout).toBe("back");
  });

  it("stops and continues everything on a host", async () => {
    const host = lab.host("web1");
    const client = execa("ssh", ["-F", lab.sshConfigFile, "web1", "read line; echo $$"]);
    await waitFor(async () => (await host.processes()).length > 0);
    await host.pause();
    const [first] = await host.processes();
    await expect.poll(() => readFile(`/proc/${first?.pid}/stat`, "latin1")).toMatch(/\) T /);
    await host.resume();
    client.stdin.end("go\n");
    expect((await client).exitCode).toBe(0);
  });

  it("says what an embedded host cannot do", async () => {
    await expect(lab.host("web1").fillDisk()).rejects.toMatchObject({ code: "NOT_SUPPORTED" });
    expect(() => lab.host("web9")).toThrow("The lab has no host web9");
  });
});

it("hides node where asked to, and nothing else", async () => {
  const lab = await startEmbeddedLab({ hosts: ["db"], withoutNode: true });
  try {
    expect((await ssh(lab, "db", "command -v node npm; command -v git")).stdout).toMatch(/^\/\S+\/git$/);
  } finally {
    await lab.close();
  }
});

it("leaves a folder that the caller chose, and removes a temporary one", async () => {
  const chosen = await mkdtemp(join(tmpdir(), "lab-chosen-"));
  const [kept, temporary] = await Promise.all([
    startEmbeddedLab({ hosts: 1, directory: chosen }),
    startEmbeddedLab({ hosts: 1 }),
  ]);
  await Promise.all([kept.close(), temporary.close()]);
  expect(existsSync(join(chosen, "hosts/web1"))).toBe(true);
  expect(existsSync(temporary.directory)).toBe(false);
  await rm(chosen, { recursive: true });
});

it("leaves nothing behind when it cannot start", async () => {
  const directory = await mkdtemp(join(tmpdir(), "lab-bad-"));
  const bad = startEmbeddedLab({ hosts: 2, directory, scapConfig: { option: "two\nlines" } });
  await expect(bad).rejects.toMatchObject({ code: "BAD_OPTION" });
  await rm(directory, { recursive: true });
});

it("serves 200 hosts from one process", async () => {
  const before = process.memoryUsage().rss;
  const lab = await startEmbeddedLab({ hosts: 200 });
  try {
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    const results = await mapLimit(lab.hosts, 16, (host) => ssh(lab, host.name, "echo $HOME"));
    expect(results.map((one) => one.stdout)).toEqual(lab.hosts.map((host) => `${host.root}/home`));
    const counts = await Promise.all(lab.hosts.map((host) => host.connectionCount()));
    expect(new Set(counts)).toEqual(new Set([1]));
  } finally {
    await lab.close();
  }
}, 60_000);

it("leaves no process and no temporary folder when its owner is killed", async () => {
  const owner = execa(
    process.execPath,
    ["--import", "tsx", join(import.meta.dirname, "fixtures/embedded-owner.ts")],
    {
      reject: false,
      buffer: false,
    },
  );
  const { pid, marker, directory } = await firstLine(owner.stdout);
  await waitFor(async () => markedPids(marker).length >= 2);
  process.kill(pid, "SIGKILL");
  await owner;
  await expect.poll(() => markedPids(marker)).toEqual([]);
  await expect.poll(() => existsSync(directory)).toBe(false);
});

function sha(data: Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

async function firstLine(
  stream: NodeJS.ReadableStream,
): Promise<{ pid: number; marker: string; directory: string }> {
  let text = "";
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return JSON.parse(text);
}

/** A writer that waits for room in a pipe or socket sleeps in the kernel. */
async function isBlockedWriting(pid: number): Promise<boolean> {
  const read = async (): Promise<string> =>
    (await readFile(`/proc/${pid}/io`, "utf8")).match(/wchar: (\d+)/)?.[1] ?? "";
  const first = await read();
  await new Promise((resolve) => setTimeout(resolve, 100));
  return Number(first) > 0 && first === (await read());
}
