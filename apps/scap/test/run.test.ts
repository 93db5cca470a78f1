import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { runCli } from "@scap/cli";
import { type Lab, startEmbeddedLab } from "@scap/lab";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../src/commands/run.ts";

let lab: Lab;
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "scap-run-"));
  lab = await startEmbeddedLab({ hosts: 5 });
  await lab.host("web2").exec(["touch", "broken"]);
});
afterAll(async () => {
  await lab.close();
  await rm(root, { recursive: true });
});

interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function scapRun(...argv: string[]): Promise<Outcome> {
  const [stdout, stderr, stdin] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const printed = [stdout, stderr].map(async (stream) =>
    (await stream.setEncoding("utf8").toArray()).join(""),
  );
  stdin.end();
  const io = { stdin, stdout, stderr, env: { ...lab.env }, cwd: root };
  const status = await runCli({ program: "scap", about: "", commands: [run], argv: ["run", ...argv], io });
  stdout.end();
  stderr.end();
  const [out = "", err = ""] = await Promise.all(printed);
  return { status, stdout: out, stderr: err };
}

const FAILS_ON_WEB2 = "test ! -e broken || exit 3";

test("16: equal answers are shown once, with the folded set", async () => {
  const { status, stdout } = await scapRun("web[1-5]", "echo hi", "--yes");
  expect([status, stdout]).toEqual([0, "===== (5) web[1-5] =====\nhi\n"]);
});

test.each([
  [[], 1],
  [["-p", "60"], 3],
  [["-p", "60", "--ok-partial"], 0],
  [["-x"], 0],
])("17, 18: a host that exits with 3, with %j: exit status %i", async (options, expected) => {
  expect(await scapRun("web[1-5]", FAILS_ON_WEB2, "--yes", ...options)).toMatchObject({ status: expected });
});

test.each(["lockstep", "independent"])(
  "19, 20: %s: a host that fails gets no further command",
  async (mode) => {
    const options = ["-p", "50", "-m", mode, "--json", "--yes"];
    const { status, stdout } = await scapRun("web[1-5]", FAILS_ON_WEB2, "echo b", ...options);
    const { results, verdict } = JSON.parse(stdout);
    expect(status).toBe(3);
    expect(verdict.failed).toEqual({ "exit 3": ["web2"] });
    const second = results.filter(({ command }: { command: string }) => command === "echo b");
    expect(second.map(({ stdout: text }: { stdout: string }) => text)).toEqual(["b\n", "b\n", "b\n", "b\n"]);
  },
);

test("21: below the threshold no further host is started, and the rest is listed", async () => {
  const { status, stderr } = await scapRun("web[1-5]", FAILS_ON_WEB2, "-b", "1", "--yes");
  expect(status).toBe(1);
  expect(stderr).toContain("exit 3: 20.0% (1/5) web2");
  expect(stderr).toContain("not finished: 60.0% (3/5) web[3-5]");
});

test("26: output that is no text arrives as base64", async () => {
  const { stdout } = await scapRun("web1", String.raw`printf '\377\376'`, "--json", "--yes");
  expect(JSON.parse(stdout).results).toMatchObject([{ host: "web1", stdoutBase64: "//4=" }]);
});

test("29, 30, 32: no command shows the hosts; nobody to ask; no host", async () => {
  expect(await scapRun("web[1-3]")).toMatchObject({ status: 0, stdout: "web[1-3]\n" });
  const unasked = await scapRun("web[1-3]", "true");
  expect(unasked).toMatchObject({ status: 2, stderr: expect.stringContaining("--yes") });
  expect(await scapRun("web1!web1", "true", "--yes")).toMatchObject({ status: 4 });
});

test.each([
  ["-b", "0"],
  ["-b", "101%"],
  ["-p", "101"],
  ["-t", "x"],
])("33: %s %s is refused before any question", async (...options) => {
  expect(await scapRun("web1", "true", "--yes", ...options)).toMatchObject({ status: 2 });
});

test("a script is sent and run, and its output streamed with the host in front", async () => {
  const script = join(root, "script");
  await writeFile(script, "#!/bin/sh\necho one\nprintf two\n");
  const { status, stdout } = await scapRun("web1", "--script", script, "--stream", "--yes");
  expect([status, stdout]).toEqual([0, "web1: one\nweb1: two\n"]);
});
