import { visibleText } from "@scap/log";
import { foldHosts } from "@scap/targets";
import type { HostsReport } from "../server/doctor/check-hosts.ts";
import type { Finding } from "../server/doctor/finding.ts";
import { hosts as hostCount } from "../server/run/event-text.ts";

/** Details of hosts that are shown before the rest is only counted. */
const SHOWN = 3;

/** A report for people: each cause once, with its hosts and the command that repairs it. */
export function renderHostsReport(report: HostsReport): string {
  const { findings, hosts, ready } = report;
  const verdict = `${ready.length} of ${hostCount(hosts.length)} ready\n`;
  return visibleText([...findings.map(findingText), verdict].join(""));
}

function findingText({ cause, details, hosts, level, repair }: Finding): string {
  const where = hosts.length === 0 ? "" : `${foldHosts(hosts)} (${hosts.length}): `;
  const shown = details.slice(0, SHOWN).map(({ host, text }) => `    ${host}: ${text}\n`);
  const rest = details.length > SHOWN ? `    and ${details.length - SHOWN} more\n` : "";
  const fix =
    repair === undefined ? "" : `    ${level === "problem" ? "Repair" : "Ahead of time"}: ${repair}\n`;
  return `${level}: ${where}${cause}\n${shown.join("")}${rest}${fix}`;
}
