import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A child process that holds a lock and says line by line what happens to it. */
export interface LockProcessHandle {
  readonly child: ChildProcess;
  readonly pid: number;
  nextLine(): Promise<string>;
  /** Ends its input, which makes it release the lock, and waits for its end. */
  finish(): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

/** Starts the Python fixture, which locks with `fcntl.lockf`. */
export function startPythonLock(
  path: string,
  mode: "exclusive" | "shared",
  note?: string,
): LockProcessHandle {
  return start("python3", [fixture("python_lock.py"), path, mode, ...(note === undefined ? [] : [note])]);
}

function start(command: string, args: string[]): LockProcessHandle {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    pid: child.pid ?? 0,
    async nextLine() {
      const { value, done } = await lines.next();
      return done ? "" : value;
    },
    async finish() {
      child.stdin.end();
      await exited;
    },
    async kill(signal) {
      child.kill(signal);
      await exited;
    },
  };
}
