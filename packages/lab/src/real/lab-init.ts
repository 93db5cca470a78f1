import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { LabError } from "../errors.ts";
import type { LabControl } from "./control-files.ts";
import { systemPath } from "./system-command.ts";

/** The first process of a lab's namespaces. While it lives, the lab lives. */
export interface LabInit {
  /** Its id as seen from here. */
  readonly pid: number;
  /** Lets it build the network and start the hosts; resolves when all are on their way. */
  proceed(): Promise<void>;
  /** Ends it, and with it every process, mount, namespace and interface of the lab. */
  end(): Promise<void>;
}

/** What {@link startLabInit} passes on to the script. */
export interface LabInitOptions {
  readonly control: LabControl;
  readonly labId: string;
  readonly hasRelay: boolean;
  /** The lab's folder is removed when the owner dies. */
  readonly isTemporary: boolean;
  /** Owner of `git_deploy_dir`, as `uid:gid`. */
  readonly owner: string;
}

const UNSHARE = ["--net", "--mount", "--pid", "--ipc", "--fork", "--kill-child=KILL", "--mount-proc"];

/** Starts it and waits until its namespaces exist. @throws {LabError} `START_FAILED` */
export async function startLabInit(options: LabInitOptions): Promise<LabInit> {
  const { control, labId, hasRelay, isTemporary, owner } = options;
  const facts = [
    control.directory,
    labId,
    hasRelay ? "relay" : "direct",
    owner,
    isTemporary ? "temporary" : "kept",
  ];
  const argv = [...UNSHARE, "/bin/sh", control.script, ...facts];
  // Its own session: Ctrl-C at the terminal is for the owner, who ends the lab in order.
  const child = spawn("unshare", argv, { detached: true, env: { PATH: systemPath() }, stdio: "pipe" });
  child.stdin.on("error", () => {});
  const exited = once(child, "exit");
  exited.catch(() => {});
  const answers = listen(child);
  await answers.expect("up");
  return {
    pid: await firstChild(child.pid ?? 0),
    proceed: async () => {
      child.stdin.write("go\n");
      await answers.expect("started");
    },
    end: async () => {
      child.stdin.end();
      await exited;
    },
  };
}

interface Answers {
  expect(line: string): Promise<void>;
}

function listen(child: ChildProcessWithoutNullStreams): Answers {
  let complaints = "";
  child.stderr
    .setEncoding("utf8")
    .on("data", (text: string) => (complaints = (complaints + text).slice(-2000)));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const failed = once(child, "error").then(([error]) => Promise.reject(error as Error));
  failed.catch(() => {});
  return {
    expect: async (line) => {
      const next = await Promise.race([lines.next(), failed]);
      if (next.value === line) return;
      throw new LabError(
        "START_FAILED",
        `The real lab did not start: ${complaints.trim() || "no reason given"}`,
      );
    },
  };
}

/** `unshare` stays outside and forks the process that is number one inside. */
async function firstChild(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return Number(children.trim().split(" ")[0]);
}
