import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { EXIT, type Invocation } from "@scap/cli";
import { loadConfig, OptionCatalogue, OPTIONS, type Config, type OptionSpec } from "@scap/config";
import { listDirectories, loadTargets } from "@scap/targets";
import { CONFIG_OPTIONS } from "../config-options.ts";
import { configRequest } from "../config-request.ts";
import { keptRuns, runDirectory } from "../fleet/run-record.ts";

const CATALOGUE = new OptionCatalogue([...OPTIONS, ...CONFIG_OPTIONS]);

/** More would only scroll past. */
const MAX_VALUES = 2_000;

const SOURCES: Readonly<Record<string, (invocation: Invocation) => Promise<readonly string[]>>> = {
  hosts: async (invocation) => (await targetsOf(invocation)).hosts,
  "host-sets": async (invocation) => {
    const { groups, hosts } = await targetsOf(invocation);
    return [...groups.map(({ name }) => `@${name}`), ...hosts];
  },
  "lab-hosts": labHosts,
  groups: async (invocation) => (await targetsOf(invocation)).groups.map(({ name }) => name),
  revisions,
  environments,
  options: async () => CATALOGUE.specs.map(({ name }) => name),
  definitions,
  logs: async ({ cwd }) =>
    (await readdir(join(cwd, "scap", "log"))).toReversed().map((file) => join("scap", "log", file)),
  runs: async ({ env }) => ["last", ...(await keptRuns(runDirectory(env))).toReversed()],
};

/** `scap complete-values`: never says why there is nothing to offer, since a person is typing. */
export async function runCompleteValues(invocation: Invocation): Promise<number> {
  const kind = invocation.word("kind") ?? "";
  const source = Object.hasOwn(SOURCES, kind) ? SOURCES[kind] : undefined;
  const values = (await source?.(invocation).catch(() => [])) ?? [];
  // A name with a line feed would be offered as two that do not exist.
  const fit = values.filter((value) => !/[\x00-\x1f\x7f]/.test(value)).slice(0, MAX_VALUES);
  invocation.stdout.write(fit.map((value) => `${value}\n`).join(""));
  return EXIT.ok;
}

async function targetsOf(invocation: Invocation): ReturnType<typeof loadTargets> {
  const config = await loadConfig(configRequest(invocation));
  refusePrograms(config);
  const searchPath = await listDirectories(invocation.cwd, config.environment);
  return await loadTargets({ config, key: "dsh_targets", searchPath, timeoutMs: 2_000 });
}

/** A key press must not run what a checkout names. */
function refusePrograms(config: Config): void {
  const lists = [...config.values].filter(([name]) => name.endsWith("dsh_targets"));
  if (lists.some(([, value]) => String(value).startsWith("exec:"))) throw new Error("an inventory program");
}

async function revisions({ cwd }: Invocation): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(
    "git",
    ["for-each-ref", "--sort=-creatordate", `--count=${MAX_VALUES}`, "--format=%(refname:short)"],
    { cwd, maxBuffer: 16 * 1024 * 1024, timeout: 2_000 },
  );
  return stdout.split("\n").filter((name) => name !== "");
}

async function environments({ cwd }: Invocation): Promise<readonly string[]> {
  return await readdir(join(cwd, "scap", "environments"));
}

/** `NAME:VALUE` for each value that is known, otherwise `NAME:`. */
async function definitions(invocation: Invocation): Promise<readonly string[]> {
  const found = await environments(invocation).catch(() => []);
  return CATALOGUE.specs.flatMap((spec) => {
    const values = spec.name === "environment" ? found : valuesOf(spec);
    return (values.length === 0 ? [""] : values).map((value) => `${spec.name}:${value}`);
  });
}

function valuesOf({ type, choices, words }: OptionSpec): readonly string[] {
  return choices ?? words ?? (type === "bool" ? ["true", "false"] : []);
}

async function labHosts(): Promise<readonly string[]> {
  const { labList } = await import("@scap/lab");
  return (await labList())?.hosts.map(({ name }) => name) ?? [];
}
