import { LabError } from "./errors.ts";

/** Finds a host by its name. @throws {LabError} `UNKNOWN_HOST` */
export function findHost<Host extends { readonly name: string }>(hosts: readonly Host[], name: string): Host {
  const host = hosts.find((one) => one.name === name);
  if (host !== undefined) return host;
  const first = hosts.slice(0, 3).map((one) => one.name);
  throw new LabError("UNKNOWN_HOST", `The lab has no host ${name}`, {
    hint: `It has ${hosts.length}: ${first.join(", ")}${hosts.length > 3 ? ", …" : ""}`,
  });
}
