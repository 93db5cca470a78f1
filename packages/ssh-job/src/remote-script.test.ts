import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { shellText } from "./command.ts";
import { remoteScript } from "./remote-script.ts";

/** Login shells that users of hosts have. */
const SHELLS = ["dash", "bash", "zsh"];
const missing = SHELLS.filter((shell) => !canRun(shell)).join(", ");

/** As sshd starts it: in a session of its own, with a stream for its input. */
function start(
  shell: string,
  command: string,
  { onTestFinished }: TestContext,
  watcherPipe?: string,
): ChildProcessWithoutNullStreams {
  const script = remoteScript(shellText(command), { stdin: "none" });
  const watchedText = watcherPipe && script.watchedText?.({ pipe: watcherPipe, id: 5 });
  const child = spawn(shell, ["-c", watchedText ?? script.text], { detached: true, stdio: "pipe" });
  onTestFinished(() => void signalGroup(child, "SIGKILL"));
  return child;
}

describe.skipIf(missing !== "" && !process.env["CI"])(
  `the lifeline of a command${missing && ` NOT RUN: needs ${missing}`}`,
  () => {
    it.concurrent.for(SHELLS)("ends the group when the input ends, in %s", async (shell, context) => {
      const child = start(shell, "sleep 308 & echo up; wait", context);
      await once(child.stdout, "data");
      child.stdin.end();
      context.expect(await once(child, "exit")).toEqual([null, "SIGTERM"]);
      await context.expect.poll(() => signalGroup(child, 0), { timeout: 15_000 }).toBe(false);
    });

    it.concurrent.for(SHELLS)("sends the signal that is asked for, in %s", async (shell, context) => {
      const command = "trap 'echo asked; exit 7' USR1; echo up; while :; do sleep 0.1; done";
      const child = start(shell, command, context);
      await once(child.stdout, "data");
      child.stdin.write("USR1\n");
      context.expect(await once(child, "exit")).toEqual([7, null]);
    });

    it.concurrent.for(SHELLS)(
      "is not waited for, holds no output, and leaves what a command left behind on purpose, in %s",
      async (shell, context) => {
        const command = "(sleep 309 >/dev/null 2>&1 &); sleep 0.1 & wait; cat; echo done; exit 3";
        const child = start(shell, command, context);
        const said = text(child.stdout);
        context.expect(await once(child, "exit")).toEqual([3, null]);
        context.expect(await said).toBe("done\n");
        child.stdin.end();
        await context.expect.poll(() => commandsOf(child), { timeout: 15_000 }).toEqual(["sleep"]);
      },
    );

    it.concurrent.for(SHELLS)("is a watcher that it is announced to, in %s", async (shell, context) => {
      const directory = await mkdtemp(join(tmpdir(), "ssh-job-pipe-"));
      context.onTestFinished(() => rm(directory, { recursive: true }));
      const pipe = join(directory, "pipe");
      execFileSync("mkfifo", [pipe]);
      const heard = readFile(pipe, "utf8");
      const child = start(shell, "cat; echo done; exit 3", context, pipe);
      const said = text(child.stdout);
      context.expect(await once(child, "exit")).toEqual([3, null]);
      context.expect([await said, await heard]).toEqual(["done\n", `begin 5 ${child.pid}\n`]);
    });

    it.concurrent.for(SHELLS)("is its own where there is no watcher, in %s", async (shell, context) => {
      const child = start(shell, "echo up; sleep 309", context, "/proc/none/fd/9");
      const complaints = text(child.stderr);
      await once(child.stdout, "data");
      child.stdin.end();
      context.expect(await once(child, "exit")).toEqual([null, "SIGTERM"]);
      context.expect(await complaints).toBe("");
    });
  },
);

describe("a command with sudo", () => {
  let bin: string;

  // Stands for sudo: says as whom, and runs the rest.
  const SUDO =
    '#!/bin/sh\nwhile [ "$1" != -- ]; do as="$as $1"; shift; done\nshift; echo "sudo$as"; exec "$@"\n';

  beforeAll(async () => {
    bin = await mkdtemp(join(tmpdir(), "ssh-job-sudo-"));
    await writeFile(join(bin, "sudo"), SUDO, { mode: 0o755 });
  });
  afterAll(() => rm(bin, { recursive: true }));

  const startWithSudo = (command: string, sudo: boolean | string): ChildProcessWithoutNullStreams => {
    const script = remoteScript(shellText(command), { stdin: "none", sudo, env: { WORD: "it's" } });
    const env = { ...process.env, PATH: `${bin}:${process.env["PATH"]}` };
    return spawn("/bin/sh", ["-c", script.text], { detached: true, stdio: "pipe", env });
  };

  it.each([
    [true, "sudo -n"],
    ["www-data", "sudo -n -u www-data"],
  ])("runs all of `a && b` under one sudo, with its variables: %s (query W19)", async (sudo, said) => {
    const child = startWithSudo('echo "$WORD" && echo b', sudo);
    expect(await text(child.stdout)).toBe(`${said}\nit's\nb\n`);
  });

  it("ends as a whole when the input ends", async () => {
    const child = startWithSudo("sleep 310 & echo up; wait", true);
    await once(child.stdout, "data");
    child.stdin.end();
    expect(await once(child, "exit")).toEqual([null, "SIGTERM"]);
    await expect.poll(() => signalGroup(child, 0), { timeout: 15_000 }).toBe(false);
  });

  it.each(["", "-u", "a b", "a;id"])("refuses the user %j", (sudo) => {
    expect(() => startWithSudo("true", sudo)).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
  });
});

function canRun(shell: string): boolean {
  try {
    execFileSync(shell, ["-c", "exit 0"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Whether there is a process of the group to send it to. */
function signalGroup({ pid = 0 }: ChildProcessWithoutNullStreams, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

function commandsOf({ pid = 0 }: ChildProcessWithoutNullStreams): string[] {
  const lines = execFileSync("ps", ["-eo", "pgid=,comm="], { encoding: "utf8" }).split("\n");
  const words = lines.map((line) => line.trim().split(/\s+/));
  return words.filter(([group]) => Number(group) === pid).map(([, command = ""]) => command);
}
