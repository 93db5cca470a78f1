import { LabError } from "./errors.ts";

const MAX_HOSTS = 1000;

/** Resolves the `hosts` option to names. @throws {LabError} `BAD_OPTION` */
export function hostNames(hosts: number | readonly string[]): readonly string[] {
  const names = typeof hosts === "number" ? numberedNames(hosts) : hosts;
  if (names.length > MAX_HOSTS) {
    throw new LabError("BAD_OPTION", `A lab has at most ${MAX_HOSTS} hosts, not ${names.length}`);
  }
  for (const name of names) assertName(name);
  if (new Set(names).size !== names.length) {
    throw new LabError("BAD_OPTION", "Two hosts of a lab have the same name");
  }
  return names;
}

function numberedNames(count: number): string[] {
  if (!Number.isSafeInteger(count) || count < 1 || count > MAX_HOSTS) {
    throw new LabError("BAD_OPTION", `The number of hosts must be between 1 and ${MAX_HOSTS}, not ${count}`);
  }
  return Array.from({ length: count }, (_, index) => `web${index + 1}`);
}

/** Names become directories, words in configuration files and host names, so they are kept simple. */
function assertName(name: string): void {
  if (/^[a-z0-9]([a-z0-9.-]{0,60}[a-z0-9])?$/.test(name) && !name.includes("..")) return;
  throw new LabError("BAD_OPTION", `"${name}" cannot name a host`, {
    hint: "Use lower-case letters, digits, dots and hyphens.",
  });
}
