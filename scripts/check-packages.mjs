// Packs every package the way it is published and checks the tarballs: publint for the manifest, attw for the types.
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "scap-packages-"));

try {
  const failed = await checkAll();
  console.log(failed === 0 ? "all packages are fit to be published" : `${failed} packages have problems`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true });
}

async function checkAll() {
  const paths = ["packages", "apps"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(root, folder, name)),
  );
  // One call packs them all: npm takes longer to start than to pack.
  const packed = await run("npm", ["pack", "--json", "--pack-destination", directory, ...paths]);
  if (packed.status !== 0) throw new Error(packed.output);
  const tarballs = new Map(JSON.parse(packed.stdout).map(({ filename, name }) => [name, filename]));
  const checks = paths.flatMap((path) => checksOf(path, tarballs));
  const failed = new Set();
  const work = async () => {
    for (let check = checks.shift(); check !== undefined; check = checks.shift()) {
      const { args, output, status } = await run(tool(check.tool), check.args);
      if (status === 0) continue;
      failed.add(check.name);
      console.error(`${check.name}: ${args.join(" ")}\n${output}`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return failed.size;
}

function checksOf(path, tarballs) {
  const { exports, name } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
  const tarball = join(directory, tarballs.get(name));
  const manifest = { name, tool: "publint", args: ["run", tarball, "--strict"] };
  const types = { name, tool: "attw", args: [tarball, "--profile", "esm-only"] };
  return exports["."] === undefined ? [manifest] : [manifest, types];
}

function tool(name) {
  return join(root, "node_modules", ".bin", name);
}

function run(command, args) {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: root, maxBuffer: Number.POSITIVE_INFINITY }, (error, stdout, stderr) =>
      resolve({ args: [command, ...args], output: stdout + stderr, status: error?.code ?? 0, stdout }),
    );
  });
}
