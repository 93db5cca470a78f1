import { createHash } from "node:crypto";
import { basename } from "node:path";
import { quoteShell } from "@scap/ssh-job";
import { COMPLETE_MARKER } from "../../target/revisions/revisions.ts";
import type { DeployPlan } from "../plan/plan.ts";
import { targetPathsScript, type ProbedRepository } from "../target-paths-script.ts";

/** What a host must look like so that a deployment has nothing to do there. */
export interface NoopProbe extends ProbedRepository {
  readonly commit: string;
  /** The deploy info that would be published. */
  readonly deployInfo: string;
}

/** Lines of a deploy info that every deployment changes, and that say nothing about what is deployed. */
const VOLATILE = /^(?:tag|timestamp|user): .*\n/gm;

/**
 * Whether stages may be skipped on hosts where nothing is to be done. Checks before a stage run even then, and so does
 * everything under `--force`; configuration files may have to be rendered anew.
 */
export function allowsProbe(
  plan: DeployPlan,
  options: { force: boolean; hasChecksBefore: boolean; configDeploy: boolean },
): boolean {
  return plan.mode === "deploy" && !options.force && !options.hasChecksBefore && !options.configDeploy;
}

/**
 * Shell text that ends after reading the greeting and printing `answer` where the commit is live, finalized and
 * complete and the same deploy info was published; elsewhere it goes on. It only reads. To start a worker just to find
 * that out would take most of the time of a deployment that changes nothing, and so would a process for each look: the
 * shell does what it can by itself.
 */
export function noopProbeScript(probe: NoopProbe, answer: string): string {
  const { commit, deployInfo, gitDeployDir, repo } = probe;
  const stable = createHash("sha256").update(deployInfo.replaceAll(VOLATILE, "")).digest("hex");
  const name = basename(repo);
  const links = [`${name}-cache/revs/${commit}`, `revs/${commit}`, `revs/${commit}`].join("\n");
  return [
    `probe() {`,
    targetPathsScript({ repo, gitDeployDir }),
    `  rev=$root/revs/${commit}`,
    `  [ "$(readlink "$final" "$root/current" "$root/.done")" = ${quoteShell(links)} ] || return 1`,
    `  [ -f "$rev/.git/${COMPLETE_MARKER}" ] && [ ! -L "$root/.in-progress" ] || return 1`,
    // Left behind by a run that ended in the middle of something.
    `  for note in journal unsettled lease drained damaged; do [ ! -e "$root/.scap/$note" ] || return 1; done`,
    `  read -r head <"$rev/.git/HEAD" && [ "$head" = ${commit} ] || return 1`,
    `  [ "$(grep -vE '^(tag|timestamp|user): ' "$root/.config" | sha256sum)" = "${stable}  -" ]`,
    `}`,
    `if probe 2>/dev/null; then read -r greeting; echo ${quoteShell(answer)}; exit 0; fi`,
  ].join("\n");
}
