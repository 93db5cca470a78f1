import { readFile } from "node:fs/promises";
import { workerFile, type WorkerFile } from "@scap/deploy";

/** The `deploy-local` that belongs to this command; the build puts it beside the command's own file. */
export async function loadWorkerFile(): Promise<WorkerFile> {
  return workerFile(await readFile(new URL("deploy-local.mjs", import.meta.url)));
}
