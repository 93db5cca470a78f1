import { fittingRuntime } from "../delivery/fitting-runtime.ts";
import { storeParcel, type Parcel } from "../delivery/parcel.ts";
import type { Runtimes } from "../delivery/runtimes.ts";
import { TransferGate, TRANSFERS_AT_ONCE } from "../worker/transfer-gate.ts";
import { workerParcel, type WorkerFile } from "../delivery/worker-delivery.ts";
import { noteScript, type InstalledFacts } from "./installed-script.ts";
import { change, look, onHosts, type InstallOptions, type InstallResult } from "./work-on-hosts.ts";

/** What is put on hosts. */
export interface InstallWorldOptions extends InstallOptions {
  readonly version: string;
  readonly workerFile: WorkerFile;
  readonly runtimes: Runtimes;
}

/** Puts `deploy-local`, and a Node where there is none, on hosts ahead of time. What is there is not sent again. */
export async function installHosts(options: InstallWorldOptions): Promise<InstallResult[]> {
  const gate = new TransferGate(TRANSFERS_AT_ONCE);
  return onHosts(options, async (host, connection) => {
    const facts = await look(host, connection);
    const parcels = [...(await runtimeFor(host, facts, options.runtimes)), workerParcel(options.workerFile)];
    const sent: string[] = [];
    for (const parcel of parcels) {
      if (await gate.run(() => storeParcel(host, connection, parcel))) sent.push(parcel.label);
    }
    await change(
      host,
      connection,
      noteScript(
        options.version,
        parcels.map(({ name }) => name),
      ),
    );
    return { sent, removed: [], installed: await look(host, connection) };
  });
}

/** Tells what is installed on hosts. Changes nothing. */
export async function listInstalled(options: InstallOptions): Promise<InstallResult[]> {
  return onHosts(options, async (host, connection) => ({
    ...{ sent: [], removed: [] },
    installed: await look(host, connection),
  }));
}

async function runtimeFor(host: string, facts: InstalledFacts, runtimes: Runtimes): Promise<Parcel[]> {
  if (facts.hasOwnNode) return [];
  if (runtimes.mode === "never" && facts.files.some(({ name }) => name.startsWith("node-"))) return [];
  return [await fittingRuntime(host, runtimes, async () => facts.platform)];
}
