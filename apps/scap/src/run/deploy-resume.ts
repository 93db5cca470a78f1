import { CliError, EXIT, UsageError, type Invocation } from "@scap/cli";
import {
  changedSince,
  deploySettings,
  isResumable,
  isStageName,
  prepareDeployment,
  resumePoint,
  type DeployMode,
  type LoggedDeployment,
  type PreparedDeployment,
} from "@scap/deploy";
import type { HeldLocks } from "@scap/lock";
import { askRevisions } from "../ask-revisions.ts";
import { carryOutLocked } from "../carry-out.ts";
import { withDeployLock } from "../deploy-lock.ts";
import { lastDeployment } from "../last-deployment.ts";
import { refuseFrozen } from "../refuse-frozen.ts";
import { openSession, pluginCheckTypes, type Session } from "../session.ts";

/** `scap deploy --resume`: goes on with the last deployment, as it was asked for. */
export async function resumeDeployment(invocation: Invocation): Promise<number> {
  refuseOtherWishes(invocation);
  const session = await openSession(invocation);
  // An interrupted deployment leaves no lock; one that still runs does.
  const lock = { invocation, config: session.config, reason: "resume" };
  return await withDeployLock(lock, async (held) => await resume(invocation, session, held));
}

async function resume(invocation: Invocation, session: Session, held: HeldLocks): Promise<number> {
  const { cwd, stderr } = invocation;
  const of = await lastDeployment(cwd);
  if (of === undefined) throw nothingToResume();
  const { commit, message, revision, tag } = of.started;
  if (!isResumable(of)) {
    stderr.write(`The last deployment (${tag ?? revision}) ended well; there is nothing to resume\n`);
    return EXIT.ok;
  }
  requireSameEnvironment(of, session);
  const answers = await askRevisions(invocation, session);
  const point = resumePoint(of, answers);
  const prepared = await prepare(invocation, session, of);
  process.umask(prepared.settings.umask);
  const goesForward = point.failure === undefined && prepared.plan.mode !== "rollback";
  if (goesForward && !invocation.options.flag("during-freeze"))
    await refuseFrozen(prepared, session.config, cwd);
  const changes = tag === null ? [] : changesText(await changedSince(prepared, tag));
  for (const warning of [...prepared.warnings, ...changes]) stderr.write(`warning: ${warning}\n`);
  const what = point.failure === undefined ? "Going on with" : "Taking back";
  stderr.write(`${what} ${tag ?? revision} (${commit.slice(0, 7)}): ${message}\n`);
  return await carryOutLocked(
    {
      ...{ invocation, session, prepared, message },
      resume: { ...point, of },
      // A check that failed before is to fail again: then everything goes back as it would have.
      allowBad: true,
      force: false,
      ...leavingOf(of),
    },
    held,
  );
}

/** The same revision, stages and hosts, as far as they are still targets. */
async function prepare(
  { cwd }: Invocation,
  session: Session,
  { started }: LoggedDeployment,
): Promise<PreparedDeployment> {
  const [stage = ""] = started.stages ?? [];
  return await prepareDeployment({
    checkout: cwd,
    config: session.config,
    checkTypes: await pluginCheckTypes(session),
    mode: started.mode as DeployMode, // the log's reader only takes these
    revision: started.commit,
    limits: [],
    onlyHosts: new Set(started.groups.flatMap(({ hosts }) => hosts)),
    ...(started.mode === "stages" && isStageName(stage) ? { stage } : {}),
  });
}

function changesText(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const [verb, noun] = names.length === 1 ? ["has", "it"] : ["have", "them"];
  return [
    `${names.join(", ")} ${verb} changed since the deployment was interrupted; it goes on with ${noun} as in the checkout now`,
  ];
}

function leavingOf({ started }: LoggedDeployment): {
  leaving?: { readonly verdict: "bad"; readonly reason: string };
} {
  if (started.mode !== "rollback") return {};
  return { leaving: { verdict: "bad", reason: `rolled back by ${started.user}: ${started.message}` } };
}

function refuseOtherWishes({ options, words }: Invocation): void {
  const flags = ["plan", "dry-run", "service-restart", "init", "force"].filter((name) => options.flag(name));
  const values = ["rev", "stages", "from-plan"].filter((name) => options.string(name) !== undefined);
  const limits = options.list("limit-hosts").length > 0 ? ["limit-hosts"] : [];
  const [other] = [...flags, ...values, ...limits];
  if (other !== undefined)
    throw new UsageError(
      `--${other} cannot be used with --resume: it goes on with what was asked for before`,
    );
  if (words("message").length > 0)
    throw new UsageError("--resume takes no message: it keeps that of the deployment that it goes on with");
}

function requireSameEnvironment({ started }: LoggedDeployment, { config }: Session): void {
  const { environment } = deploySettings(config);
  if (environment === started.environment) return;
  const hint =
    started.environment === null
      ? "Run it without --environment."
      : `Run it with --environment ${started.environment}.`;
  const which = started.environment === null ? "no environment" : `the environment ${started.environment}`;
  throw new CliError(`The last deployment was for ${which}`, {
    code: "OTHER_ENVIRONMENT",
    exitCode: EXIT.usage,
    hint,
  });
}

function nothingToResume(): CliError {
  return new CliError("There is no deployment in scap/log to resume", {
    code: "NOTHING_TO_RESUME",
    exitCode: EXIT.failed,
    hint: "Start one with scap deploy.",
  });
}
