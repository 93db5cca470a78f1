/** Every example of every command's help, as a user would run it, in one prepared checkout. */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Command } from "@scap/cli";
import { COMMANDS } from "../apps/scap/src/commands/index.ts";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { runScap, SCAP } from "./support/run-scap.ts";

const HOSTS = [...Array.from({ length: 9 }, (_, at) => `web${at + 1}`), "db1", "db2", "db3"];

/** Examples that are not run, by their beginning, with the reason. */
const NOT_RUN: readonly (readonly [string, string])[] = [
  [
    "scap lab ",
    "starts hosts for the user of this machine, some of them as root; the lab has tests of its own",
  ],
  ["scap cdb-", "works on the MediaWiki trees of a deploy server; the commands have tests of their own"],
  ["scap deploy-local ", "runs on a target and fetches from a git_server; so does its own test"],
  ["scap lock 'database", "holds the lock until it is interrupted"],
  ["scap deploy-log 'levelno", "follows the log until it is interrupted"],
];

/** Examples that ask a question first, by their beginning: nobody is here to answer it. */
const ASKS: readonly string[] = ["scap install-world --version", "scap run "];

/** What has to have happened before: a run that fails the first time. */
const BEFORE: Readonly<Record<string, string>> = {
  "scap run --retry-failed last": "scap run web1 'test -e once || { touch once; false; }' --yes",
};

let lab: Lab;
let checkout: Checkout;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "scap-examples-"));
  for (const name of ["bin", ".config/fish/completions"])
    mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, "bin/scap"), `#!/bin/sh\nexec '${process.execPath}' '${SCAP}' "$@"\n`, {
    mode: 0o755,
  });
  // Stands for what hosts have.
  for (const name of ["sudo", "systemctl"])
    writeFileSync(join(directory, "bin", name), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
  vi.stubEnv("PATH", `${join(directory, "bin")}${delimiter}${process.env["PATH"] ?? ""}`);
  lab = await startEmbeddedLab({ hosts: HOSTS });
  const config = { git_repo: "acme/web", lock_dir: directory, scap_packages: directory, group_size: "6" };
  checkout = new Checkout({
    ...scapFiles(HOSTS, config),
    "scap/environments/beta/vars.yaml": "port: 2\n",
    "scap/config-files.yaml": "app.conf:\n  template: app.conf.j2\n",
    "scap/templates/app.conf.j2": "{{ port }}\n",
    "scap/vars.yaml": "port: 1\n",
    "scap.cfg": "[global]\n",
    "hosts.txt": "web1\nweb2\n",
    "check.sh": "#!/bin/sh\nexit 0\n",
    "config.yaml.j2": "a: 1\n",
    "app.conf.j2": "{{ a }}{{ b }}\n",
    "vars.yaml": "a: 1\n",
    "host.yaml": "b: 1\n",
  });
  packScap("1.4.0");
  checkout.git("tag", "v1.4");
  expect((await scap("deploy", "first")).status).toBe(0);
  checkout.commit({ "version.txt": "2\n" });
  const logs = join(checkout.directory, "scap/log");
  const [log = ""] = readdirSync(logs).filter((name) => name.endsWith(".log"));
  for (const name of ["scap/log/scap-sync-2031-04-05-0001.log", "last.log"])
    copyFileSync(join(logs, log), join(checkout.directory, name));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await lab?.close();
  checkout?.remove();
  rmSync(directory, { recursive: true, force: true });
});

const environment = (): Record<string, string> => ({
  ...lab.env,
  HOME: directory,
  XDG_CACHE_HOME: directory,
  XDG_STATE_HOME: directory,
  SSH_AUTH_SOCK: "",
});

function scap(...args: string[]): ReturnType<typeof runScap> {
  return runScap(args, { cwd: checkout.directory, env: environment() });
}

function packScap(version: string): void {
  const root = join(directory, `scap-${version}`);
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(join(root, "package.json"), JSON.stringify({ name: "scap", version }));
  copyFileSync(
    fileURLToPath(new URL("../apps/deploy-local/dist/main.js", import.meta.url)),
    join(root, "dist/deploy-local.mjs"),
  );
}

function examples(commands: readonly Command[] = COMMANDS): string[] {
  return commands.flatMap(({ commands: actions = [], examples: own = [] }) => [
    ...own.map(({ command }) => command),
    ...examples(actions),
  ]);
}

/** Runs a line as a shell of the user would; there is nobody to answer questions. */
async function shell(line: string): Promise<{ status: number; output: string }> {
  const options = {
    cwd: checkout.directory,
    env: { ...process.env, ...environment() },
    timeout: 60_000,
  };
  return await new Promise((resolve) => {
    const child = execFile("bash", ["-o", "pipefail", "-c", line], options, (error, stdout, stderr) => {
      const status = typeof error?.code === "number" ? error.code : error === null ? 0 : -1;
      resolve({ status, output: `${stdout}${stderr}` });
    });
    child.stdin?.end();
  });
}

const lines = [...new Set(examples())].filter((line) => !NOT_RUN.some(([start]) => line.startsWith(start)));

it.each(lines)("%s", async (line) => {
  if (BEFORE[line] !== undefined) await shell(BEFORE[line]);
  const asks = ASKS.some((start) => line.startsWith(start)) && !line.includes("--yes");
  const { output, status } = await shell(asks ? `${line} --yes` : line);
  expect(output).not.toMatch(/internal error|^ {4}at /m);
  expect({ status, output }).toMatchObject({ status: 0 });
});
