import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { SshError } from "../errors.ts";
import { isYes } from "./ssh-config-value.ts";

/** Whether a name has an address. */
export type FindAddress = (name: string) => Promise<boolean>;

type Value = (key: string) => string | undefined;

/** Whether ssh_config asks for canonical names. */
export function isCanonicalised(value: Value): boolean {
  const word = value("canonicalizehostname");
  return isYes(word) || word?.toLowerCase() === "always";
}

/**
 * A short name with the first of `CanonicalDomains` below which it has an address, as `CanonicalizeHostname` asks for.
 * Names behind a proxy are left alone, unless it says `always`.
 *
 * @throws SshError `BAD_SSH_CONFIG` when there is none and `CanonicalizeFallbackLocal` is `no`, or when names of DNS
 *   aliases are to be followed
 */
export async function canonicalName(
  name: string,
  values: ReadonlyMap<string, readonly string[]>,
  findAddress: FindAddress = hasAddress,
): Promise<string> {
  const value: Value = (key) => values.get(key)?.[0];
  refuseAliases(values.get("canonicalizepermittedcnames") ?? []);
  const isBehindProxy = ["proxycommand", "proxyjump"].some((key) => (value(key) ?? "none") !== "none");
  if (isIP(name) !== 0 || (isBehindProxy && isYes(value("canonicalizehostname")))) return name;
  const dots = name.split(".").length - 1;
  if (dots > Number(value("canonicalizemaxdots") ?? 1)) return name;
  const domains = (values.get("canonicaldomains") ?? []).filter((domain) => domain !== "none");
  for (const domain of domains) {
    // The dot at the end keeps the resolver from adding domains of its own.
    if (await findAddress(`${name}.${domain}.`)) return `${name}.${domain}`;
  }
  if (isYes(value("canonicalizefallbacklocal") ?? "yes")) return name;
  throw new SshError(
    "BAD_SSH_CONFIG",
    `${name} has an address in none of CanonicalDomains: ${domains.join(" ")}`,
    {
      host: name,
      hint: "Check the spelling, or name the host with its domain.",
    },
  );
}

function refuseAliases(rules: readonly string[]): void {
  if (rules.length === 0 || rules[0]?.toLowerCase() === "none") return;
  throw new SshError("BAD_SSH_CONFIG", "ssh_config: CanonicalizePermittedCNAMEs is not supported", {
    hint: "Use transport openssh, which leaves ssh_config to the installed ssh.",
  });
}

async function hasAddress(name: string): Promise<boolean> {
  return await lookup(name).then(
    () => true,
    () => false,
  );
}
