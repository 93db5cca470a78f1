import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { EXIT, type Invocation } from "@scap/cli";
import {
  configuredRuntimes,
  deploy,
  finishedWell,
  identifyDeployment,
  logDirectory,
  type DeployIdentity,
  type DeployOptions,
  type PreparedDeployment,
} from "@scap/deploy";
import type { HeldLocks } from "@scap/lock";
import { anySignal } from "./any-signal.ts";
import { withDeployLock } from "./deploy-lock.ts";
import { deployLogger, logFileName, type DeployLogger } from "./logs/deploy-logger.ts";
import { dropUnpublishedLog } from "./logs/drop-unpublished-log.ts";
import { removeLogsBeyondAge } from "./logs/remove-logs.ts";
import { deployQuestions } from "./deploy-questions.ts";
import { pathExists } from "./path-exists.ts";
import type { Session } from "./session.ts";
import { sshTransport } from "./ssh-transport.ts";
import { loadWorkerFile } from "./worker-file.ts";

/** What a command that deploys has found out, and what of it depends on the command. */
export interface CarryOutOptions extends Pick<
  DeployOptions,
  "message" | "force" | "allowBad" | "showsSecrets" | "leaving" | "resume"
> {
  readonly invocation: Invocation;
  readonly session: Session;
  readonly prepared: PreparedDeployment;
}

/** Carries a prepared deployment out under the lock, with its log and its announcements; answers with the exit status. */
export async function carryOut(options: CarryOutOptions): Promise<number> {
  const { invocation, message, session } = options;
  const lock = { invocation, config: session.config, reason: message };
  return await withDeployLock(lock, async (held) => await carryOutLocked(options, held));
}

/** Like {@link carryOut}, for who holds the lock already. */
export async function carryOutLocked(
  options: CarryOutOptions,
  { fencingRevision, lost }: HeldLocks,
): Promise<number> {
  const { invocation, prepared, session, showsSecrets = false } = options;
  const { repository } = prepared;
  const directory = logDirectory(invocation.cwd);
  await mkdir(directory, { recursive: true });
  await removeLogsBeyondAge(invocation, session.config);
  const identity = await identifyDeployment(prepared, new Date(), fencingRevision);
  const logFile = join(directory, logFileName(prepared.plan.mode, identity));
  const isNewLog = !(await pathExists(logFile));
  const plugins = await session.plugins();
  const log = await deployLogger({
    notifiers: plugins.flatMap((plugin) => plugin.notifiers ?? []),
    ...{ invocation, session, logFile, mode: prepared.plan.mode, showsSecrets },
  });
  let status: number | undefined;
  try {
    status = await runLogged(options, { identity, log, lost });
    return status;
  } catch (error) {
    throw log.redact(error);
  } finally {
    await log.close();
    if (status === undefined && isNewLog)
      await dropUnpublishedLog({ logFile, repository, tag: identity.tag });
  }
}

interface Run {
  readonly identity: DeployIdentity;
  readonly log: DeployLogger;
  /** The lock is lost. */
  readonly lost: AbortSignal;
}

async function runLogged(options: CarryOutOptions, { identity, log, lost }: Run): Promise<number> {
  const { invocation, prepared, session, ...command } = options;
  const { interrupts } = invocation;
  const pool = await sshTransport(invocation, session);
  try {
    const result = await deploy(
      {
        ...command,
        prepared,
        pool,
        workerFile: await loadWorkerFile(),
        runtimes: configuredRuntimes(session.config),
        questions: deployQuestions(invocation),
        ...{ logger: log.logger, stats: log.stats, announce: log.announce },
        stop: interrupts.stop,
        abort: anySignal(interrupts.abort, lost),
      },
      identity,
    );
    if (interrupts.stop.aborted) return interrupts.exitCode;
    return finishedWell(result) ? EXIT.ok : EXIT.failed;
  } finally {
    await pool.close();
  }
}
