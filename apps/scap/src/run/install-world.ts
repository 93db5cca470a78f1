import { CliError, EXIT, UsageError, type Invocation } from "@scap/cli";
import {
  configuredRuntimes,
  installHosts,
  listInstalled,
  removeOldVersions,
  type InstallOptions,
  type InstallResult,
} from "@scap/deploy";
import { globalLockPath } from "@scap/lock";
import { formatDuration } from "@scap/log";
import { foldHosts } from "@scap/targets";
import { anySignal } from "../any-signal.ts";
import { withDeployLock } from "../deploy-lock.ts";
import { installTargets } from "../install-targets.ts";
import { lockPlaces } from "../lock-places.ts";
import { openSession, type Session } from "../session.ts";
import { sshTransport } from "../ssh-transport.ts";
import { VERSION } from "../version.ts";
import { loadWorkerFile } from "../worker-file.ts";
import { renderInstalled, resultLines } from "./install-report.ts";

export async function runInstallWorld(invocation: Invocation): Promise<number> {
  const { interrupts, options, stderr } = invocation;
  requireVersion(options.string("version") ?? "latest");
  const session = await openSession(invocation);
  const hosts = await installTargets(invocation, session);
  const pool = await sshTransport(invocation, session, installLogin(session));
  try {
    const install: InstallOptions = { hosts, pool, abort: interrupts.stop };
    if (options.flag("list")) return report(invocation, await listInstalled(install));
    if (!(await isConfirmed(invocation, hosts))) {
      stderr.write("Nothing was changed.\n");
      return EXIT.failed;
    }
    return report(invocation, await changeHosts(invocation, session, install));
  } finally {
    await pool.close();
  }
}

/** Old versions go while nobody deploys: a worker of theirs may still have to start its guard. */
async function changeHosts(
  invocation: Invocation,
  session: Session,
  install: InstallOptions,
): Promise<InstallResult[]> {
  const { options, stderr } = invocation;
  const { config } = session;
  const removes = options.flag("remove-old");
  const path = removes
    ? globalLockPath({ lockDir: config.str("lock_dir") })
    : lockPlaces(config).specificLock;
  const lock = { path, name: "install-world" };
  return withDeployLock({ invocation, config, reason: "install-world", lock }, async ({ lost }) => {
    const started = performance.now();
    const what = removes ? `Removing versions other than scap ${VERSION}` : `Installing scap ${VERSION}`;
    stderr.write(`${what} on ${install.hosts.length} host(s)\n`);
    const common = { ...install, version: VERSION, abort: anySignal(install.abort, lost) };
    const results = removes
      ? await removeOldVersions(common)
      : await installHosts({
          ...common,
          workerFile: await loadWorkerFile(),
          runtimes: configuredRuntimes(config),
        });
    const done = results.filter(({ failure }) => failure === undefined).length;
    const duration = formatDuration((performance.now() - started) / 1000);
    stderr.write(`${what}: done on ${done} of ${install.hosts.length} host(s) (duration: ${duration})\n`);
    return results;
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

function plain({ installed, ...rest }: InstallResult): object {
  if (installed === undefined) return rest;
  return { ...rest, installed: { ...installed, versions: Object.fromEntries(installed.versions) } };
}

function requireVersion(wanted: string): void {
  if (wanted === "latest" || wanted === VERSION) return;
  throw new CliError(`This command can install scap ${VERSION}, not ${wanted}`, {
    code: "OTHER_VERSION",
    exitCode: EXIT.usage,
    hint: `Install scap ${wanted} on this deploy server and run its install-world.`,
  });
}

/** Files go to the cache of a login, so by default to that of those who deploy. */
function installLogin({ config }: Session): { readonly user?: string } {
  const user = config.str("install_ssh_user");
  return config.origin("install_ssh_user").kind === "default" || user === undefined ? {} : { user };
}

async function isConfirmed({ options, prompt }: Invocation, hosts: readonly string[]): Promise<boolean> {
  if (options.flag("yes")) return true;
  const what = options.flag("remove-old")
    ? `Remove all versions but scap ${VERSION}`
    : `Install scap ${VERSION}`;
  if (!prompt.isInteractive) {
    throw new UsageError(
      `Nobody can confirm work on ${hosts.length} hosts here`,
      "Add --yes to do it without asking.",
    );
  }
  return prompt.confirm(`${what} on ${hosts.length} hosts (${foldHosts(hosts)})?`, { default: false });
}
