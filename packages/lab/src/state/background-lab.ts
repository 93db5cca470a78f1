import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LabError } from "../errors.ts";
import { findHost } from "../find-host.ts";
import type { LabKind } from "../lab.ts";
import { signalOne } from "../process-table.ts";
import { isSameProcess } from "./process-identity.ts";
import type { LabRequest } from "./serve-lab.ts";
import {
  type BackgroundLab,
  clearState,
  defaultStateDirectory,
  type Failure,
  readJson,
  readState,
  STATE_FILES,
  writeJson,
} from "./state-directory.ts";

/** Where the background lab is. */
export interface StateOptions {
  /** @defaultValue `$XDG_STATE_HOME/scap/lab`, or `~/.local/state/scap/lab` */
  readonly stateDirectory?: string;
}

/** Options of {@link labUp}. */
export interface LabUpOptions extends StateOptions {
  /** Names, or how many: `3` is `web1`, `web2`, `web3`. */
  readonly hosts: number | readonly string[];
  /** @defaultValue `embedded` */
  readonly kind?: LabKind;
  /** Gives up after this many milliseconds. @defaultValue 60_000 */
  readonly timeoutMs?: number;
}

/** Options of {@link labShell}. */
export interface LabShellOptions extends StateOptions {
  readonly host: string;
  /** Words that `ssh` joins by blanks and the host's shell evaluates. @defaultValue a login shell */
  readonly command?: readonly string[];
}

/**
 * Starts a lab that outlives this process, and waits until its hosts can be reached.
 *
 * @throws {LabError} `LAB_RUNNING`, `START_FAILED`, and what starting a lab throws
 */
export async function labUp(options: LabUpOptions): Promise<BackgroundLab> {
  const stateDirectory = options.stateDirectory ?? defaultStateDirectory();
  if ((await readState(stateDirectory)) !== undefined) throw running(stateDirectory);
  await clearState(stateDirectory);
  const request: LabRequest = { kind: options.kind ?? "embedded", hosts: options.hosts };
  await writeJson(stateDirectory, "request", request);
  const server = await startServer(stateDirectory);
  const end = Date.now() + (options.timeoutMs ?? 60_000);
  while (Date.now() < end) {
    const lab = await readState(stateDirectory);
    if (lab !== undefined) return lab;
    if (await Promise.race([server.exited, sleep(20, false)])) throw await startFailure(stateDirectory);
  }
  throw await startFailure(stateDirectory);
}

/** Ends the lab in the background and waits until everything of it is gone; false when there was none. */
export async function labDown(options: StateOptions = {}): Promise<boolean> {
  const stateDirectory = options.stateDirectory ?? defaultStateDirectory();
  const lab = await readState(stateDirectory);
  if (lab !== undefined) {
    signalOne(lab.owner.pid, "SIGTERM");
    while (isSameProcess(lab.owner)) await sleep(20);
  }
  await clearState(stateDirectory);
  return lab !== undefined;
}

/** The lab in the background; `undefined` when there is none. */
export function labList(options: StateOptions = {}): Promise<BackgroundLab | undefined> {
  return readState(options.stateDirectory ?? defaultStateDirectory());
}

/**
 * Opens a shell or runs a command on a host, on this process's own standard streams; resolves to its exit status.
 *
 * @throws {LabError} `NO_LAB`, `UNKNOWN_HOST`
 */
export async function labShell(options: LabShellOptions): Promise<number> {
  const lab = await labList(options);
  if (lab === undefined) {
    throw new LabError("NO_LAB", "There is no lab", { hint: "Start one: scap lab up 3." });
  }
  const { name } = findHost(lab.hosts, options.host);
  const child = spawn("ssh", ["-F", lab.sshConfigFile, name, ...(options.command ?? [])], {
    stdio: "inherit",
  });
  const [code] = await once(child, "close");
  return typeof code === "number" ? code : 255;
}

/** `exited` becomes true when the serving process has ended. */
async function startServer(stateDirectory: string): Promise<{ readonly exited: Promise<true> }> {
  const { SERVE_LAB_MODULE } = await import("./serve-lab.ts");
  const code = `import { serveLab } from ${JSON.stringify(SERVE_LAB_MODULE)}; await serveLab(process.argv[1]);`;
  await mkdir(stateDirectory, { recursive: true });
  const log = await open(join(stateDirectory, STATE_FILES.log), "w");
  const argv = [...loaderOptions(process.execArgv), "--input-type=module", "--eval", code, stateDirectory];
  const child = spawn(process.execPath, argv, {
    detached: true,
    cwd: "/",
    stdio: ["ignore", log.fd, log.fd],
  });
  child.unref();
  await log.close();
  return { exited: once(child, "exit").then(() => true) };
}

/** The options by which this process loads modules (TypeScript from sources), without the rest, such as `--eval`. */
function loaderOptions(execArgv: readonly string[]): string[] {
  return execArgv.filter((option, index) => isLoader(option) || LOADERS.has(execArgv[index - 1] ?? ""));
}

const LOADERS = new Set(["--import", "--require", "-r"]);

function isLoader(option: string): boolean {
  return LOADERS.has(option) || option.startsWith("--import=") || option.startsWith("--require=");
}

async function startFailure(stateDirectory: string): Promise<LabError> {
  const failure = await readJson<Failure>(stateDirectory, "failure");
  if (failure !== undefined) {
    const { code, message, hint } = failure;
    return new LabError(code, message, hint === undefined ? {} : { hint });
  }
  const log = await readFile(join(stateDirectory, STATE_FILES.log), "utf8").catch(() => "");
  return new LabError("START_FAILED", `The lab did not start: ${log.trim() || "no reason given"}`);
}

function running(stateDirectory: string): LabError {
  return new LabError("LAB_RUNNING", `A lab is running already (${stateDirectory})`, {
    hint: "Look at it with scap lab ls, or end it with scap lab down.",
  });
}
