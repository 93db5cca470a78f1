import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  argv,
  createSimulatedTransport,
  type HostResult,
  type JobOptions,
  runJob,
  type Transport,
} from "../src/index.ts";

const isRoot = process.getuid?.() === 0;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "ssh-job-output-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const transport = createSimulatedTransport(({ host }) => ({
  stdout: host === "quiet" ? "" : `${host} says ${"x".repeat(5000)}`,
  stderr: host === "web1" ? "and complains" : "",
}));

async function results(options: Partial<JobOptions>): Promise<Map<string, HostResult>> {
  const found = new Map<string, HostResult>();
  const job = {
    hosts: ["web1"],
    command: argv("x"),
    transport,
    outputDirectory: join(root, "out"),
    ...options,
  };
  for await (const result of runJob(job)) found.set(result.host, result);
  return found;
}

it("keeps all that a host writes, a file a stream, for this user only, whatever is kept in memory (ssh W16)", async () => {
  const found = await results({ hosts: ["web1", "web2", "quiet"], outputLimitBytes: 100 });
  const directory = join(root, "out");
  expect((await readdir(directory)).toSorted()).toEqual(["web1.stderr", "web1.stdout", "web2.stdout"]);
  expect(await readFile(join(directory, "web1.stdout"), "utf8")).toBe(`web1 says ${"x".repeat(5000)}`);
  expect(await readFile(join(directory, "web1.stderr"), "utf8")).toBe("and complains");
  expect(found.get("web1")?.stdout).toMatchObject({
    omittedBytes: 4910,
    file: { path: join(directory, "web1.stdout"), bytes: 5010 },
  });
  expect(found.get("quiet")?.stdout.file).toBeUndefined();
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect((await stat(join(directory, "web1.stdout"))).mode & 0o777).toBe(0o600);
});

it("ends a file at its limit, says so, and goes on with the command", async () => {
  const found = await results({ outputFileLimitBytes: 20 });
  expect(found.get("web1")).toMatchObject({
    status: "ok",
    stdout: { totalBytes: 5010, omittedBytes: 0, file: { bytes: 20, problem: "it is longer than 20 bytes" } },
  });
  expect(await readFile(join(root, "out/web1.stdout"), "utf8")).toBe("web1 says xxxxxxxxxx");
});

it("leaves a file alone that is there already, and follows no link", async () => {
  const elsewhere = join(root, "elsewhere");
  const directory = join(root, "out");
  await results({ hosts: ["quiet"] });
  await writeFile(elsewhere, "mine");
  await symlink(elsewhere, join(directory, "web1.stdout"));
  await symlink(join(root, "new"), join(directory, "web1.stderr"));
  await writeFile(join(directory, "web2.stdout"), "from before");
  const found = await results({ hosts: ["web1", "web2"] });
  for (const output of [found.get("web1")?.stdout, found.get("web1")?.stderr, found.get("web2")?.stdout])
    expect(output?.file).toMatchObject({ bytes: 0, problem: "file already exists" });
  expect(await readFile(elsewhere, "utf8")).toBe("mine");
  expect(await readFile(join(directory, "web2.stdout"), "utf8")).toBe("from before");
  expect((await readdir(root)).toSorted()).toEqual(["elsewhere", "out"]);
});

it("makes one file in the directory of every name, however odd", async () => {
  // A transport of somebody else may know hosts by any name.
  const anyName: Transport = {
    ...transport,
    connect: async (host) => {
      const connection = await transport.connect("web1");
      return { ...connection, host };
    },
  };
  const hosts = [
    "../up",
    "/etc/x",
    ".",
    "-rf",
    "fe80::1%eth0",
    "a b\n",
    "\ud800",
    "üml",
    "n".repeat(300),
    "%2F",
  ];
  const found = await results({ hosts, transport: anyName });
  const names = await readdir(join(root, "out"));
  expect(names.filter((name) => name.endsWith(".stdout"))).toHaveLength(hosts.length);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_%][A-Za-z0-9._%-]{0,207}$/);
  for (const { stdout } of found.values()) expect(stdout.file?.problem).toBeUndefined();
  expect(await readdir(root)).toEqual(["out"]);
});

it("refuses a directory that cannot be made, before any host is contacted", async () => {
  await writeFile(join(root, "out"), "");
  let isContacted = false;
  const noting: Transport = {
    ...transport,
    connect: async (host) => {
      isContacted = true;
      return await transport.connect(host);
    },
  };
  for (const [outputDirectory, reason] of [
    [join(root, "out"), "file already exists"],
    [join(root, "out/below"), "not a directory"],
    ["/proc/none/below", "no such file or directory"],
  ] as const) {
    await expect(results({ transport: noting, outputDirectory })).rejects.toMatchObject({
      code: "BAD_OPTION",
      message: `Cannot keep output in ${outputDirectory}: ${reason}`,
    });
  }
  expect(isContacted).toBe(false);
});

it.skipIf(!isRoot && !process.env["CI"])(
  `a disk that is full ends the file and not the job${isRoot ? "" : " NOT RUN: needs root to mount a small disk"}`,
  async () => {
    const disk = await mkdtemp(join(root, "disk-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4096", "tmpfs", disk]);
    try {
      const found = await results({ hosts: ["web1", "web2"], outputDirectory: disk });
      for (const host of ["web1", "web2"]) expect(found.get(host)).toMatchObject({ status: "ok" });
      const problems = [...found.values()].map(({ stdout }) => stdout.file?.problem);
      expect(problems).toContain("no space left on device");
      expect(found.get("web2")?.stdout.text).toHaveLength(5010);
    } finally {
      execFileSync("umount", ["--lazy", disk]);
    }
  },
);
