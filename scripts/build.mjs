// Builds everything that changed; sets the workspace up first where that was not done. With --js no declarations are
// made, which take most of the time: enough to run the commands.
import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import "./setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const env = {
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH}`,
  DO_NOT_TRACK: "1",
  TURBO_TELEMETRY_DISABLED: "1",
  ...(process.argv.includes("--js") ? { SCAP_BUILD: "js" } : {}),
};
const args = ["run", "build", "--output-logs=errors-only", "--log-order=grouped", "--no-update-notifier"];
const run = spawnSync(join(bin, "turbo"), args, {
  cwd: root,
  encoding: "utf8",
  env,
  stdio: ["ignore", "pipe", "pipe"],
});
if (run.status !== 0) {
  process.stderr.write(`${run.stdout}${run.stderr}`);
  process.exit(run.status ?? 1);
}
