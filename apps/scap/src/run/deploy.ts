import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { CliError, EXIT, UsageError, type Invocation } from "@scap/cli";
import {
  configuredRuntimes,
  deploy,
  finishedWell,
  identifyDeployment,
  isStageName,
  logDirectory,
  prepareDeployment,
  renderPlan,
  type DeployMode,
  type PreparedDeployment,
} from "@scap/deploy";
import { openSession, type Session } from "../session.ts";
import { deployLogger, logFileName } from "../deploy-logger.ts";
import { deployQuestions } from "../deploy-questions.ts";
import { sshTransport } from "../ssh-transport.ts";
import { loadWorkerFile } from "../worker-file.ts";
import { withDeployLock } from "../deploy-lock.ts";

const NO_MESSAGE = "(no justification provided)";

export async function runDeploy(invocation: Invocation): Promise<number> {
  const { cwd, options } = invocation;
  await requireCheckout(cwd);
  const session = await openSession(invocation);
  const mode = modeOf(invocation);
  const stage = options.string("stages");
  const revision = options.string("rev");
  const prepared = await prepareDeployment({
    checkout: cwd,
    config: session.config,
    mode,
    limits: options.list("limit-hosts"),
    ...(mode === "stages" && stage !== undefined && isStageName(stage) ? { stage } : {}),
    ...(revision === undefined ? {} : { revision }),
  });
  process.umask(prepared.settings.umask);
  for (const warning of prepared.warnings) invocation.stderr.write(`warning: ${warning}\n`);
  if (options.flag("plan")) {
    const json = options.flag("json");
    invocation.stdout.write(json ? `${JSON.stringify(prepared.plan)}\n` : renderPlan(prepared.plan));
    return EXIT.ok;
  }
  await mkdir(logDirectory(cwd), { recursive: true });
  const message = invocation.words("message").join(" ") || NO_MESSAGE;
  const run = (lost: AbortSignal): Promise<number> =>
    deployLocked(invocation, session, prepared, message, lost);
  return withDeployLock({ invocation, config: session.config, reason: message }, run);
}

async function deployLocked(
  invocation: Invocation,
  session: Session,
  prepared: PreparedDeployment,
  message: string,
  lost: AbortSignal,
): Promise<number> {
  const { interrupts, options } = invocation;
  const identity = await identifyDeployment(prepared, new Date());
  const logFile = join(logDirectory(invocation.cwd), logFileName(prepared.plan.mode, identity));
  const { announce, close, logger } = deployLogger({ invocation, session, logFile });
  const pool = await sshTransport(invocation, session);
  try {
    const result = await deploy(
      {
        prepared,
        message,
        force: options.flag("force"),
        showsSecrets: options.flag("show-secrets"),
        allowBad: options.flag("allow-bad"),
        pool,
        workerFile: await loadWorkerFile(),
        runtimes: configuredRuntimes(session.config),
        questions: deployQuestions(invocation),
        logger,
        announce,
        stop: interrupts.stop,
        abort: AbortSignal.any([interrupts.abort, lost]),
      },
      identity,
    );
    if (interrupts.stop.aborted) return interrupts.exitCode;
    return finishedWell(result) ? EXIT.ok : EXIT.failed;
  } finally {
    await pool.close();
    await close();
  }
}

/** Nothing is written before this: a command in the wrong directory leaves no trace. */
async function requireCheckout(directory: string): Promise<void> {
  const [git, config] = await Promise.all([
    exists(join(directory, ".git")),
    exists(join(directory, "scap", "scap.cfg")),
  ]);
  if (git && config) return;
  const missing = git ? "scap/scap.cfg" : ".git";
  throw new CliError(
    `${directory} is not the top of a checkout that scap can deploy: there is no ${missing}`,
    {
      code: "NO_CHECKOUT",
      exitCode: EXIT.failed,
      hint: "Change to the top level of a git repository that has scap/scap.cfg, and run it again.",
    },
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Looking beats restarting, which beats single stages; preparing the checkout beats them all. */
function modeOf({ options }: Invocation): DeployMode {
  if (options.list("limit-hosts").includes("")) throw new UsageError("--limit-hosts: the pattern is empty");
  if (options.flag("init")) return "init";
  if (options.flag("dry-run")) return "dry-run";
  if (options.flag("service-restart")) return "restart";
  return options.flag("stages") ? "stages" : "deploy";
}
