import { resolve } from "node:path";
import { EXIT, UsageError, type Invocation } from "@scap/cli";
import {
  checkHosts,
  isReady,
  planFile,
  prepareDeployment,
  renderHostsReport,
  renderPlan,
  requireSamePlan,
  type PlanRequest,
  type PreparedDeployment,
} from "@scap/deploy";
import { carryOut } from "../carry-out.ts";
import { deployIntent } from "../deploy-intent.ts";
import { messageOrAnswer } from "../deploy-message.ts";
import { withHostCheck } from "../host-check.ts";
import { requireNamedKey } from "../keyholder.ts";
import { refuseFrozen } from "../refuse-frozen.ts";
import { requireCheckout } from "../require-checkout.ts";
import { openSession, pluginCheckTypes, type Session } from "../session.ts";
import { writeWhole } from "../write-whole.ts";

export async function runDeploy(invocation: Invocation): Promise<number> {
  const { cwd, options } = invocation;
  await requireCheckout(cwd);
  if (options.flag("resume")) return await (await import("./deploy-resume.ts")).resumeDeployment(invocation);
  if (options.string("output") !== undefined && !options.flag("plan"))
    throw new UsageError("--output only has a meaning with --plan");
  if (options.flag("check-hosts") && !options.flag("plan"))
    throw new UsageError(
      "--check-hosts only has a meaning with --plan; to look at the hosts alone run scap doctor",
    );
  const { planned, request } = await deployIntent(invocation);
  const session = await openSession(invocation);
  const checkTypes = await pluginCheckTypes(session);
  const prepared = await prepareDeployment({ checkout: cwd, config: session.config, checkTypes, ...request });
  process.umask(prepared.settings.umask);
  for (const warning of prepared.warnings) invocation.stderr.write(`warning: ${warning}\n`);
  if (planned !== undefined) requireSamePlan(planned.plan, prepared, planned.source);
  if (options.flag("plan")) return await showPlan(invocation, session, prepared, request);
  if (!options.flag("during-freeze")) await refuseFrozen(prepared, session.config, cwd);
  await requireNamedKey(session.config);
  const message = await messageOrAnswer(invocation, request);
  return await carryOut({
    ...{ invocation, session, prepared, message, force: request.force },
    allowBad: options.flag("allow-bad"),
    showsSecrets: options.flag("show-secrets"),
  });
}

async function showPlan(
  invocation: Invocation,
  session: Session,
  prepared: PreparedDeployment,
  request: PlanRequest,
): Promise<number> {
  const { cwd, options, stderr, stdout } = invocation;
  const file = planFile(prepared, request);
  const output = options.string("output");
  if (output !== undefined) {
    await writeWhole(resolve(cwd, output), `${JSON.stringify(file, undefined, 2)}\n`);
    stderr.write(`Wrote ${output}; carry it out with: scap deploy --from-plan ${output}\n`);
  }
  const { plan } = prepared;
  const report = options.flag("check-hosts")
    ? await withHostCheck(invocation, session, prepared, checkHosts)
    : undefined;
  const shown = { ...plan, digest: file.digest, ...(report === undefined ? {} : { readiness: report }) };
  if (options.flag("json")) stdout.write(`${JSON.stringify(shown)}\n`);
  else {
    stdout.write(`${renderPlan(plan)}\nDigest: ${file.digest}\n`);
    if (report !== undefined) stdout.write(`\n${renderHostsReport(report)}`);
  }
  return report === undefined || isReady(report) ? EXIT.ok : EXIT.failed;
}
