import { TargetWorkError } from "../target-error.ts";

/** Reads `service_port`. @throws TargetWorkError `BAD_PORT` */
export function parsePort(text: string): number {
  const port = /^\s*\d+\s*$/.test(text) ? Number(text) : 0;
  if (port > 0 && port < 65_536) return port;
  throw new TargetWorkError(`service_port: ${JSON.stringify(text)} is not a port number`, {
    code: "BAD_PORT",
    hint: "Give a number from 1 to 65535.",
  });
}
