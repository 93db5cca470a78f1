import { CliError, EXIT, type Invocation } from "@scap/cli";
import { scapDirectories } from "@scap/deploy";
import { foldHosts, loadDirectTargets, loadTargets, TargetsError, type TargetList } from "@scap/targets";
import type { Session } from "./session.ts";

/**
 * The hosts that `install-world` works on: those of `scap_targets`, or of the checkout where there is no such list.
 *
 * @throws TargetsError when a list, a limit or an exclude is wrong; CliError when no host is left.
 */
export async function installTargets(
  invocation: Invocation,
  { config }: Session,
): Promise<readonly string[]> {
  const { cwd, options } = invocation;
  const exclude = options.string("exclude-hosts");
  const request = {
    config,
    searchPath: await scapDirectories(cwd, config.str("environment") ?? null),
    limits: options.list("limit-hosts"),
    ...(exclude === undefined ? {} : { exclude }),
  };
  const { excluded, hosts, warnings } = await fleetOrCheckout(request);
  for (const warning of warnings) invocation.stderr.write(`warning: ${warning}\n`);
  if (excluded.length > 0) invocation.stderr.write(`excluded: ${foldHosts(excluded)}\n`);
  if (hosts.length > 0) return hosts;
  throw new CliError("No hosts are left to install on", {
    code: "NO_TARGETS",
    exitCode: EXIT.failed,
    hint: "Check scap_targets, --limit-hosts and --exclude-hosts.",
  });
}

type Request = Omit<Parameters<typeof loadTargets>[0], "key">;

async function fleetOrCheckout(request: Request): Promise<TargetList> {
  try {
    return await loadDirectTargets({ ...request, key: "scap_targets" });
  } catch (error) {
    const isDefault = request.config.origin("scap_targets").kind === "default";
    if (!isDefault || !(error instanceof TargetsError) || error.code !== "TARGET_LIST_MISSING") throw error;
    return await loadTargets({ ...request, key: "dsh_targets" });
  }
}
