// Installs what the workspace needs with nothing but Node and npm on the machine. Does nothing when that is done.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const PNPM = "pnpm@10.34.8";
const stamp = `${root}/node_modules/.scap-setup`;

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `scap needs Node 20.19 or newer; this is ${process.version}. Install a newer Node and run this again.`,
  );
  process.exit(2);
}

const wanted = readFileSync(`${root}/pnpm-lock.yaml`, "utf8");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) install();

function install() {
  console.error("Setting up: installing dependencies (once) ...");
  const args = [
    "exec",
    "--yes",
    `--package=${PNPM}`,
    "--",
    "pnpm",
    "install",
    "--frozen-lockfile",
    "--reporter=append-only",
  ];
  const run = spawnSync("npm", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  if (run.status !== 0) {
    console.error(run.stdout + run.stderr);
    console.error(
      "Setting up failed: the dependencies could not be installed. Is an npm registry reachable?",
    );
    process.exit(1);
  }
  mkdirSync(`${root}/node_modules`, { recursive: true });
  writeFileSync(stamp, wanted);
}
