import { EXIT, type Invocation } from "@scap/cli";
import {
  checkHosts,
  identifyDeployment,
  isReady,
  prepareDeployment,
  renderHostsReport,
  restoreReturns,
  type CheckHostsOptions,
  type DeployRequest,
  type HostsReport,
  type RestoredReturn,
} from "@scap/deploy";
import { foldHosts } from "@scap/targets";
import { anySignal } from "../any-signal.ts";
import { withDeployLock } from "../deploy-lock.ts";
import { withHostCheck } from "../host-check.ts";
import { requireCheckout } from "../require-checkout.ts";
import { openSession, pluginCheckTypes, type Session } from "../session.ts";

export async function runDoctor(invocation: Invocation): Promise<number> {
  const { cwd, interrupts, options, stderr, stdout } = invocation;
  await requireCheckout(cwd);
  const session = await openSession(invocation);
  const checkTypes = await pluginCheckTypes(session);
  const request = { ...doctorRequest(invocation, session), checkTypes };
  const prepared = await prepareDeployment(request);
  for (const warning of prepared.warnings) stderr.write(`warning: ${warning}\n`);
  const report = await withHostCheck(invocation, session, prepared, async (check) => {
    const found = await checkHosts(check);
    if (!options.flag("fix") || found.returns.length === 0 || interrupts.stop.aborted) return found;
    await fix({ invocation, session, request, check, report: found });
    return await checkHosts(check);
  });
  stdout.write(options.flag("json") ? `${JSON.stringify(report)}\n` : renderHostsReport(report));
  if (interrupts.stop.aborted) return interrupts.exitCode;
  return isReady(report) ? EXIT.ok : EXIT.failed;
}

function doctorRequest({ cwd, options }: Invocation, { config }: Session): DeployRequest {
  const revision = options.string("rev");
  return {
    ...{ checkout: cwd, config, mode: "deploy", limits: options.list("limit-hosts") },
    ...(revision === undefined ? {} : { revision }),
  };
}

interface Fix {
  readonly invocation: Invocation;
  readonly session: Session;
  readonly request: DeployRequest;
  readonly check: CheckHostsOptions;
  readonly report: HostsReport;
}

/** Restores with the lock held: nobody deploys meanwhile. */
async function fix({ check, invocation, report, request, session }: Fix): Promise<void> {
  const { interrupts, stderr } = invocation;
  const reason = "restore revisions to go back to";
  await withDeployLock({ invocation, config: session.config, reason }, async ({ fencingRevision, lost }) => {
    const restored = await restoreReturns({
      ...check,
      ...{ request, returns: report.returns },
      identity: await identifyDeployment(check.prepared, new Date(), fencingRevision),
      abort: anySignal(interrupts.stop, lost),
    });
    for (const line of fixLines(restored)) stderr.write(`${line}\n`);
  });
}

/** Hosts with the same result in one line each. */
function fixLines(restored: readonly RestoredReturn[]): string[] {
  const hostsOf = new Map<string, string[]>();
  for (const { commit, failure, host } of restored) {
    const name = commit.slice(0, 7);
    const text = failure === undefined ? `restored ${name}` : `could not restore ${name}: ${failure.message}`;
    hostsOf.set(text, [...(hostsOf.get(text) ?? []), host]);
  }
  return [...hostsOf].map(([text, hosts]) => `${foldHosts(hosts)} (${hosts.length}): ${text}`);
}
