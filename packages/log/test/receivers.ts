import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What arrived at a receiver, and its end. */
export interface Receiver {
  readonly port: number;
  /** Resolves with everything that arrived, once the condition holds. */
  until(condition: (messages: readonly Buffer[]) => boolean): Promise<readonly Buffer[]>;
  close(): Promise<void>;
}

/** Catches UDP datagrams. */
export async function udpReceiver(): Promise<Receiver> {
  const inbox = new Inbox();
  const socket = createSocket("udp4", (message) => inbox.add(message));
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    port: socket.address().port,
    until: (condition) => inbox.until(condition),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** Catches TCP connections, one message each; `read: false` never takes a byte. */
export async function tcpReceiver({ read = true }: { read?: boolean } = {}): Promise<Receiver> {
  const inbox = new Inbox();
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    if (!read) return void socket.pause();
    const at = inbox.add(Buffer.alloc(0));
    socket.on("data", (chunk) => inbox.append(at, chunk));
  });
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    until: (condition) => inbox.until(condition),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

class Inbox {
  readonly #messages: Buffer[] = [];
  #changed = (): void => undefined;

  add(message: Buffer): number {
    this.#messages.push(message);
    this.#changed();
    return this.#messages.length - 1;
  }

  append(at: number, chunk: Buffer): void {
    this.#messages[at] = Buffer.concat([this.#messages[at] ?? Buffer.alloc(0), chunk]);
    this.#changed();
  }

  async until(condition: (messages: readonly Buffer[]) => boolean): Promise<readonly Buffer[]> {
    while (!condition(this.#messages)) await new Promise<void>((resolve) => (this.#changed = resolve));
    return this.#messages;
  }
}

/** A running rsyslogd of our own. */
export interface Rsyslog {
  readonly socket: string;
  readonly port: number;
  /** Resolves with the lines that it wrote, once there are that many. */
  lines(count: number): Promise<string[]>;
  close(): Promise<void>;
}

export const hasRsyslog: boolean = spawnSync("rsyslogd", ["-v"]).status === 0;

/** Starts rsyslogd with a datagram socket, UDP and TCP, writing each message as `priority|tag|message`. */
export async function rsyslogReceiver(port: number): Promise<Rsyslog> {
  const directory = mkdtempSync(join(tmpdir(), "scap-rsyslog-"));
  const out = join(directory, "out.log");
  const socket = join(directory, "log.sock");
  writeFileSync(out, "");
  writeFileSync(join(directory, "rsyslog.conf"), rsyslogConfig({ directory, out, port, socket }));
  const child = spawn(
    "rsyslogd",
    ["-n", "-f", join(directory, "rsyslog.conf"), "-i", join(directory, "pid")],
    {
      stdio: "ignore",
    },
  );
  await changeIn(directory, () => existsSync(socket));
  return {
    socket,
    port,
    lines: async (count) => {
      const read = (): string[] => readFileSync(out, "utf8").split("\n").slice(0, -1);
      await changeIn(directory, () => read().length >= count);
      return read();
    },
    close: () => stopped(child, directory),
  };
}

interface RsyslogPaths {
  readonly directory: string;
  readonly out: string;
  readonly port: number;
  readonly socket: string;
}

function rsyslogConfig({ directory, out, port, socket }: RsyslogPaths): string {
  return `
global(workDirectory="${directory}" maxMessageSize="64k")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="${socket}" CreatePath="on")
module(load="imudp") input(type="imudp" address="127.0.0.1" port="${port}")
module(load="imtcp") input(type="imtcp" address="127.0.0.1" port="${port}")
template(name="t" type="string" string="%pri%|%syslogtag%|%msg%\\n")
action(type="omfile" file="${out}" template="t" asyncWriting="off" flushOnTXEnd="on")
`;
}

function stopped(child: ChildProcess, directory: string): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => {
      rmSync(directory, { recursive: true, force: true });
      resolve();
    });
    child.kill("SIGTERM");
  });
}

/** Resolves when the condition holds, looking again whenever something in the directory changes. */
export async function changeIn(directory: string, condition: () => boolean): Promise<void> {
  if (condition()) return;
  await new Promise<void>((resolve) => {
    const watcher = watch(directory, () => {
      if (!condition()) return;
      watcher.close();
      resolve();
    });
    if (!condition()) return;
    watcher.close();
    resolve();
  });
}
