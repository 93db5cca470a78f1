import { timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import type { Socket } from "node:net";
import { createServer } from "node:net";
import ssh2, { type AuthContext, type Connection, type ParsedKey } from "ssh2";
import type { HostEnvironment } from "./host-environment.ts";
import { serveSession } from "./ssh-session.ts";

/** What one embedded host's SSH server needs. */
export interface SshServerOptions {
  readonly hostKey: string;
  readonly clientKey: ParsedKey;
  readonly user: string;
  readonly environment: HostEnvironment;
}

/** An SSH server that can be stopped, started again and cut off. */
export interface EmbeddedSshServer {
  readonly port: number;
  readonly connectionCount: number;
  /** Listens; the port is chosen the first time and stays the same. */
  start(): Promise<void>;
  /** Closes the port and every connection at once. */
  stop(): Promise<void>;
  /** While cut off, nothing is read or written; connections stay open. */
  setCut(isCut: boolean): void;
}

const HOST = "127.0.0.1";
// One cipher that needs no separate MAC; every client of the last ten years has it.
const ALGORITHMS = { cipher: ["aes128-gcm@openssh.com" as const, "aes256-gcm@openssh.com" as const] };

/** Makes a server that is not listening yet. */
export function createSshServer(options: SshServerOptions): EmbeddedSshServer {
  const ssh = new ssh2.Server({ hostKeys: [options.hostKey], algorithms: ALGORITHMS, ident: "scap-lab" });
  ssh.on("connection", (connection) => serveConnection(connection, options));
  const sockets = new Set<Socket>();
  const state = { port: 0, connectionCount: 0, isCut: false };
  // A listener of its own, because a connection must be held back before the SSH server greets the client.
  const listener = createServer((socket) => {
    state.connectionCount++;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    if (state.isCut) hold(socket, true);
    ssh.injectSocket(socket);
  });
  return {
    get port() {
      return state.port;
    },
    get connectionCount() {
      return state.connectionCount;
    },
    start: async () => {
      if (listener.listening) return;
      listener.listen(state.port, HOST);
      await once(listener, "listening");
      const address = listener.address();
      if (typeof address === "object" && address !== null) state.port = address.port;
    },
    stop: async () => {
      if (!listener.listening) return;
      const closed = once(listener, "close");
      listener.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    setCut: (isCut) => {
      state.isCut = isCut;
      for (const socket of sockets) hold(socket, isCut);
    },
  };
}

/** Corked writes stay here, and paused reads fill the kernel's buffers: to the client the network is gone. */
function hold(socket: Socket, isHeld: boolean): void {
  if (isHeld) {
    socket.pause();
    socket.cork();
  } else {
    socket.uncork();
    socket.resume();
  }
}

function serveConnection(connection: Connection, options: SshServerOptions): void {
  connection.on("error", () => {});
  connection.on("authentication", (context) => authenticate(context, options));
  connection.on("ready", () => {
    connection.on("session", (accept) => serveSession(accept(), options.environment));
  });
}

function authenticate(context: AuthContext, { user, clientKey }: SshServerOptions): void {
  if (context.method !== "publickey" || context.username !== user) return context.reject(["publickey"]);
  if (!isSame(context.key.data, clientKey.getPublicSSH())) return context.reject(["publickey"]);
  // Without a signature the client only asks whether the key would do.
  if (context.signature === undefined || context.blob === undefined) return context.accept();
  // Unlike its type says, a failing verification may also return an error, which would read as true.
  const isVerified: unknown = clientKey.verify(context.blob, context.signature, context.hashAlgo);
  if (isVerified === true) return context.accept();
  return context.reject(["publickey"]);
}

function isSame(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
