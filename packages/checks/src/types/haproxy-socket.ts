import { connect } from "node:net";

/** Where HAProxy's runtime socket listens. */
export type SocketAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** A server as `show stat` tells it. */
export interface ServerState {
  /** `UP`, `DOWN`, `DRAIN`, `MAINT`, `no check`, and steps in between such as `UP 1/3`. */
  readonly status: string;
  /** Sessions and requests that wait for the server. */
  readonly sessions: number;
}

/** What an administrator, or a hook, wants of a server. */
export type AdminState = "ready" | "drain" | "maint";

/** `host:port`, or the path of a UNIX socket. */
export function parseSocketAddress(text: string): SocketAddress {
  const [, host, port] = /^([^/]+):(\d+)$/.exec(text) ?? [];
  return host === undefined ? { path: text } : { host, port: Number(port) };
}

/** Sends one command to the runtime socket. @returns all of the answer */
export async function askHaproxy(
  address: SocketAddress,
  command: string,
  signal: AbortSignal,
): Promise<string> {
  const socket = connect({ ...address, signal });
  socket.setEncoding("utf8");
  let answer = "";
  // HAProxy closes the connection after the answer to the only command.
  socket.write(`${command}\n`);
  for await (const text of socket) answer += String(text);
  return answer;
}

/** Finds `backend/server` in the CSV of `show stat`; undefined when it is not there. */
export function readServerState(csv: string, server: string): ServerState | undefined {
  const [head = "", ...rows] = csv
    .replace(/^# /, "")
    .split("\n")
    .map((line) => line.split(","));
  const field = (row: readonly string[], name: string): string => row[head.indexOf(name)] ?? "";
  const row = rows.find((each) => `${field(each, "pxname")}/${field(each, "svname")}` === server);
  if (row === undefined) return undefined;
  const count = (name: string): number => Number(field(row, name)) || 0;
  return { status: field(row, "status"), sessions: count("scur") + count("qcur") };
}

/** Bits of `srv_admin_state`: set on the socket or in the configuration, not inherited from another server. */
const MAINTENANCE_BITS = 1 | 4;
const DRAIN_BIT = 8;

/**
 * Finds what is wanted of a server in the answer to `show servers state`; undefined when it is not there. Its status does
 * not tell: that of a server without health is `DOWN`, drained or not.
 */
export function readAdminState(text: string, backend: string, server: string): AdminState | undefined {
  const rows = text.split("\n").map((line) => line.replace(/^# /, "").split(" "));
  const head = rows.find((row) => row.includes("srv_admin_state")) ?? [];
  const field = (row: readonly string[], name: string): string => row[head.indexOf(name)] ?? "";
  const row = rows.find((each) => field(each, "be_name") === backend && field(each, "srv_name") === server);
  if (row === undefined) return undefined;
  const bits = Number(field(row, "srv_admin_state"));
  if ((bits & MAINTENANCE_BITS) !== 0) return "maint";
  return (bits & DRAIN_BIT) === 0 ? "ready" : "drain";
}
