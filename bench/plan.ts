/** How long planning takes for 10,000 hosts in 50 groups: configuration, host lists, limits, revision, checks, digest. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadConfig } from "@scap/config";
import { planFile, prepareDeployment } from "@scap/deploy";
import { median, timed } from "./deploy-measure.ts";
import { createRepository, SMALL_SIZE } from "./deploy-repository.ts";

const GROUPS = 50;
const HOSTS_A_GROUP = 200;
const ROUNDS = 9;

export async function run(): Promise<void> {
  const repository = await createRepository(["unused"], SMALL_SIZE);
  try {
    await writeGroups(repository.directory);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) times.push(await timed(() => plan(repository.directory)));
    console.log(
      `${GROUPS * HOSTS_A_GROUP} hosts in ${GROUPS} groups: first ${times[0]?.toFixed(0)} ms, ` +
        `then ${median(times.slice(1)).toFixed(0)} ms (goal < 300 ms)`,
    );
  } finally {
    await repository.remove();
  }
}

async function plan(checkout: string): Promise<void> {
  const request = { mode: "deploy", limits: [] } as const;
  const prepared = await prepareDeployment({
    checkout,
    config: await loadConfig({ cwd: checkout, fqdn: "deploy1.example" }),
    ...request,
  });
  const { lines } = planFile(prepared, { ...request, force: false, message: "benchmark" });
  if (lines.length < GROUPS * HOSTS_A_GROUP) throw new Error(`The plan has only ${lines.length} lines`);
}

async function writeGroups(directory: string): Promise<void> {
  const names = Array.from({ length: GROUPS }, (_, index) => `group${index}`);
  const options = names.map((name) => `${name}_dsh_targets: ${name}\n${name}_group_size: 50\n`).join("");
  await mkdir(join(directory, "scap"), { recursive: true });
  await writeFile(
    join(directory, "scap/scap.cfg"),
    `[global]\ngit_repo: bench/app\nserver_groups: ${names.join(", ")}\nfailure_limit: 5%\n${options}`,
  );
  for (const [index, name] of names.entries()) {
    const hosts = Array.from({ length: HOSTS_A_GROUP }, (_, host) => `web${index}-${host}.dc1.example\n`);
    await writeFile(join(directory, "scap", name), hosts.join(""));
  }
}
