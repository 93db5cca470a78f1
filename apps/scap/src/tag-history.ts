import { openRepository } from "@scap/git";
import type { DeploymentTiming } from "@scap/log";

/** A tag is made right before its deployment begins, so this far apart they belong together, in seconds. */
const TOGETHER_SECONDS = 120;

/** The message's first line is `user NAME`. */
const FORMAT = "%(refname:lstrip=2)%09%(*objectname)%09%(taggerdate:unix)%09%(contents:subject)";

/**
 * Deployments that only their tags tell of: their logs are gone, or another tool made them. A directory that is no
 * checkout has none.
 *
 * @param known - deployments that logs tell of
 */
export async function deploymentsOfTags(
  checkout: string,
  known: readonly DeploymentTiming[],
): Promise<DeploymentTiming[]> {
  const lines = await tagLines(checkout);
  return lines.flatMap((line) => {
    const found = deploymentOf(line);
    const isKnown = known.some(
      ({ commit, startedAt }) =>
        commit === found?.commit && Math.abs(startedAt - found.startedAt) < TOGETHER_SECONDS,
    );
    return found === undefined || isKnown ? [] : [found];
  });
}

async function tagLines(checkout: string): Promise<string[]> {
  const repository = await openRepository(checkout).catch(() => undefined);
  const listed = await repository?.git(["for-each-ref", `--format=${FORMAT}`, "refs/tags/scap/sync"]);
  return listed?.stdout.split("\n") ?? [];
}

function deploymentOf(line: string): DeploymentTiming | undefined {
  const [revision = "", commit = "", seconds = "", text = ""] = line.split("\t");
  if (commit === "" || !/^\d+$/.test(seconds)) return undefined;
  const user = /^user (\S+)/.exec(text)?.[1] ?? "?";
  return {
    ...{ repo: "", mode: "deploy", revision, commit, user, message: "(known from its tag only)" },
    ...{ startedAt: Number(seconds), durationMs: 0, outcome: "unknown" },
    ...{ groups: [], plannedHosts: [], hostStages: [], stageRuns: [] },
  };
}
