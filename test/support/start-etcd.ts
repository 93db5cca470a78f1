import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether an etcd can be started here. */
export const haveEtcd: boolean = spawnSync("etcd", ["--version"]).status === 0;

/** A cluster of one member. It keeps its data in memory: a busy disk may take longer than leases last here. */
export async function startEtcd(): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const directory = mkdtempSync(join(memoryDirectory(), "scap-etcd-"));
  const [endpoint, peer] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  const etcd = spawn(
    "etcd",
    [
      ...["--data-dir", directory],
      ...["--listen-client-urls", endpoint, "--advertise-client-urls", endpoint],
      ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer],
      ...["--initial-cluster", `default=${peer}`],
    ],
    { stdio: "ignore" },
  );
  for (let attempt = 0; !(await isUp(endpoint)); attempt += 1) {
    if (attempt > 400) throw new Error("etcd does not start");
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  return {
    endpoint,
    stop: async () => {
      if (etcd.exitCode === null && etcd.signalCode === null) {
        const exited = once(etcd, "exit");
        etcd.kill("SIGKILL");
        await exited;
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function memoryDirectory(): string {
  try {
    accessSync("/dev/shm", constants.W_OK);
    return "/dev/shm";
  } catch {
    return tmpdir();
  }
}

async function isUp(endpoint: string): Promise<boolean> {
  return await fetch(`${endpoint}/health`).then(
    (response) => response.ok,
    () => false,
  );
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}
