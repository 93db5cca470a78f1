import { join } from "node:path";
import type { ParsedKey } from "ssh2";
import { LabError } from "../errors.ts";
import { execOnHost } from "../exec-on-host.ts";
import type { LabHost } from "../lab.ts";
import { describeProcess, processCpuMs, signalAll, stopAll } from "../process-table.ts";
import { createHostEnvironment, type HostEnvironment } from "./host-environment.ts";
import { markedPids } from "./marker.ts";
import { createSshServer, type EmbeddedSshServer } from "./ssh-server.ts";

/** What one embedded host is made from. */
export interface EmbeddedHostOptions {
  readonly name: string;
  readonly labId: string;
  readonly directory: string;
  readonly user: string;
  readonly hostKey: string;
  readonly clientKey: ParsedKey;
  readonly path: string;
  readonly scapConfig: Readonly<Record<string, string>>;
}

/** Makes the host's files and starts its SSH server. */
export async function startEmbeddedHost(options: EmbeddedHostOptions): Promise<LabHost> {
  const marker = `${options.labId}/${options.name}`;
  const root = join(options.directory, "hosts", options.name);
  const { path, scapConfig, hostKey, clientKey, user } = options;
  const environment = await createHostEnvironment({ root, marker, path, scapConfig });
  const server = createSshServer({ hostKey, clientKey, user, environment });
  await server.start();
  return embeddedHost({ name: options.name, marker, user, environment, server });
}

interface Parts {
  readonly name: string;
  readonly marker: string;
  readonly user: string;
  readonly environment: HostEnvironment;
  readonly server: EmbeddedSshServer;
}

function embeddedHost({ name, marker, user, environment, server }: Parts): LabHost {
  const processes: LabHost["processes"] = async () =>
    markedPids(marker)
      .map(describeProcess)
      .filter((one) => one !== undefined);
  return {
    name,
    address: "127.0.0.1",
    port: server.port,
    root: environment.root,
    deployDir: environment.deployDir,
    exec: async (argv, options = {}) => {
      if ((options.user ?? user) !== user) throw unsupported(name, `logins other than ${user}`);
      return execOnHost(argv, { ...options, cwd: environment.home, env: environment.env });
    },
    outside: (path) => path,
    processes,
    connectionCount: async () => server.connectionCount,
    cpuMs: async () =>
      markedPids(marker)
        .map(processCpuMs)
        .reduce((sum, time) => sum + time, 0),
    kill: async (match, signal = "SIGKILL") => {
      const matching = (await processes()).filter((one) => one.command.includes(match));
      return signalAll(
        matching.map((one) => one.pid),
        signal,
      );
    },
    killServer: () => server.stop(),
    startServer: () => server.start(),
    pause: () => stopAll(() => markedPids(marker)),
    resume: async () => {
      signalAll(markedPids(marker), "SIGCONT");
    },
    cut: async () => server.setCut(true),
    restore: async () => server.setCut(false),
    fillDisk: async () => {
      throw unsupported(name, "a disk of their own");
    },
    freeDisk: () => Promise.resolve(),
    shape: async () => {
      throw unsupported(name, "delay and loss");
    },
  };
}

function unsupported(name: string, what: string): LabError {
  return new LabError("NOT_SUPPORTED", `${name} is an embedded host, and these do not have ${what}`, {
    hint: "Use a real lab (startRealLab, or scap lab up --real); it needs root.",
  });
}
