import { join } from "node:path";
import { startEmbeddedLab } from "../embedded/embedded-lab.ts";
import { LabError } from "../errors.ts";
import type { Lab, LabKind } from "../lab.ts";
import { startRealLab } from "../real/real-lab.ts";
import { identifyProcess } from "./process-identity.ts";
import {
  clearState,
  describeLab,
  type Failure,
  readJson,
  STATE_FILES,
  writeJson,
} from "./state-directory.ts";

/** What `labUp` leaves for the process that serves the lab. */
export interface LabRequest {
  readonly kind: LabKind;
  readonly hosts: number | readonly string[];
}

/** This module as others can import it, wherever a bundler has put it. */
export const SERVE_LAB_MODULE: string = import.meta.url;

/**
 * Runs the lab that the state directory asks for until a signal comes, then removes everything of it.
 *
 * @public The background process imports it by name.
 */
export async function serveLab(stateDirectory: string): Promise<void> {
  const stopped = nextSignal();
  const lab = await start(stateDirectory);
  if (lab === undefined) return;
  await stopped;
  await lab.close();
  await clearState(stateDirectory);
}

async function start(stateDirectory: string): Promise<Lab | undefined> {
  try {
    const request = await readJson<LabRequest>(stateDirectory, "request");
    if (request === undefined) throw new LabError("NO_LAB", `${stateDirectory} asks for no lab`);
    const directory = join(stateDirectory, STATE_FILES.lab);
    const lab = await startKind[request.kind]({ hosts: request.hosts, directory });
    await writeJson(stateDirectory, "state", describeLab(lab, identifyProcess(process.pid)));
    return lab;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const { code, message, hint } = error;
    await writeJson(stateDirectory, "failure", { code, message, ...(hint && { hint }) } satisfies Failure);
    return undefined;
  }
}

const startKind = { embedded: startEmbeddedLab, real: startRealLab };

function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => resolve());
  });
}
