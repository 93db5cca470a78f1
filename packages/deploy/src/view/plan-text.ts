import { foldHosts } from "@scap/targets";
import { hosts as hostCount } from "../server/run/event-text.ts";
import type { DeployPlan, PlannedGroup, PlannedSubgroup } from "../server/plan/plan.ts";

/** A plan for people: what would happen where, in order. */
export function renderPlan(plan: DeployPlan): string {
  const environment = plan.environment === null ? "" : ` (${plan.environment})`;
  const way = plan.transfer === "ssh" ? "sent over SSH" : "fetched from git_server";
  const count = plan.groups.reduce((sum, group) => sum + group.hosts.length, 0);
  return [
    `${plan.repo}${environment}: ${plan.revision} = ${plan.commit}\n`,
    `${hostCount(count)}, revision ${way}\n`,
    ...plan.groups.map(groupText),
    plan.services === undefined ? "" : `\nServices handled after each switch: ${plan.services}\n`,
    plan.finalizes
      ? "\nThen finalize on every host that promoted it; on failure roll back, in reverse order.\n"
      : "",
  ].join("");
}

function groupText(group: PlannedGroup, index: number): string {
  const stages = group.stages
    .map(({ batchSize, stage }) => `${stage} (${Math.min(batchSize, group.hosts.length)} at once)`)
    .join(", ");
  const subgroups = group.subgroups.map(subgroupText);
  const limit = `${group.failureLimit} of ${hostCount(group.hosts.length)} may fail`;
  const tasks = group.tasks?.map(({ name, stage, when }) => `${name} ${when} ${stage}`) ?? [];
  const once = tasks.length === 0 ? "" : `   once, on one host: ${tasks.join(", ")}\n`;
  return `\n${index + 1}. ${group.name}: ${limit}\n${subgroups.join("")}   stages: ${stages}\n${once}`;
}

function subgroupText({ hosts, label, lease }: PlannedSubgroup): string {
  const line = `   ${label}: ${foldHosts(hosts)}\n`;
  if (lease === undefined) return line;
  const until = lease.confirmedBy === "finalize" ? "the deployment is done" : "they passed";
  return `${line}   they go back by themselves after ${lease.timeoutMs / 1000} s without word, until ${until}\n`;
}
