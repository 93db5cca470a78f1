import { renderTable } from "@scap/cli";
import type { InstalledFacts, InstallFailure, InstallResult } from "@scap/deploy";
import { visibleText } from "@scap/log";
import { foldHosts } from "@scap/targets";
import { countText } from "../count-text.ts";

/** A table of versions and files by the hosts that have them. */
export function renderInstalled(results: readonly InstallResult[]): string {
  const hostsOf = new Map<string, { row: readonly string[]; hosts: string[] }>();
  for (const { host, installed } of results) {
    for (const row of installed === undefined ? [] : rowsOf(installed)) {
      const key = row.join("\0");
      const known = hostsOf.get(key) ?? { row, hosts: [] };
      known.hosts.push(host);
      hostsOf.set(key, known);
    }
  }
  const rows = [...hostsOf.values()].map(({ hosts, row }) => [
    ...row,
    `${foldHosts(hosts)} (${hosts.length})`,
  ]);
  return visibleText(renderTable([["VERSION", "DEPLOY-LOCAL", "NODE", "SIZE", "HOSTS"], ...rows]));
}

/** One row for each installed version, and one for what deployments have brought besides. */
function rowsOf({ files, hasOwnNode, versions }: InstalledFacts): string[][] {
  const listed = new Set([...versions.values()].flat());
  const others = files
    .map(({ name }) => name)
    .filter((name) => !listed.has(name) && !name.startsWith("version-"));
  const groups: [string, readonly string[]][] = [...versions];
  if (others.length > 0 || groups.length === 0) groups.push(["-", others]);
  return groups.map(([version, names]) => {
    const present = files.filter(({ name }) => names.includes(name));
    const sum = (prefix: string): string =>
      present
        .filter(({ name }) => name.startsWith(prefix))
        .map(({ name }) => name.slice(prefix.length, prefix.length + 8))
        .join(" ") || "-";
    const megabytes = Math.round(present.reduce((bytes, file) => bytes + file.bytes, 0) / 1_000_000);
    const node = sum("node-");
    return [version, sum("deploy-local-"), node === "-" && hasOwnNode ? "own" : node, `${megabytes} MB`];
  });
}

/** What was done and what failed, equal results once. */
export function resultLines(results: readonly InstallResult[]): string[] {
  const hostsOf = new Map<string, string[]>();
  for (const result of results) {
    const text = resultText(result);
    if (text !== undefined) hostsOf.set(text, [...(hostsOf.get(text) ?? []), result.host]);
  }
  return [...hostsOf].map(([text, hosts]) => `${foldHosts(hosts)} (${hosts.length}): ${visibleText(text)}`);
}

function resultText({ failure, host, removed, sent }: InstallResult): string | undefined {
  if (failure !== undefined) return failureText(failure, host);
  if (sent.length > 0) return `sent ${sent.join(" and ")}`;
  return removed.length > 0 ? `removed ${countText(removed.length, "file")}` : undefined;
}

function failureText({ hint, message }: InstallFailure, host: string): string {
  const advice = hint === undefined ? "" : `\n    ${hint}`;
  return `failed: ${message.replaceAll(host, "the host")}${advice}`;
}
