import { rebuildL10nVersions } from "@scap/cdb";
import { EXIT, type Invocation } from "@scap/cli";
import { openSession, type Session } from "../session.ts";
import { activeVersions } from "./active-versions.ts";
import { l10nReporter } from "./l10n-reporter.ts";
import { rerunAs } from "./rerun-as.ts";

/** Rebuilds the localisation caches as the user who owns them. */
export async function runCdbRebuild(invocation: Invocation): Promise<number> {
  const user = invocation.options.flag("master") ? "www-data" : "mwdeploy";
  return (await rerunAs(user, { stderr: invocation.stderr })) ?? (await rebuildActiveVersions(invocation));
}

/** Rebuilds the localisation caches of the active versions. */
export async function rebuildActiveVersions(invocation: Invocation): Promise<number> {
  const { interrupts, options, stderr } = invocation;
  const session = await openSession(invocation);
  const treeDirectory = treeOf(session, options.flag("master"));
  const version = options.string("version");
  const { isVerbose } = session;
  const reporter = l10nReporter({
    stderr,
    title: "l10n merge",
    hasProgress: !options.flag("no-progress"),
    isVerbose,
  });
  let status: number = EXIT.ok;
  const results = rebuildL10nVersions({
    treeDirectory,
    activeVersions: await activeVersions(treeDirectory),
    ...(version === undefined ? {} : { version }),
    threads: options.integer("threads") ?? 0,
    force: options.flag("force"),
    signal: interrupts.stop,
    onEvent: reporter.onEvent,
  });
  for await (const result of results) {
    reporter.finish(result, "CDB");
    if (result.failures.length > 0) status = EXIT.failed;
  }
  return status;
}

function treeOf({ config }: Session, isMaster: boolean): string {
  return config.str(isMaster ? "stage_dir" : "deploy_dir") ?? "";
}
