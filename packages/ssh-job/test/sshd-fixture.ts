import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, appendFileSync, mkdirSync } from "node:fs";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Whether a real sshd can be started here; tests that need it say so loudly when it cannot. */
export const hasSshd: boolean = canRun("/usr/sbin/sshd") && canRun("/usr/bin/ssh-keygen");

/** For the titles of such tests. */
export const sshdNote: string = hasSshd ? "" : " NOT RUN: needs openssh-server";

/** A real sshd on a port of 127.0.0.1, with a temporary directory of its own. */
export interface Sshd {
  readonly directory: string;
  readonly port: number;
  readonly user: string;
  /** The private key that may log in. */
  readonly identityFile: string;
  /** Holds the server's key under `[127.0.0.1]:port` and the names that `knownAs` gave. */
  readonly knownHostsFile: string;
  /** Process id of the listening sshd. */
  readonly pid: number;
  /** Options for `createSshPool` that reach it under any host name. */
  readonly poolOptions: {
    readonly user: string;
    readonly identityFiles: readonly string[];
    readonly knownHostsFiles: readonly string[];
    readonly agent: false;
    readonly resolve: () => { address: string; port: number };
  };
  /** Puts the server's key on file under more names. */
  knownAs(...names: string[]): Promise<void>;
  /** Makes a new host key and restarts the server on the same port. */
  changeHostKey(): Promise<void>;
  /** What it has logged. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** What differs from a plain server. */
export interface SshdOptions {
  /** More lines of sshd_config. */
  readonly config?: readonly string[];
  readonly hostKeyType?: "ed25519" | "ecdsa" | "rsa";
  /** Host names under which the key is put on file. @defaultValue ["host1"] */
  readonly names?: readonly string[];
}

/** Starts a server and waits until it listens. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const directory = await mkdtemp(join(tmpdir(), "ssh-job-sshd-"));
  mkdirSync("/run/sshd", { recursive: true });
  const port = await freePort();
  const user = userInfo().username;
  const paths = {
    hostKey: join(directory, "host_key"),
    identity: join(directory, "id"),
    known: join(directory, "known_hosts"),
    log: join(directory, "sshd.log"),
  };
  await keygen(paths.hostKey, options.hostKeyType ?? "ed25519");
  await keygen(paths.identity, "ed25519");
  await writeFile(join(directory, "authorized_keys"), await readFile(`${paths.identity}.pub`), {
    mode: 0o600,
  });
  await writeFile(join(directory, "sshd_config"), configText(directory, port, options.config ?? []));
  let child = await listen(directory, paths.log);

  const knownAs = async (...names: string[]): Promise<void> => {
    const [type, key] = (await readFile(`${paths.hostKey}.pub`, "utf8")).split(" ");
    const lines = names.map((name) => `[${name}]:${port} ${type} ${key}\n`);
    await appendFile(paths.known, lines.join(""));
  };
  await knownAs("127.0.0.1", ...(options.names ?? ["host1"]));

  return {
    directory,
    port,
    user,
    identityFile: paths.identity,
    knownHostsFile: paths.known,
    get pid() {
      return child.pid ?? 0;
    },
    poolOptions: {
      user,
      identityFiles: [paths.identity],
      knownHostsFiles: [paths.known],
      agent: false,
      resolve: () => ({ address: "127.0.0.1", port }),
    },
    knownAs,
    changeHostKey: async () => {
      await end(child);
      await rm(paths.hostKey);
      await rm(`${paths.hostKey}.pub`);
      await keygen(paths.hostKey, options.hostKeyType ?? "ed25519");
      child = await listen(directory, paths.log);
    },
    log: async () => await readFile(paths.log, "utf8"),
    stop: async () => {
      await end(child);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A port that nothing listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

/** Makes a key pair without passphrase, or with one. */
export async function keygen(path: string, type: string, passphrase = ""): Promise<void> {
  await run("ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-C", "test", "-f", path]);
}

function configText(directory: string, port: number, more: readonly string[]): string {
  // The first value of an option counts, so a test's own lines come first.
  return [
    ...more,
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${directory}/host_key`,
    `AuthorizedKeysFile ${directory}/authorized_keys`,
    `PidFile ${directory}/sshd.pid`,
    // What the shell of whoever runs the tests reads at its start may take time, or wait for a lock.
    `SetEnv HOME=${directory}`,
    "PermitRootLogin yes",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "StrictModes no",
    "UsePAM no",
    "LogLevel VERBOSE",
    "",
  ].join("\n");
}

async function listen(directory: string, log: string): Promise<ReturnType<typeof spawn>> {
  const child = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", `${directory}/sshd_config`], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      appendFileSync(log, chunk);
      if (text.includes("Server listening")) resolve();
    });
    child.once("exit", () => reject(new Error(`sshd did not start: ${text}`)));
  });
  return child;
}

async function end(child: ReturnType<typeof spawn>): Promise<void> {
  child.stderr?.removeAllListeners("data").resume();
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

function canRun(path: string): boolean {
  try {
    accessSync(path);
    return process.platform === "linux";
  } catch {
    return false;
  }
}
