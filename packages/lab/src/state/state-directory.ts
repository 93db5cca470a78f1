import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { LabErrorCode } from "../errors.ts";
import type { Lab, LabHost, LabKind } from "../lab.ts";
import { isSameProcess, type ProcessIdentity } from "./process-identity.ts";

/** A lab that runs in the background, as its state file tells. */
export interface BackgroundLab {
  readonly kind: LabKind;
  readonly user: string;
  readonly sshConfigFile: string;
  readonly knownHostsFile: string;
  readonly identityFile: string;
  /** Variables that make a client's `ssh`, `git` and `scap` use this lab. */
  readonly env: Readonly<Record<string, string>>;
  readonly hosts: readonly BackgroundHost[];
  /** The process that the lab lives in. */
  readonly owner: ProcessIdentity;
}

/** One host of a lab in the background. */
export type BackgroundHost = Pick<LabHost, "name" | "address" | "port" | "root" | "deployDir">;

/** Why a lab did not come up, left by its process for the one that waits. */
export interface Failure {
  readonly code: LabErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/** The files of a state directory. Nothing else in it is ever touched. */
export const STATE_FILES = {
  request: "request.json",
  state: "state.json",
  failure: "failure.json",
  log: "lab.log",
  lab: "files",
} as const;

/** Where the lab of `scap lab` is unless told otherwise: `$XDG_STATE_HOME/scap/lab`. */
export function defaultStateDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const base = env["XDG_STATE_HOME"] || join(homedir(), ".local/state");
  return join(base, "scap/lab");
}

/** The lab that runs there; `undefined` when there is none, or only the remains of one. */
export async function readState(directory: string): Promise<BackgroundLab | undefined> {
  const state = await readJson<BackgroundLab>(directory, "state");
  return state !== undefined && isSameProcess(state.owner) ? state : undefined;
}

/** Reads one of our own files; `undefined` when it is not there. */
export async function readJson<T>(directory: string, file: keyof typeof STATE_FILES): Promise<T | undefined> {
  const text = await readFile(join(directory, STATE_FILES[file]), "utf8").catch(() => undefined);
  // Written by this package into a folder of the user's own.
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

/** Writes one of our own files, at once as a whole. */
export async function writeJson(
  directory: string,
  file: keyof typeof STATE_FILES,
  value: unknown,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, STATE_FILES[file]);
  await writeFile(`${path}.new`, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** Removes what a lab left. */
export async function clearState(directory: string): Promise<void> {
  await Promise.all(
    Object.values(STATE_FILES).map((name) => rm(join(directory, name), { recursive: true, force: true })),
  );
}

/** What of a lab is written down for others. */
export function describeLab(lab: Lab, owner: ProcessIdentity): BackgroundLab {
  const { kind, user, sshConfigFile, knownHostsFile, identityFile, env } = lab;
  const hosts = lab.hosts.map(({ name, address, port, root, deployDir }) => ({
    name,
    address,
    port,
    root,
    deployDir,
  }));
  return { kind, user, sshConfigFile, knownHostsFile, identityFile, env, hosts, owner };
}
