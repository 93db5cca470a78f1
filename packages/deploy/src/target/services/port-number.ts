import { coerceText } from "@scap/config";

import { TargetWorkError } from "../target-error.ts";

/** Reads `service_port`. @throws TargetWorkError `BAD_PORT` */
export function parsePort(text: string): number {
  // Whatever the configuration takes for an integer, `+8_080` too.
  const read = coerceText("int", text);
  const port = read.ok ? Number(read.value) : 0;
  if (port > 0 && port < 65_536) return port;
  throw new TargetWorkError(`service_port: ${JSON.stringify(text)} is not a port number`, {
    code: "BAD_PORT",
    hint: "Give a number from 1 to 65535.",
  });
}
