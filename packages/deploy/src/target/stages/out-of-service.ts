import type { DrainOptions, StageContext } from "../stage-context.ts";
import { drainedNote } from "../state-notes.ts";
import { TargetWorkError } from "../target-error.ts";
import type { StageChecks } from "./stage-checks.ts";

/**
 * Takes the host out of service for a switch. Noted first: a host that is half out of service is put back too. One that
 * somebody else had taken out is not.
 *
 * @throws TargetWorkError `DRAIN_FAILED` when the host must not be switched; it is back in service then, if that works
 */
export async function drain(
  context: StageContext,
  checks: StageChecks,
  { mayFail = false }: DrainOptions = {},
): Promise<void> {
  if (!checks.hasHooks(context)) return;
  const { assertHeld, logger, paths } = context;
  await assertHeld();
  const note = drainedNote(paths);
  const isOurs = (await note.read()) !== undefined;
  await note.write({ since: new Date().toISOString() });
  try {
    const isDrained = await checks.runHooks(context, "drain");
    if (isDrained || isOurs) return;
    await note.clear();
    logger.warning("The host was out of service before, so it is left so");
  } catch (cause) {
    if (!isHookFailure(cause)) throw cause;
    if (!mayFail) throw await backInService(context, checks, cause);
    logger.warning("%s; it is switched all the same, because it goes back", { args: [cause.message] });
  }
}

/** Puts the host back into service, if it was taken out of it. @throws TargetWorkError `POOL_FAILED`, unless it may fail */
export async function putBack(
  context: StageContext,
  checks: StageChecks,
  { mayFail }: { readonly mayFail: boolean },
): Promise<void> {
  const note = drainedNote(context.paths);
  if ((await note.read()) === undefined) return;
  try {
    await checks.runHooks(context, "pool");
  } catch (cause) {
    if (!mayFail || !isHookFailure(cause)) throw cause;
    context.logger.warning("%s; there is no revision on the host any more", { args: [cause.message] });
  }
  await note.clear();
}

/** Nothing was switched, so nobody has to wait for a rollback. @returns what to throw */
async function backInService(
  context: StageContext,
  checks: StageChecks,
  failure: TargetWorkError,
): Promise<TargetWorkError> {
  try {
    await putBack(context, checks, { mayFail: false });
    return failure;
  } catch (cause) {
    if (!isHookFailure(cause)) throw cause;
    const { code, exitCode, message, output } = failure;
    return new TargetWorkError(message, {
      ...{ code, exitCode, cause },
      hint: `The revision was not switched. The host may be out of service (${cause.message}): look at the load balancer, then deploy again.`,
      ...(output === undefined ? {} : { output }),
    });
  }
}

function isHookFailure(cause: unknown): cause is TargetWorkError {
  return cause instanceof TargetWorkError && ["DRAIN_FAILED", "POOL_FAILED"].includes(cause.code);
}
