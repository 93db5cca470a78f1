import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { shellText } from "./command.ts";
import { remoteScript } from "./remote-script.ts";
import { watcherPipe, watcherScript } from "./watcher-script.ts";

describe.skipIf(process.platform !== "linux" && !process.env["CI"])(
  `the watcher of a connection${process.platform === "linux" ? "" : " NOT RUN: needs /proc"}`,
  () => {
    let children: ChildProcessWithoutNullStreams[];
    let watcher: ChildProcessWithoutNullStreams;
    let pipe: string;

    beforeEach(async () => {
      children = [];
      watcher = start("/bin/sh", watcherScript("here"));
      const pid = /^here (\d+)\n$/.exec(await saidBy(watcher))?.[1] ?? "none";
      pipe = watcherPipe(pid);
    });
    afterEach(() => {
      for (const child of children) signalGroup(child, "SIGKILL");
    });

    /** As sshd starts it: in a session of its own, with a stream for its input. */
    const start = (shell: string, script: string): ChildProcessWithoutNullStreams => {
      const child = spawn(shell, ["-c", script], { detached: true, stdio: "pipe" });
      child.stdin.on("error", () => undefined);
      children.push(child);
      return child;
    };
    const command = (id: number, text: string): ChildProcessWithoutNullStreams => {
      const script = remoteScript(shellText(text), { stdin: "none" });
      return start("/bin/sh", script.watchedText?.({ pipe, id }) ?? "");
    };
    const expectGone = (child: ChildProcessWithoutNullStreams): Promise<void> =>
      expect.poll(() => signalGroup(child, 0), { timeout: 20_000 }).toBe(false);

    it("ends the groups of all commands when its input ends, also of one that ignores SIGTERM", async () => {
      const plain = command(1, "sleep 320 & echo up; wait");
      const stubborn = command(2, "trap '' TERM; echo up; while :; do sleep 1; done");
      await Promise.all([saidBy(plain), saidBy(stubborn)]);
      watcher.stdin.end();
      await Promise.all([expectGone(plain), expectGone(stubborn), once(watcher, "exit")]);
    });

    it("leaves alone what a command left behind that is over, whether or not it has been told", async () => {
      const told = command(1, "sleep 321 >/dev/null 2>&1 & echo up");
      const untold = command(2, "sleep 322 >/dev/null 2>&1 & echo up");
      await Promise.all([once(told, "exit"), once(untold, "exit")]);
      watcher.stdin.end("done 1\n");
      await once(watcher, "exit");
      expect([signalGroup(told, 0), signalGroup(untold, 0)]).toEqual([true, true]);
    });

    it("ends one command that is given up, and no other", async () => {
      const [given, other] = [command(1, "echo up; sleep 323"), command(12, "echo up; sleep 324")];
      await Promise.all([saidBy(given), saidBy(other)]);
      watcher.stdin.write("end 1\n");
      await expectGone(given);
      expect(signalGroup(other, 0)).toBe(true);
    });

    it("sends a signal to one command, and no other", async () => {
      const catching = "trap 'echo asked; exit 7' USR1; echo up; while :; do sleep 0.1; done";
      const [asked, other] = [command(1, catching), command(12, catching)];
      await Promise.all([saidBy(asked), saidBy(other)]);
      watcher.stdin.write("USR1 1\n");
      expect(await once(asked, "exit")).toEqual([7, null]);
      expect(other.exitCode).toBeNull();
    });

    it("sends a signal that was asked for before the command began", async () => {
      const earlier = command(1, "echo up; sleep 325");
      await saidBy(earlier);
      watcher.stdin.write("TERM 2\nTERM 1\n");
      await once(earlier, "exit");
      const late = command(2, "while :; do sleep 0.1; done");
      expect(await once(late, "exit")).toEqual([null, "SIGTERM"]);
    });

    it("runs a line of shell", async () => {
      const child = command(1, "echo up; sleep 327");
      await saidBy(child);
      watcher.stdin.write(`run kill -s KILL -- -${child.pid}\n`);
      expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
    });

    it("lets nothing of a group survive that has got a signal", async () => {
      const child = command(1, "(trap '' TERM; while :; do sleep 0.1; done) & echo up; wait");
      await saidBy(child);
      watcher.stdin.write("TERM 1\n");
      await once(child, "exit");
      watcher.stdin.write("done 1\n");
      await expectGone(child);
    });

    it("takes the end of its own shells for the end of nothing else", async () => {
      const child = command(1, "echo up; sleep 326");
      await saidBy(child);
      signalGroup(watcher, "SIGKILL");
      await once(watcher, "close");
      expect(signalGroup(child, 0)).toBe(true);
    });
  },
);

async function saidBy(child: ChildProcessWithoutNullStreams): Promise<string> {
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  return chunk.toString();
}

/** Whether there is a process of the group to send it to. */
function signalGroup({ pid = 0 }: ChildProcessWithoutNullStreams, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}
