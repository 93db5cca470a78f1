// Packs every package the way it is published and checks the tarball: publint for the manifest, attw for the types.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "scap-packages-"));
let failed = 0;

try {
  for (const folder of ["packages", "apps"]) {
    for (const name of readdirSync(join(root, folder))) check(join(root, folder, name));
  }
} finally {
  rmSync(directory, { recursive: true });
}
console.log(failed === 0 ? "all packages are fit to be published" : `${failed} packages have problems`);
process.exit(failed === 0 ? 0 : 1);

function check(path) {
  const manifest = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
  const tarball = join(
    directory,
    run("npm", ["pack", "--silent", "--pack-destination", directory], path).stdout.trim(),
  );
  const reports = [run(tool("publint"), ["run", tarball, "--strict"], root)];
  if (manifest.exports["."] !== undefined)
    reports.push(run(tool("attw"), [tarball, "--profile", "esm-only"], root));
  for (const { args, output, status } of reports) {
    if (status === 0) continue;
    failed++;
    console.error(`${manifest.name}: ${args.join(" ")}\n${output}`);
  }
}

function tool(name) {
  return join(root, "node_modules", ".bin", name);
}

function run(command, args, cwd) {
  const { status, stderr, stdout } = spawnSync(command, args, { cwd, encoding: "utf8" });
  return { args: [command, ...args], output: stdout + stderr, status, stdout };
}
