import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Writable } from "node:stream";
import type { Transport } from "./transport.ts";

// Node.js cannot open datagram Unix sockets, which is what /dev/log and the journal are. Perl is part of every Debian
// system: it reads messages with a length in front and sends each as one datagram.
const BRIDGE = String.raw`
use strict; use Socket;
my $path = shift;
socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die "socket: $!\n";
binmode STDIN;
while (1) {
  my $head = take(4) // last;
  my $message = take(unpack("N", $head)) // last;
  send($s, $message, 0, sockaddr_un($path)) // print STDERR "$!\n";
}
sub take {
  my ($want, $data) = (shift, "");
  while (length($data) < $want) {
    my $got = sysread(STDIN, $data, $want - length($data), length($data));
    return undef unless $got;
  }
  return $data;
}
`;
const STEP_TIMEOUT_MS = 5000;

/** Sends datagrams to a Unix socket such as `/dev/log`, with the help of a small Perl process. */
export function unixDatagramTransport(path: string): Transport {
  let bridge: Bridge | undefined;
  return {
    send: async (message) => {
      if (!existsSync(path)) throw new Error(`there is no socket ${path}`);
      if (!bridge || bridge.process.exitCode !== null) bridge = openBridge(path);
      await bridge.send(message);
    },
    close: async () => {
      await bridge?.close();
    },
  };
}

interface Bridge {
  readonly process: ChildProcess;
  send(message: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

function openBridge(path: string): Bridge {
  const child = spawn("perl", ["-e", BRIDGE, path], { stdio: ["pipe", "ignore", "pipe"], env: {} });
  let failure: Error | undefined;
  child.on("error", (error) => (failure = new Error(`perl is needed to write to ${path}: ${error.message}`)));
  child.stdin.on("error", (error) => (failure = error));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (failure = new Error(text.trim())));
  child.unref();
  return {
    process: child,
    send: async (message) => {
      await writeFramed(child.stdin, message);
      const seen = failure;
      failure = undefined;
      if (seen) throw seen;
    },
    close: () => endBridge(child),
  };
}

function writeFramed(stdin: Writable, message: Uint8Array): Promise<void> {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(message.length);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the receiver does not read")), STEP_TIMEOUT_MS).unref();
    stdin.write(Buffer.concat([head, message]), (error) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    });
  });
}

function endBridge(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), 1000);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.stdin?.end();
  });
}
