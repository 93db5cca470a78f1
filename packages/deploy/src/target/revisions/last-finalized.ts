/** What a host knows of its revisions besides the link `.done`. */
export interface KnownRevisions {
  readonly current: string | null;
  /** Revision that is being deployed; none once it is finalized or taken back. */
  readonly inProgress: string | null;
  /** Revisions that were live, the newest first. */
  readonly promoted: readonly string[];
  readonly verdictOf: (revision: string) => string | undefined;
  /** Whether the first deployment to the host is still under way. */
  readonly isFirst: boolean;
}

/**
 * The revision that a host without the link `.done` finalized last, as far as its other notes tell: the live one, unless
 * a deployment is under way; then the good one that was live before. Null when none was, or nobody knows. The shell text of
 * `scap doctor` decides in the same way.
 */
export function lastFinalized(known: KnownRevisions): string | null {
  const { current, inProgress, isFirst, promoted, verdictOf } = known;
  if (isFirst) return null;
  if (current !== null && current !== inProgress && verdictOf(current) !== "bad") return current;
  return promoted.find((each) => each !== current && verdictOf(each) === "good") ?? null;
}
