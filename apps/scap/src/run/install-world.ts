import { EXIT, UsageError, type Invocation } from "@scap/cli";
import {
  configuredRuntimes,
  installHosts,
  listInstalled,
  removeVersions,
  type InstallOptions,
  type InstallResult,
} from "@scap/deploy";
import { globalLockPath } from "@scap/lock";
import { foldHosts } from "@scap/targets";
import { anySignal } from "../any-signal.ts";
import { countText } from "../count-text.ts";
import { withDeployLock } from "../deploy-lock.ts";
import { installTargets } from "../install-targets.ts";
import { readInstallTask, taskText, type InstallTask } from "../install-task.ts";
import { installKey } from "../keyholder.ts";
import { lockPlaces } from "../lock-places.ts";
import { openSession, type Session } from "../session.ts";
import { sshTransport, type WantedTransport } from "../ssh-transport.ts";
import { VERSION } from "../version.ts";
import { loadWorkerFile } from "../worker-file.ts";
import { announcedInstall } from "./install-announcements.ts";
import { renderInstalled, resultLines } from "./install-report.ts";

export async function runInstallWorld(invocation: Invocation): Promise<number> {
  const { interrupts, stderr } = invocation;
  const session = await openSession(invocation);
  const login = await installLogin(session);
  const task = await readInstallTask(invocation, session.config);
  const hosts = await installTargets(invocation, session);
  const pool = await sshTransport(invocation, session, login);
  try {
    const install: InstallOptions = { hosts, pool, abort: interrupts.stop };
    if (task.kind === "list") return report(invocation, await listInstalled(install));
    if (!(await isConfirmed(invocation, task, hosts))) {
      stderr.write("Nothing was changed.\n");
      return EXIT.ok;
    }
    const results = await changeHosts(invocation, session, { task, install });
    if (task.kind === "remove" && results.every(isUntouched)) stderr.write("There was nothing to remove.\n");
    return report(invocation, results);
  } finally {
    await pool.close();
  }
}

/** Old versions go while nobody deploys: a worker of theirs may still have to start its guard. */
async function changeHosts(
  invocation: Invocation,
  { config }: Session,
  { install, task }: { task: Exclude<InstallTask, { kind: "list" }>; install: InstallOptions },
): Promise<InstallResult[]> {
  const path =
    task.kind === "remove"
      ? globalLockPath({ lockDir: config.str("lock_dir") })
      : lockPlaces(config).specificLock;
  const lock = { path, name: "install-world" };
  const what = taskText(task, "doing");
  const workerFile = await loadWorkerFile();
  return withDeployLock({ invocation, config, reason: "install-world", lock }, async ({ lost }) => {
    const common = { ...install, abort: anySignal(install.abort, lost) };
    return announcedInstall({ invocation, config, what, hosts: install.hosts.length }, async () =>
      task.kind === "remove"
        ? removeVersions({ ...common, choice: task.choice, version: VERSION, workerFile })
        : installHosts({ ...common, ...task.package, runtimes: configuredRuntimes(config) }),
    );
  });
}

function report(invocation: Invocation, results: readonly InstallResult[]): number {
  const { interrupts, options, stderr, stdout } = invocation;
  if (options.flag("json"))
    stdout.write(`${JSON.stringify({ version: VERSION, hosts: results.map(plain) })}\n`);
  else if (options.flag("list")) stdout.write(renderInstalled(results));
  if (!options.flag("json")) for (const line of resultLines(results)) stderr.write(`${line}\n`);
  if (interrupts.stop.aborted) return interrupts.exitCode;
  return results.every(({ failure }) => failure === undefined) ? EXIT.ok : EXIT.failed;
}

function isUntouched({ failure, removed }: InstallResult): boolean {
  return failure === undefined && removed.length === 0;
}

function plain({ installed, ...rest }: InstallResult): object {
  if (installed === undefined) return rest;
  return { ...rest, installed: { ...installed, versions: Object.fromEntries(installed.versions) } };
}

/** Files go to the cache of a login, so by default to that of those who deploy. */
async function installLogin({ config }: Session): Promise<WantedTransport> {
  const user = config.str("install_ssh_user");
  const isChosen = config.origin("install_ssh_user").kind !== "default";
  return isChosen && user !== undefined ? { user, key: await installKey(user) } : {};
}

async function isConfirmed(
  { options, prompt }: Invocation,
  task: Exclude<InstallTask, { kind: "list" }>,
  hosts: readonly string[],
): Promise<boolean> {
  if (options.flag("yes")) return true;
  if (!prompt.isInteractive) {
    throw new UsageError(
      `Nobody can confirm work on ${countText(hosts.length, "host")} here`,
      "Add --yes to do it without asking.",
    );
  }
  const where = `${countText(hosts.length, "host")} (${foldHosts(hosts)})`;
  return prompt.confirm(`${taskText(task, "do")} on ${where}?`, { default: false });
}
