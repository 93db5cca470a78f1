import { PROMOTED_MARKER } from "../../target/revisions/revisions.ts";
import type { RevisionVerdict } from "../../target/revisions/verdicts.ts";
import { targetPathsScript, type ProbedRepository } from "../target-paths-script.ts";

/** A revision on a host. */
export interface HostRevision {
  /** Full object id. */
  readonly revision: string;
  readonly verdict: RevisionVerdict["verdict"];
  /** Why, unless it is good or nothing is known. */
  readonly reason?: string;
  /** When it went live last, in seconds since 1970; null when it never did. */
  readonly promotedAt: number | null;
}

/** The revisions that a host could switch to, and where its links lead. */
export interface HostRevisions {
  readonly current: string | null;
  readonly done: string | null;
  readonly revisions: readonly HostRevision[];
}

const START = "== scap-revisions 1";
const END = "== end";

/** Shell text that tells which revisions are on a host. It only reads. */
export function revisionProbeScript(repository: ProbedRepository): string {
  return `exec 2>/dev/null; export LC_ALL=C; unset CDPATH
${targetPathsScript(repository)}
echo '${START}'
where() { cd -P "$2" && printf '%s %s\\n' "$1" "\${PWD##*/}"; }
where current "$root/current"; where done "$root/.done"
for dir in "$root"/revs/*; do
  head=; read -r head <"$dir/.git/HEAD"; name=\${dir##*/}
  [ "$head" != "$name" ] || echo "revision $name"
done
stat -c 'promoted %.3Y %n' "$root"/revs/*/.git/${PROMOTED_MARKER}
verdicts=; read -r verdicts <"$root/.scap/verdicts"; printf 'verdicts %s\\n' "$verdicts"
echo '${END}'`;
}

/**
 * Reads what {@link revisionProbeScript} printed.
 *
 * @returns undefined when the text is not whole, or from something else
 */
export function parseRevisionProbe(text: string): HostRevisions | undefined {
  const lines = text.split("\n");
  const [start, end] = [lines.indexOf(START), lines.lastIndexOf(END)];
  if (start < 0 || end < start) return undefined;
  const facts = lines.slice(start + 1, end).map((line) => line.split(" "));
  const valueOf = (name: string): string | null => facts.find(([word]) => word === name)?.[1] ?? null;
  const times = new Map(
    facts.flatMap(([word, time, ...path]) =>
      word === "promoted" ? [[path.join(" ").split("/").at(-3) ?? "", Number(time)] as const] : [],
    ),
  );
  const verdicts = parseVerdicts(
    facts
      .find(([word]) => word === "verdicts")
      ?.slice(1)
      .join(" ") ?? "",
  );
  const revisions = facts.flatMap(([word, revision = ""]) =>
    word === "revision" ? [describe(revision, verdicts[revision], times.get(revision))] : [],
  );
  return { current: valueOf("current"), done: valueOf("done"), revisions };
}

function describe(
  revision: string,
  known: Partial<RevisionVerdict> | undefined,
  promotedAt: number | undefined,
): HostRevision {
  const { reason, verdict = "unknown" } = known ?? {};
  const isKnown = verdict === "good" || verdict === "bad";
  return {
    revision,
    verdict: isKnown ? verdict : "unknown",
    ...(typeof reason === "string" ? { reason } : {}),
    promotedAt: Number.isFinite(promotedAt) ? (promotedAt ?? null) : null,
  };
}

/** What a host says is looked at with care: anything but a map of verdicts counts as none. */
function parseVerdicts(text: string): Record<string, Partial<RevisionVerdict>> {
  try {
    const value: unknown = JSON.parse(text);
    const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
    if (!isMap) return {};
    const entries = Object.entries(value).filter(([, each]) => typeof each === "object" && each !== null);
    return Object.fromEntries(entries) as Record<string, Partial<RevisionVerdict>>; // fields are looked at one by one
  } catch {
    return {};
  }
}
