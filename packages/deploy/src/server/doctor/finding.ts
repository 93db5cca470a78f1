import { quoteShell } from "@scap/ssh-job";
import { foldHosts } from "@scap/targets";

/** Something about one host that is to be known before a deployment. */
export interface HostFinding {
  /** A problem makes the deployment or a rollback fail there; a note does not. */
  readonly level: "problem" | "note";
  /** Stable and upper case. */
  readonly code: string;
  /** One sentence; the same for every host with this cause. */
  readonly cause: string;
  /** What differs from host to host. */
  readonly detail?: string;
  /** The command that repairs it on hosts. */
  readonly repair?: (hosts: readonly string[]) => string;
}

/** What all problems have. */
export function problem(code: string, cause: string): Pick<HostFinding, "level" | "code" | "cause"> {
  return { level: "problem", code, cause };
}

/** A cause and all hosts that have it. */
export interface Finding {
  readonly level: "problem" | "note";
  readonly code: string;
  readonly cause: string;
  readonly hosts: readonly string[];
  readonly details: readonly { readonly host: string; readonly text: string }[];
  readonly repair?: string;
}

/** Puts equal causes of hosts together: problems first, those of most hosts first. */
export function foldFindings(
  found: readonly { readonly host: string; readonly finding: HostFinding }[],
): Finding[] {
  const groups = new Map<
    string,
    { first: HostFinding; hosts: string[]; details: { host: string; text: string }[] }
  >();
  for (const { finding, host } of found) {
    const key = `${finding.code} ${finding.cause}`;
    const group = groups.get(key) ?? { first: finding, hosts: [], details: [] };
    group.hosts.push(host);
    if (finding.detail !== undefined) group.details.push({ host, text: finding.detail });
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ details, first: { cause, code, level, repair }, hosts }) => ({
      ...{ level, code, cause, hosts, details },
      ...(repair === undefined ? {} : { repair: repair(hosts) }),
    }))
    .toSorted((a, b) => rank(a) - rank(b) || b.hosts.length - a.hosts.length);
}

function rank({ level }: Finding): number {
  return level === "problem" ? 0 : 1;
}

/** A command line that runs a command on hosts, as root with `--sudo`. */
export function runOn(hosts: readonly string[], command: string, flag: "--sudo" | "--safe"): string {
  return `scap run ${quoteShell(foldHosts(hosts))} ${quoteShell(command)} ${flag}`;
}

/** The option that selects hosts, or with `!` leaves them out: limits write ranges as `[1:3]`. */
export function limitTo(hosts: readonly string[], prefix: "" | "!" = ""): string {
  const patterns = limitPatterns(foldHosts(hosts)).map((pattern) => `${prefix}${pattern}`);
  return `-l ${quoteShell(patterns.join(","))}`;
}

function limitPatterns(folded: string): string[] {
  const parts = folded.split(/,(?![^[]*\])/);
  return parts.flatMap((part) => {
    const [, before, list, after] = /^([^[]*)\[([^\]]*)\]([^[]*)$/.exec(part) ?? [];
    if (list === undefined) return [part];
    return list.split(",").map((item) => {
      const range = item.includes("-") ? `[${item.replace("-", ":")}]` : item;
      return `${before ?? ""}${range}${after ?? ""}`;
    });
  });
}
