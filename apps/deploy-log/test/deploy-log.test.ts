import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const BIN = fileURLToPath(new URL("../bin/deploy-log.js", import.meta.url));
const ENV = { PATH: process.env["PATH"], TZ: "UTC" };
const RECORD =
  '{"name":"deploy","msg":"hi %s","args":["x"],"levelno":20,"created":1444873813.1,"host":"d1"}\n';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "deploy-log-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function deployLog(
  args: readonly string[],
  input = "",
): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd,
    env: ENV,
    input,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("the deploy-log command", () => {
  it("shows a file", () => {
    writeFileSync(join(cwd, "x.log"), RECORD);
    expect(deployLog(["-f", "x.log"])).toEqual({ status: 0, stdout: "01:50:13 [d1] hi x\n", stderr: "" });
    expect(deployLog(["--file=x.log", "--json", "host == d2"])).toEqual({
      status: 0,
      stdout: "",
      stderr: "",
    });
  });

  it("reads standard input", () => {
    expect(deployLog(["-f", "-", "--utc", "host == d1"], RECORD).stdout).toBe("01:50:13 [d1] hi x\n");
  });

  it("uses the time zone of the machine unless told otherwise", () => {
    const env = { ...ENV, TZ: "Asia/Kathmandu" };
    const run = spawnSync(process.execPath, [BIN, "-f", "-"], { env, input: RECORD, encoding: "utf8" });
    expect(run.stdout).toBe("07:35:13 [d1] hi x\n");
  });

  it("explains mistakes without a stack and with status 2", () => {
    expect(deployLog(["-f", "-", "host = a levelno"], RECORD)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("  host = a levelno\n           ^^^^^^^\n"),
    });
    expect(deployLog(["--frob"])).toMatchObject({ status: 2, stderr: expect.stringContaining("--frob") });
    expect(deployLog(["one", "two"])).toMatchObject({ status: 2, stdout: "" });
    expect(deployLog(["-f", "missing.log"])).toMatchObject({
      status: 1,
      stderr: "deploy-log: Cannot read missing.log: no such file\n",
    });
  });

  it("has help", () => {
    expect(deployLog(["--help"])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("--since WHEN"),
    });
  });

  it("ends quietly when the reader of its output has seen enough", async () => {
    writeFileSync(join(cwd, "x.log"), RECORD.repeat(200_000));
    const child = spawn(process.execPath, [BIN, "-f", "x.log"], { cwd, env: ENV });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    await once(child.stdout, "data");
    child.stdout.destroy();
    await once(child, "exit");
    expect({ status: child.exitCode, errors }).toEqual({ status: 0, errors: "" });
  });

  it("follows until it is interrupted, outside of any repository", async () => {
    mkdirSync(join(cwd, "scap", "log"), { recursive: true });
    const child = spawn(process.execPath, [BIN], { cwd, env: ENV });
    const output: string[] = [];
    child.stdout.setEncoding("utf8");
    const shown = new Promise<void>((resolve) => {
      child.stdout.on("data", (text: string) => {
        output.push(text);
        if (output.join("").includes("hi x")) resolve();
      });
    });
    const log = join(cwd, "scap", "log", "a.log");
    writeFileSync(log, RECORD);
    await shown;
    child.kill("SIGINT");
    const [status] = (await once(child, "exit")) as [number];
    expect(status).toBe(130);
    expect(output.join("")).toBe(`-- Opening log file: '${log}'\n01:50:13 [d1] hi x\n`);
  });
});
