import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Somebody whom records are sent to. */
export interface LogReceiver {
  readonly port: number;
  /** Resolves with everything that came, one text a datagram or a connection, once it meets the condition. */
  until(condition: (texts: readonly string[]) => boolean): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Texts that grow, and can be waited for. */
class Inbox {
  readonly texts: string[] = [];
  #changed = (): void => {};

  append(at: number, text: string): void {
    this.texts[at] = (this.texts[at] ?? "") + text;
    this.#changed();
  }

  async until(condition: (texts: readonly string[]) => boolean): Promise<readonly string[]> {
    while (!condition(this.texts)) await new Promise<void>((resolve) => (this.#changed = resolve));
    return this.texts;
  }
}

/** Receives datagrams. */
export async function receiveUdp(): Promise<LogReceiver> {
  const inbox = new Inbox();
  const socket = createSocket("udp4", (datagram) => inbox.append(inbox.texts.length, datagram.toString()));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    port: socket.address().port,
    until: (condition) => inbox.until(condition),
    close: async () => await new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** Receives connections; one that does not `read` leaves what it gets to the system's buffers. */
export async function receiveTcp({ read = true }: { readonly read?: boolean } = {}): Promise<LogReceiver> {
  const inbox = new Inbox();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    const at = inbox.texts.length;
    inbox.append(at, "");
    if (read) socket.setEncoding("utf8").on("data", (text: string) => inbox.append(at, text));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    until: (condition) => inbox.until(condition),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A running rsyslogd: its addresses by protocol, and the JSON of what came, by the cookie of its parser. */
export interface Rsyslog {
  readonly addresses: Readonly<Record<"tcp" | "udp" | "unix", string>>;
  /** Resolves with the records so far, once one of them meets the condition. */
  until(condition: (record: SyslogRecord) => boolean): Promise<readonly SyslogRecord[]>;
  close(): Promise<void>;
}

/** A record as rsyslogd understood it. */
export interface SyslogRecord {
  readonly priority: number;
  readonly json: Readonly<Record<string, unknown>>;
}

/** Why rsyslogd cannot be started here; undefined when it can. */
export const rsyslogObstacle: string | undefined =
  spawnSync("rsyslogd", ["-v"]).status === 0 ? undefined : "rsyslogd is not installed";

/** Starts rsyslogd of our own with a socket, UDP and TCP; its parser takes the JSON behind the cookie apart. */
export async function startRsyslog(): Promise<Rsyslog> {
  const directory = mkdtempSync(join(tmpdir(), "scap-rsyslog-"));
  const [out, socket, config] = ["out", "log.sock", "rsyslog.conf"].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const port = await freePort();
  writeFileSync(out, "");
  writeFileSync(config, rsyslogConfig({ directory, out, socket, port }));
  const daemon = spawn("rsyslogd", ["-n", "-f", config, "-i", join(directory, "pid")], { stdio: "ignore" });
  await changeIn(directory, () => existsSync(socket) || daemon.exitCode !== null);
  const read = (): SyslogRecord[] => readFileSync(out, "utf8").split("\n").slice(0, -1).map(readLine);
  return {
    addresses: {
      unix: `unix://${socket}`,
      udp: `udp://127.0.0.1:${port}`,
      tcp: `tcp://127.0.0.1:${port}`,
    },
    until: async (condition) => {
      await changeIn(directory, () => read().some(condition));
      return read();
    },
    close: async () => {
      const ended = once(daemon, "exit");
      if (daemon.exitCode === null && daemon.kill("SIGTERM")) await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function readLine(line: string): SyslogRecord {
  const [, priority, json] = /^(\d+) (.*)$/.exec(line) ?? [];
  return { priority: Number(priority), json: JSON.parse(json ?? "") as SyslogRecord["json"] };
}

function rsyslogConfig(
  paths: Readonly<Record<"directory" | "out" | "socket", string>> & { port: number },
): string {
  const { directory, out, port, socket } = paths;
  return `
global(workDirectory="${directory}" maxMessageSize="64k")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="${socket}" CreatePath="on" RateLimit.Interval="0")
module(load="imudp") input(type="imudp" address="127.0.0.1" port="${port}")
module(load="imtcp") input(type="imtcp" address="127.0.0.1" port="${port}")
module(load="mmjsonparse")
action(type="mmjsonparse")
template(name="parsed" type="string" string="%pri% %$!all-json%\\n")
if $parsesuccess == "OK" then action(type="omfile" file="${out}" template="parsed" asyncWriting="off" flushOnTXEnd="on")
`;
}

/** A port below those that the system gives away, so that nobody else gets it meanwhile. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

/** Resolves when the condition holds, which is looked at whenever something in the directory changes. */
async function changeIn(directory: string, condition: () => boolean): Promise<void> {
  for await (const _change of changes(directory)) if (condition()) return;
}

async function* changes(directory: string): AsyncGenerator<void> {
  const watcher = watch(directory);
  try {
    for (;;) {
      const change = once(watcher, "change");
      yield;
      await change;
    }
  } finally {
    watcher.close();
  }
}
