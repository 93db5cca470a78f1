import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@scap/config";
import {
  countHosts,
  expandHosts,
  foldHosts,
  listDirectories,
  loadTargets,
  queryHosts,
  scapGroups,
  splitHosts,
  writeHostSet,
} from "@scap/targets";

console.log(expandHosts("web[1-3]!web2").join(" "));
console.log(foldHosts(["web3", "web1", "web2", "db1"]));
console.log(countHosts("web[1-1000000]"), splitHosts(3, "web[1-10]").join(" "));

const checkout = mkdtempSync(join(tmpdir(), "targets-example-"));
mkdirSync(join(checkout, "scap"));
writeFileSync(
  join(checkout, "scap", "scap.cfg"),
  `[global]
server_groups: canary, default
canary_dsh_targets: inline:web1
dsh_targets: inline:web[1-5],db1
group_size: 3
failure_limit: 25%
`,
);
const config = await loadConfig({ cwd: checkout });
const searchPath = await listDirectories(checkout, config.environment);
const targets = await loadTargets({ config, key: "dsh_targets", searchPath, limits: ["web*"] });
for (const group of targets.groups) {
  const parts = group.subgroups().map(({ label, hosts }) => `${label}=${foldHosts(hosts)}`);
  console.log(group.name, `${group.hosts.length}/${group.selectedOf}`, group.failureLimit, parts.join(" "));
}

const groups = scapGroups({ config, searchPath });
const { hosts } = await queryHosts("@default and not (@canary or web5)", { groups });
console.log(writeHostSet(hosts));
