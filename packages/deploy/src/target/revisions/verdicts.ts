import { join } from "node:path";

import { stateNote, type StateNote } from "../state-notes.ts";
import type { TargetPaths } from "../target-paths.ts";

/** What this host has learnt about a revision. A revision without one is unknown. */
export interface RevisionVerdict {
  /** `good`: it was finalized here. `bad`: a check or a person said so. `unknown`: it was taken back for another reason. */
  readonly verdict: "good" | "bad" | "unknown";
  /** Why, unless it is good. */
  readonly reason?: string;
  /** When, ISO 8601. */
  readonly at: string;
}

/** Verdicts by revision. */
export type RevisionVerdicts = Readonly<Record<string, RevisionVerdict>>;

/** More revisions than anybody keeps; the oldest verdicts go first. */
const VERDICTS_KEPT = 200;

/** The verdicts that this host remembers, also of revisions whose directory has gone. Python Scap does not look at them. */
export async function readVerdicts(paths: TargetPaths): Promise<RevisionVerdicts> {
  return (await verdictsNote(paths).read()) ?? {};
}

/** Remembers a verdict in place of what was known of the revision. Call with the writer's seat held. */
export async function writeVerdict(
  paths: TargetPaths,
  revision: string,
  verdict: Omit<RevisionVerdict, "at">,
): Promise<void> {
  const { [revision]: _known, ...others } = await readVerdicts(paths);
  const entries: [string, RevisionVerdict][] = [
    ...Object.entries(others).slice(-(VERDICTS_KEPT - 1)),
    [revision, { ...verdict, at: new Date().toISOString() }],
  ];
  await verdictsNote(paths).write(Object.fromEntries(entries));
}

function verdictsNote(paths: TargetPaths): StateNote<RevisionVerdicts> {
  return stateNote<RevisionVerdicts>(join(paths.state, "verdicts"));
}
