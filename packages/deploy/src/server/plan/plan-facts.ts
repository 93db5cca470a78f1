import { writeYaml, YamlPair } from "@scap/template";
import type { PublishedConfigFile, PublishedConfigFiles } from "../../deploy-info.ts";
import type { PlannedGroup, PlannedSubgroup } from "./plan.ts";
import type { PreparedDeployment } from "./prepare.ts";

/**
 * Everything that decides what a deployment does, one fact a line. Each says what it is about, so that a line which is
 * different tells by itself what has changed.
 */
export function planFacts({ info, plan, settings }: PreparedDeployment, force: boolean): string[] {
  const { connectTimeoutMs, deployTimeoutMs, stageTimeoutMs } = settings;
  return [
    `mode: ${plan.mode}${force ? ", forced" : ""}`,
    `repository: ${plan.repo}`,
    `environment: ${plan.environment ?? "none"}`,
    `commit: ${plan.commit}`,
    `transfer: ${plan.transfer}`,
    `timeouts: connect ${connectTimeoutMs} ms, stage ${stageTimeoutMs} ms, deployment ${deployTimeoutMs} ms`,
    ...plan.groups.flatMap(groupFacts),
    ...publishedFacts(info),
  ];
}

function groupFacts({ failureLimit, hosts, name, stages, subgroups, tasks = [] }: PlannedGroup): string[] {
  return [
    `group ${name}: ${failureLimit} of ${hosts.length} may fail`,
    ...stages.map(({ batchSize, stage }) => `group ${name}: ${stage}, ${batchSize} at once`),
    ...tasks.map((task) => `group ${name}: once ${task.when} ${task.stage}: ${task.name}`),
    ...subgroups.flatMap((subgroup) => leaseFacts(name, subgroup)),
    ...subgroups.flatMap(({ hosts: some, label }) => some.map((host) => `host ${host} in ${label}`)),
  ];
}

function leaseFacts(group: string, { label, lease }: PlannedSubgroup): string[] {
  if (lease === undefined) return [];
  const { confirmedBy, timeoutMs } = lease;
  return [`group ${group}: ${label} goes back after ${timeoutMs} ms without word, until ${confirmedBy}`];
}

/** What targets are told. The commit has a line of its own. */
function publishedFacts(info: PreparedDeployment["info"]): string[] {
  const { checks = {}, commit: _commit, config_files: files, git_rev: _revision, ...options } = info;
  return [
    ...Object.entries(options)
      .filter(([, value]) => value !== undefined && value !== null)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, value]) => valueFacts(`option ${name}`, value)),
    ...entriesOf(checks).flatMap(([name, check]) => partFacts(`check ${nameText(name)}`, check)),
    ...(files === undefined ? [] : configFacts(files)),
  ];
}

function configFacts({ files, override_vars: variables }: PublishedConfigFiles): string[] {
  const fileFacts = ({ name, ...parts }: PublishedConfigFile): string[] =>
    partFacts(`config file ${nameText(name)}`, parts);
  return [
    ...files.flatMap(fileFacts),
    ...entriesOf(variables).flatMap(([name, value]) => valueFacts(`variable ${nameText(name)}`, value)),
  ];
}

function partFacts(title: string, parts: unknown): string[] {
  return entriesOf(parts).flatMap(([name, value]) => valueFacts(`${title}: ${nameText(name)}`, value));
}

/** A line for each value at any depth, and for each line of a text. */
function valueFacts(title: string, value: unknown): string[] {
  if (typeof value === "string") return textFacts(title, value);
  if (value instanceof YamlPair) return valueFacts(title, [value.key, value.value]);
  const isContainer = Array.isArray(value) || value instanceof Map || isPlainObject(value);
  if (!isContainer) return [`${title}: ${writeYaml({ value }).slice("value: ".length).trimEnd()}`];
  const entries = entriesOf(value);
  if (entries.length === 0) return [`${title}: ${Array.isArray(value) ? "[]" : "{}"}`];
  return entries.flatMap(([name, each]) => valueFacts(`${title} > ${nameText(name)}`, each));
}

function textFacts(title: string, text: string): string[] {
  if (text.includes("\n")) return text.split("\n").map((line) => `${title} | ${line}`);
  const isPlain = /^[A-Za-z/][^"\\]*$/.test(text) && !/^(?:true|false|null)$/i.test(text);
  return [`${title}: ${isPlain ? text : JSON.stringify(text)}`];
}

/** A name that cannot be taken for what stands around it. */
function nameText(name: unknown): string {
  const text = typeof name === "string" ? name : writeYaml([name]).slice("- ".length).trimEnd();
  return typeof name === "string" && !/^[\w./@%+-]+$/.test(text) ? JSON.stringify(text) : text;
}

function entriesOf(value: unknown): [unknown, unknown][] {
  if (value instanceof Map) return [...value];
  if (Array.isArray(value)) return value.map((each, index) => [index + 1, each]);
  return isPlainObject(value) ? Object.entries(value) : [];
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
