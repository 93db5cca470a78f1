import { DeployError } from "../../errors.ts";
import type { HostAnswer } from "./fleet-revisions.ts";
import type { HostRevision, HostRevisions } from "./revision-probe.ts";

/** Where a fleet goes back to, and which hosts cannot. */
export interface RollbackChoice {
  /** Full object id. */
  readonly revision: string;
  /** Hosts that have it and are elsewhere. */
  readonly hosts: readonly string[];
  /** Hosts where it is live and finalized. */
  readonly alreadyThere: readonly string[];
  readonly exceptions: readonly { readonly host: string; readonly reason: string }[];
}

/**
 * Chooses the revision to go back to: the one that is asked for, or the good one that was live last before the present
 * one, on most hosts.
 *
 * @param wanted - full object id, or the beginning of one that a host has
 * @throws DeployError `NO_GOOD_REVISION` or `NO_SUCH_REVISION`
 */
export function chooseRollback(
  answers: ReadonlyMap<string, HostAnswer>,
  wanted: string | undefined,
): RollbackChoice {
  const revision = wanted === undefined ? lastGood(answers) : matching(answers, wanted);
  const choice = {
    revision,
    hosts: [] as string[],
    alreadyThere: [] as string[],
    exceptions: [] as { host: string; reason: string }[],
  };
  for (const [host, answer] of answers) {
    const reason = exceptionOf(answer, revision);
    if (reason !== undefined) choice.exceptions.push({ host, reason });
    else if (isThere(answer, revision)) choice.alreadyThere.push(host);
    else choice.hosts.push(host);
  }
  return choice;
}

function exceptionOf(answer: HostAnswer, revision: string): string | undefined {
  if (answer.kind === "problem") return answer.text;
  const has = answer.revisions.some((each) => each.revision === revision);
  return has ? undefined : `it does not have ${revision.slice(0, 7)}`;
}

function isThere(answer: HostAnswer, revision: string): boolean {
  return answer.kind === "revisions" && answer.current === revision && answer.done === revision;
}

/** Every host has one vote; among equals the revision that was live last anywhere. */
function lastGood(answers: ReadonlyMap<string, HostAnswer>): string {
  const votes = new Map<string, { count: number; promotedAt: number }>();
  for (const answer of answers.values()) {
    const previous = answer.kind === "revisions" ? previousGood(answer) : undefined;
    if (previous === undefined) continue;
    const { count, promotedAt } = votes.get(previous.revision) ?? { count: 0, promotedAt: 0 };
    const latest = Math.max(promotedAt, previous.promotedAt ?? 0);
    votes.set(previous.revision, { count: count + 1, promotedAt: latest });
  }
  const [best] = [...votes].toSorted(([, a], [, b]) => b.count - a.count || b.promotedAt - a.promotedAt);
  if (best !== undefined) return best[0];
  throw new DeployError("No host has a good revision to go back to", {
    code: "NO_GOOD_REVISION",
    hint: "'scap rollback --list' shows what the hosts have; name one of them with --to.",
  });
}

/** The good revision that was live last, other than the live one. */
export function previousGood({ current, revisions }: HostRevisions): HostRevision | undefined {
  return revisions
    .filter(({ revision, verdict }) => verdict === "good" && revision !== current)
    .toSorted((a, b) => (b.promotedAt ?? 0) - (a.promotedAt ?? 0))[0];
}

function matching(answers: ReadonlyMap<string, HostAnswer>, wanted: string): string {
  const all = [...answers.values()].flatMap((answer) =>
    answer.kind === "revisions" ? answer.revisions : [],
  );
  const found = new Set(
    all.map(({ revision }) => revision).filter((revision) => revision.startsWith(wanted)),
  );
  const [revision, ...others] = found;
  if (revision !== undefined && others.length === 0) return revision;
  const what = revision === undefined ? "No host has the revision" : "More than one revision begins with";
  throw new DeployError(`${what} ${wanted}`, {
    code: "NO_SUCH_REVISION",
    hint: "'scap rollback --list' shows what the hosts have. Another revision can be deployed: scap deploy --rev REV.",
  });
}
