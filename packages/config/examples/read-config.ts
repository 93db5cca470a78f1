import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, describeOrigin, loadConfig } from "@scap/config";

const checkout = mkdtempSync(join(tmpdir(), "config-example-"));
mkdirSync(join(checkout, "scap"));
const file = join(checkout, "scap", "scap.cfg");

writeFileSync(file, "[global]\ncache_revs: 3\ngroup_size: 20\n[deploy1.example]\ncache_revs: 7\n");
const config = await loadConfig({ cwd: checkout, fqdn: "deploy1.example", defines: ["umask:022"] });
for (const name of ["cache_revs", "group_size", "umask", "failure_limit"]) {
  console.log(name, config.get(name), describeOrigin(config.origin(name)).replace(`${checkout}/`, ""));
}

writeFileSync(file, "[global]\ncache_revs: many\nbatch_size: 0\n");
try {
  await loadConfig({ cwd: checkout, fqdn: "deploy1.example" });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.log(error.message.replaceAll(`${checkout}/`, ""));
}
