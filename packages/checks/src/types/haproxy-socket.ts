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
