import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { EXIT, type Invocation } from "@scap/cli";
import {
  configuredRuntimes,
  deploy,
  finishedWell,
  identifyDeployment,
  logDirectory,
  type DeployOptions,
  type PreparedDeployment,
} from "@scap/deploy";
import type { HeldLocks } from "@scap/lock";
import { anySignal } from "./any-signal.ts";
import { withDeployLock } from "./deploy-lock.ts";
import { deployLogger, logFileName } from "./logs/deploy-logger.ts";
import { removeLogsBeyondAge } from "./logs/remove-logs.ts";
import { deployQuestions } from "./deploy-questions.ts";
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
  const { invocation, prepared, session, ...command } = options;
  const { interrupts } = invocation;
  await mkdir(logDirectory(invocation.cwd), { recursive: true });
  await removeLogsBeyondAge(invocation, session.config);
  const identity = await identifyDeployment(prepared, new Date(), fencingRevision);
  const logFile = join(logDirectory(invocation.cwd), logFileName(prepared.plan.mode, identity));
  const plugins = await session.plugins();
  const { announce, close, logger, redact, stats } = await deployLogger({
    notifiers: plugins.flatMap((plugin) => plugin.notifiers ?? []),
    ...{ invocation, session, logFile, mode: prepared.plan.mode },
    showsSecrets: command.showsSecrets ?? false,
  });
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
        logger,
        stats,
        announce,
        stop: interrupts.stop,
        abort: anySignal(interrupts.abort, lost),
      },
      identity,
    );
    if (interrupts.stop.aborted) return interrupts.exitCode;
    return finishedWell(result) ? EXIT.ok : EXIT.failed;
  } catch (error) {
    throw redact(error);
  } finally {
    await pool.close();
    await close();
  }
}
