import { connect } from "node:net";
import { numberIn } from "../check-options.ts";
import type { Check } from "../check.ts";
import { attemptWithin } from "../attempt-within.ts";
import type { CheckAttempt, CheckContext, CheckType } from "../check-type.ts";

const DEFAULT_HOST = "127.0.0.1";

/** Connects to `host` (default 127.0.0.1) and `port`. */
export const tcpType: CheckType = {
  name: "tcp",
  summary: "connect to a TCP port",
  options: ["host", "port"],
  validate(check) {
    const host = check.options.get("host");
    return [
      ...(portOf(check) === undefined ? ["port must be a number from 1 to 65535"] : []),
      ...(host === undefined || typeof host === "string" ? [] : ["host must be a text"]),
    ];
  },
  prepare(check) {
    const port = portOf(check);
    if (port === undefined) throw new Error("port must be a number from 1 to 65535");
    const host = check.options.get("host");
    return (context) => connectOnce(typeof host === "string" ? host : DEFAULT_HOST, port, context);
  },
};

function portOf(check: Check): number | undefined {
  const port = numberIn(check.options.get("port"));
  return port !== undefined && Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

function connectOnce(host: string, port: number, context: CheckContext): Promise<CheckAttempt> {
  const { promise, finish } = attemptWithin(context);
  const socket = connect({ host, port });
  socket.once("connect", () => finish.pass(`connected to ${host}:${port}\n`));
  socket.once("error", (error) => finish.fail(`cannot connect to ${host}:${port}: ${error.message}`));
  return promise.finally(() => socket.destroy());
}
