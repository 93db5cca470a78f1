import { mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CliError, EXIT, UsageError, type Invocation } from "@scap/cli";
import {
  configuredRuntimes,
  deploy,
  finishedWell,
  identifyDeployment,
  logDirectory,
  planFile,
  prepareDeployment,
  renderPlan,
  requireSamePlan,
  type PlanRequest,
  type PreparedDeployment,
} from "@scap/deploy";
import { openSession, type Session } from "../session.ts";
import { deployIntent } from "../deploy-intent.ts";
import { deployLogger, logFileName } from "../deploy-logger.ts";
import { deployQuestions } from "../deploy-questions.ts";
import { sshTransport } from "../ssh-transport.ts";
import { loadWorkerFile } from "../worker-file.ts";
import { withDeployLock } from "../deploy-lock.ts";
import { writeWhole } from "../write-whole.ts";

export async function runDeploy(invocation: Invocation): Promise<number> {
  const { cwd, options } = invocation;
  await requireCheckout(cwd);
  if (options.string("output") !== undefined && !options.flag("plan"))
    throw new UsageError("--output only has a meaning with --plan");
  const { planned, request } = await deployIntent(invocation);
  const session = await openSession(invocation);
  const prepared = await prepareDeployment({ checkout: cwd, config: session.config, ...request });
  process.umask(prepared.settings.umask);
  for (const warning of prepared.warnings) invocation.stderr.write(`warning: ${warning}\n`);
  if (planned !== undefined) requireSamePlan(planned.plan, prepared, planned.source);
  if (options.flag("plan")) return await showPlan(invocation, prepared, request);
  await mkdir(logDirectory(cwd), { recursive: true });
  const run = (lost: AbortSignal): Promise<number> =>
    deployLocked(invocation, session, prepared, request, lost);
  return withDeployLock({ invocation, config: session.config, reason: request.message }, run);
}

async function showPlan(
  { cwd, options, stderr, stdout }: Invocation,
  prepared: PreparedDeployment,
  request: PlanRequest,
): Promise<number> {
  const file = planFile(prepared, request);
  const output = options.string("output");
  if (output !== undefined) {
    await writeWhole(resolve(cwd, output), `${JSON.stringify(file, undefined, 2)}\n`);
    stderr.write(`Wrote ${output}; carry it out with: scap deploy --from-plan ${output}\n`);
  }
  const { plan } = prepared;
  if (options.flag("json")) stdout.write(`${JSON.stringify({ ...plan, digest: file.digest })}\n`);
  else stdout.write(`${renderPlan(plan)}\nDigest: ${file.digest}\n`);
  return EXIT.ok;
}

async function deployLocked(
  invocation: Invocation,
  session: Session,
  prepared: PreparedDeployment,
  { force, message }: PlanRequest,
  lost: AbortSignal,
): Promise<number> {
  const { interrupts, options } = invocation;
  const identity = await identifyDeployment(prepared, new Date());
  const logFile = join(logDirectory(invocation.cwd), logFileName(prepared.plan.mode, identity));
  const { announce, close, logger } = deployLogger({
    invocation,
    session,
    logFile,
    mode: prepared.plan.mode,
  });
  const pool = await sshTransport(invocation, session);
  try {
    const result = await deploy(
      {
        prepared,
        message,
        force,
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
  if (await exists(join(directory, ".git"))) return;
  throw new CliError(`${directory} is not the top level of a git repository: there is no .git`, {
    code: "NO_CHECKOUT",
    exitCode: EXIT.failed,
    hint: "Change to the top level of a repository that has scap/scap.cfg, and run it again.",
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
