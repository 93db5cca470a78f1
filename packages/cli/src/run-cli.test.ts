import { PassThrough, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Command, Handler } from "./command.ts";
import { CliError } from "./errors.ts";
import { runCli } from "./run-cli.ts";

interface RunOptions {
  readonly handler?: Handler;
  readonly env?: NodeJS.ProcessEnv;
  readonly isTTY?: boolean;
}

async function run(argv: string[], options: RunOptions = {}) {
  const stdout = new PassThrough();
  const stderr = Object.assign(new PassThrough(), { isTTY: options.isTTY ?? false });
  const commands: Command[] = [
    {
      name: "deploy",
      summary: "Deploy a revision",
      options: [
        { name: "stages", short: "s", type: "string", choices: ["fetch", "promote"], summary: "one stage" },
      ],
      examples: [{ command: "scap deploy 'fix'", explains: "Deploy HEAD" }],
      handler: async () => options.handler ?? (async () => 0),
    },
    {
      name: "targets",
      summary: "Show hosts",
      commands: [{ name: "list", summary: "List", handler: async () => async () => 3 }],
    },
    {
      name: "install",
      summary: "Install a version",
      options: [
        { name: "version", short: "v", type: "string", summary: "which" },
        { name: "as-child", type: "flag", summary: "be the child", hidden: true },
      ],
      handler: async () => options.handler ?? (async () => 0),
    },
    { name: "secret", summary: "Hidden", hidden: true, handler: async () => async () => 0 },
  ];
  const io = { stdin: new PassThrough(), stdout, stderr, env: options.env ?? {}, cwd: "/" };
  const status = await runCli({ program: "scap", about: "Deploys.", commands, argv, io });
  return { status, stdout: String(stdout.read() ?? ""), stderr: String(stderr.read() ?? "") };
}

describe("the bell", () => {
  const failing = (options: { isRefusal?: boolean } = {}): Handler => {
    const error = new CliError("no", { code: "X", exitCode: 1, ...options });
    return async () => Promise.reject(error);
  };

  it.each<[string, boolean, Handler]>([
    ["rings for a command that returns 5 (case 40)", true, async () => 5],
    ["rings for one that Ctrl-C ended (case 39)", true, async () => 130],
    ["rings for one that fails", true, failing()],
    ["is silent for a command that returns 0 (case 40) (cdb W18)", false, async () => 0],
    ["is silent for one that was refused", false, failing({ isRefusal: true })],
  ])("%s", async (_what, rings, handler) => {
    const { stderr, stdout } = await run(["deploy"], { handler, isTTY: true });
    expect(stderr.endsWith("\u0007")).toBe(rings);
    expect(stdout).toBe("");
    expect((await run(["deploy"], { handler })).stderr).not.toContain("\u0007");
  });

  it("is silent for wrong usage, on a terminal too", async () => {
    for (const argv of [[], ["nosuch"], ["deploy", "--nosuch"]])
      expect((await run(argv, { isTTY: true })).stderr).not.toContain("\u0007");
  });

  it("passes the status of a command on (case 40)", async () => {
    expect((await run(["deploy"], { handler: async () => 5 })).status).toBe(5);
  });
});

describe("runCli", () => {
  it("asks for a command and ends with 1 when there is none", async () => {
    const { status, stderr } = await run([]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/a command is required/);
  });

  it("suggests the nearest command and ends with 2 (cli W20)", async () => {
    const { status, stderr } = await run(["deplyo"]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/Did you mean 'deploy'\?/);
  });

  it("leaves hidden commands out of help and suggestions (cli W20)", async () => {
    expect((await run(["--help"])).stdout).not.toMatch(/secret/);
    expect((await run(["secrt"])).stderr).not.toMatch(/'secret'/);
    expect((await run(["secret"])).status).toBe(0);
  });

  it("leaves hidden options out of help and completion, and takes them", async () => {
    expect((await run(["install", "--help"])).stdout).not.toContain("--as-child");
    const env = { _COMPLETION: "1" };
    expect((await run(["--_completion=install --"], { env })).stdout).not.toContain("--as-child");
    expect((await run(["install", "--as-child"])).status).toBe(0);
  });

  it("shows the help of a command with its examples", async () => {
    const { status, stdout } = await run(["deploy", "-h"]);
    expect(status).toBe(0);
    expect(stdout).toContain("Usage: scap deploy [options]");
    expect(stdout).toContain("scap deploy 'fix'");
    expect(stdout).toContain("--no-log-message");
  });

  it("runs an action of a command and passes its status on (cli W14)", async () => {
    expect((await run(["targets", "list"])).status).toBe(3);
    expect((await run(["targets", "lst"])).stderr).toMatch(/Did you mean 'list'\?/);
    expect((await run(["targets"])).status).toBe(2);
  });

  it("prints an expected error with its hint, without a stack", async () => {
    const handler: Handler = async () => {
      throw new CliError("No scap.cfg in /x", { code: "NO_CONFIG", exitCode: 1, hint: "Create one." });
    };
    const { status, stderr } = await run(["deploy"], { handler });
    expect(status).toBe(1);
    expect(stderr).toBe("scap: No scap.cfg in /x\nCreate one.\n");
  });

  it("calls anything else a bug, with 70 and the stack only under --verbose", async () => {
    const handler: Handler = async () => {
      throw new TypeError("x is undefined");
    };
    const quiet = await run(["deploy"], { handler });
    expect(quiet.status).toBe(70);
    expect(quiet.stderr).not.toMatch(/ at /);
    expect((await run(["deploy", "-v"], { handler })).stderr).toMatch(/ at /);
  });

  it("does not take a command's own -v for --verbose", async () => {
    const handler: Handler = async () => {
      throw new CliError("There is no 9.9", { code: "OTHER_VERSION", exitCode: 2 });
    };
    expect((await run(["install", "-v", "9.9"], { handler })).stderr).toBe("scap: There is no 9.9\n");
  });

  it("answers the completion protocol only when it is switched on", async () => {
    const env = { _COMPLETION: "1" };
    expect((await run(["--_completion=dep"], { env })).stdout).toBe("deploy \n");
    expect((await run(["--_completion=deploy -s f"], { env })).stdout).toBe("fetch \n");
    expect((await run(["--_completion=nosuch "], { env })).status).toBe(2);
    expect((await run(["--_completion=dep"])).status).toBe(2);
  });
});

describe("output that cannot be written", () => {
  const writeTo = async (error: NodeJS.ErrnoException): Promise<{ status: number; stderr: string }> => {
    const stdout = new Writable({ write: (_chunk, _encoding, done) => done(error) });
    const stderr = new PassThrough();
    const handler: Handler = async ({ stdout: output }) => {
      output.write("answer");
      await new Promise((resolve) => setImmediate(resolve));
      output.write("more");
      return 0;
    };
    const commands = [{ name: "say", summary: "Say it", handler: async () => handler }];
    const io = { stdin: new PassThrough(), stdout, stderr, env: {}, cwd: "/" };
    const status = await runCli({ program: "scap", about: "", commands, argv: ["say"], io });
    return { status, stderr: String(stderr.read() ?? "") };
  };

  it("does not end the program when the reader has left", async () => {
    const error = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
    expect(await writeTo(error)).toEqual({ status: 0, stderr: "" });
  });

  it("is told when there is another reason, and the command has failed", async () => {
    const error = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    expect(await writeTo(error)).toEqual({
      status: 1,
      stderr: "scap: Cannot write to standard output: no space left on device\n",
    });
  });
});
