import process from "node:process";

import { renderConfigFile, runWorker, sudoServiceManager } from "@scap/deploy";
import { createLogger, encodeRecord } from "@scap/log";

import { ownDeployDir, ownOptions, secondarySignalFile } from "./host-configuration.ts";

/** Serves a deploy server over standard input and output; see the worker protocol of the deploy package. */
export async function worker(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stop.abort());
  const logger = createLogger({
    name: "deploy-local",
    // Replies go the same way, so records are written at once to keep the order.
    sinks: [{ write: (record) => process.stdout.write(`${encodeRecord(record)}\n`), close: async () => {} }],
  });
  const status = await runWorker({
    input: process.stdin,
    output: process.stdout,
    stop: stop.signal,
    logger,
    services: sudoServiceManager(),
    render: renderConfigFile,
    ownDeployDir,
    secondarySignalFile,
    ownOptions,
    ownCommand: [process.execPath, process.argv[1] ?? ""],
  });
  // Work that could not be stopped would keep the process alive.
  process.stdout.write("", () => process.exit(status));
}
