import { EXIT, UsageError, type Invocation } from "@scap/cli";
import {
  chooseRollback,
  prepareDeployment,
  renderPlan,
  type PreparedDeployment,
  type RollbackChoice,
} from "@scap/deploy";
import { openRepository } from "@scap/git";
import type { HeldLocks } from "@scap/lock";
import { visibleText } from "@scap/log";
import { foldHosts } from "@scap/targets";
import { askRevisions } from "../ask-revisions.ts";
import { callerName } from "../caller-name.ts";
import { carryOutLocked } from "../carry-out.ts";
import { messageOf } from "../deploy-message.ts";
import { withDeployLock } from "../deploy-lock.ts";
import { groupBy } from "../group-by.ts";
import { requireCheckout } from "../require-checkout.ts";
import { openSession, pluginCheckTypes, type Session } from "../session.ts";
import { revisionList } from "./rollback-list.ts";

export async function runRollback(invocation: Invocation): Promise<number> {
  const { cwd, options, stdout } = invocation;
  if (options.list("limit-hosts").includes("")) throw new UsageError("--limit-hosts: the pattern is empty");
  await requireCheckout(cwd);
  const session = await openSession(invocation);
  if (options.flag("list")) {
    const answers = await askRevisions(invocation, session);
    stdout.write(await revisionList(answers, { checkout: cwd, json: options.flag("json") }));
    return [...answers.values()].some(({ kind }) => kind === "problem") ? EXIT.failed : EXIT.ok;
  }
  const message = messageOf(invocation.words("message"), { isInit: false });
  const lock = { invocation, config: session.config, reason: `rollback: ${message}` };
  // Whoever holds the lock may change what the hosts will answer, so they are asked after that.
  return options.flag("plan")
    ? await rollBack(invocation, session, message)
    : await withDeployLock(lock, async (held) => await rollBack(invocation, session, message, held));
}

/** @param held - absent when only the plan is shown */
async function rollBack(
  invocation: Invocation,
  session: Session,
  message: string,
  held?: HeldLocks,
): Promise<number> {
  const { cwd, options, stderr, stdout } = invocation;
  const answers = await askRevisions(invocation, session);
  const choice = chooseRollback(answers, await wantedRevision(invocation));
  for (const line of exceptionLines(choice)) stderr.write(`warning: ${line}\n`);
  const status = choice.exceptions.length === 0 ? EXIT.ok : EXIT.failed;
  if (choice.hosts.length === 0) {
    stderr.write(`No host has to go back to ${choice.revision.slice(0, 7)}; nothing was changed\n`);
    return status;
  }
  const prepared = await prepareDeployment({
    checkout: cwd,
    config: session.config,
    mode: "rollback",
    checkTypes: await pluginCheckTypes(session),
    revision: choice.revision,
    limits: options.list("limit-hosts"),
    onlyHosts: new Set(choice.hosts),
  });
  process.umask(prepared.settings.umask);
  for (const warning of prepared.warnings) stderr.write(`warning: ${warning}\n`);
  if (held === undefined) {
    stdout.write(options.flag("json") ? `${JSON.stringify(prepared.plan)}\n` : renderPlan(prepared.plan));
    return status;
  }
  if (!(await isWanted(invocation, prepared, choice))) return EXIT.failed;
  const leaving = { verdict: "bad", reason: `rolled back by ${await callerName()}: ${message}` } as const;
  const ended = await carryOutLocked(
    { invocation, session, prepared, message, leaving, force: false, allowBad: options.flag("allow-bad") },
    held,
  );
  return ended === EXIT.ok ? status : ended;
}

/** What hosts call a revision is its object id; a name of the checkout is looked up, anything else is left to them. */
async function wantedRevision({ cwd, options }: Invocation): Promise<string | undefined> {
  const name = options.string("to");
  if (name === undefined) return undefined;
  const repository = await openRepository(cwd);
  return await repository.resolve(name).catch(() => name);
}

async function isWanted(
  { options, prompt }: Invocation,
  { plan }: PreparedDeployment,
  { hosts, revision }: RollbackChoice,
): Promise<boolean> {
  if (options.flag("yes")) return true;
  const question = `Go back to ${revision.slice(0, 7)} of ${plan.repo} on ${foldHosts(hosts)} (${hosts.length})?`;
  return await prompt.confirm(question, { default: true });
}

function exceptionLines({ exceptions }: RollbackChoice): string[] {
  const byReason = groupBy(exceptions, ({ host, reason }) => reason.replaceAll(host, "the host"));
  return [...byReason].map(
    ([reason, some]) => `left alone: ${foldHosts(some.map(({ host }) => host))}: ${visibleText(reason)}`,
  );
}
