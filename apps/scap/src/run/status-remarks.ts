import type { StaleProcess, StatusAnswer } from "@scap/deploy";
import { visibleText } from "@scap/log";
import { foldHosts } from "@scap/targets";

/** Names of files or processes that are listed before the rest is only counted. */
const LISTED = 8;

/** What is not as it should be, equal remarks of several answers once, one line each. */
export function remarkLines(answers: readonly StatusAnswer[]): string[] {
  const hostsOf = new Map<string, string[]>();
  for (const answer of answers) {
    for (const remark of remarksOf(answer)) {
      hostsOf.set(remark, [...(hostsOf.get(remark) ?? []), ...answer.hosts]);
    }
  }
  return [...hostsOf].map(
    ([remark, hosts]) => `${foldHosts(hosts)} (${hosts.length}): ${visibleText(remark)}\n`,
  );
}

function remarksOf(answer: StatusAnswer): string[] {
  const { configDrift, damage, edited, problem, staleProcesses, text, verdict } = answer;
  if (problem !== undefined) return [text];
  return [
    ...(verdict?.verdict === "bad"
      ? [`the live revision is marked bad: ${verdict.reason ?? "no reason given"}`]
      : []),
    ...damage,
    ...(edited === null ? ["git cannot tell whether the live tree was edited"] : []),
    ...list("edited in the live tree", edited ?? []),
    ...list("config differs from what was rendered", configDrift),
    ...staleRemarks(staleProcesses),
  ];
}

function staleRemarks(processes: readonly StaleProcess[]): string[] {
  const revisions = new Set(processes.map(({ revision }) => revision));
  return [...revisions].flatMap((revision) => {
    const own = processes.filter((each) => each.revision === revision);
    return list(`still running from ${revision.slice(0, 7)}`, [
      ...new Set(own.map(({ command }) => command)),
    ]);
  });
}

function list(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const rest = items.length > LISTED ? `, and ${items.length - LISTED} more` : "";
  return [
    `${title}: ${items
      .slice(0, LISTED)
      .map((item) => item.trim())
      .join(", ")}${rest}`,
  ];
}
