import { renderTable } from "@scap/cli";
import type { HostAnswer, HostRevision } from "@scap/deploy";
import { openRepository, type Repository } from "@scap/git";
import { visibleText } from "@scap/log";
import { foldHosts } from "@scap/targets";
import { groupBy } from "../group-by.ts";

/** One revision as all hosts together know it. */
interface ListedRevision {
  readonly revision: string;
  /** First line of the commit message; empty when the checkout does not have the commit. */
  readonly subject: string;
  /** When it went live last on any host, in seconds since 1970. */
  readonly promotedAt: number | null;
  readonly live: readonly string[];
  readonly good: readonly string[];
  readonly bad: readonly { readonly host: string; readonly reason: string }[];
  readonly unknown: readonly string[];
}

/** The revisions that hosts could go back to, the one that was live last first: a table, or a JSON object a line. */
export async function revisionList(
  answers: ReadonlyMap<string, HostAnswer>,
  options: { readonly checkout: string; readonly json: boolean },
): Promise<string> {
  const repository = await openRepository(options.checkout);
  const listed = await listRevisions(answers, repository);
  if (options.json) return listed.map((each) => `${JSON.stringify(each)}\n`).join("");
  const problems = [...answers].flatMap(([host, answer]) =>
    answer.kind === "problem" ? [`${host}: ${visibleText(answer.text)}\n`] : [],
  );
  const table = renderTable([
    ["REVISION", "LAST LIVE", "VERDICT", "HOSTS", "LIVE ON", "SUBJECT"],
    ...listed.flatMap(rowsOf),
  ]);
  return `${table}${problems.join("")}`;
}

async function listRevisions(
  answers: ReadonlyMap<string, HostAnswer>,
  repository: Repository,
): Promise<ListedRevision[]> {
  const found = [...answers].flatMap(([host, answer]) =>
    answer.kind === "problem"
      ? []
      : answer.revisions.map((each) => ({ ...each, host, isLive: answer.current === each.revision })),
  );
  const listed = await Promise.all(
    [...groupBy(found, ({ revision }) => revision)].map(async ([revision, some]) => ({
      revision,
      subject: await subjectOf(repository, revision),
      promotedAt: latest(some),
      live: some.filter(({ isLive }) => isLive).map(({ host }) => host),
      good: some.filter(({ verdict }) => verdict === "good").map(({ host }) => host),
      bad: some.filter(({ verdict }) => verdict === "bad").map(({ host, reason = "" }) => ({ host, reason })),
      unknown: some.filter(({ verdict }) => verdict === "unknown").map(({ host }) => host),
    })),
  );
  return listed.toSorted((a, b) => (b.promotedAt ?? 0) - (a.promotedAt ?? 0));
}

function latest(some: readonly HostRevision[]): number | null {
  const times = some.flatMap(({ promotedAt }) => promotedAt ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

async function subjectOf(repository: Repository, revision: string): Promise<string> {
  const shown = await repository.git(["log", "-1", "--format=%s", revision, "--"], { acceptStatus: [128] });
  return shown.exitCode === 0 ? shown.stdout.trim() : "";
}

function rowsOf(each: ListedRevision): string[][] {
  const { bad, good, live, promotedAt, revision, subject, unknown } = each;
  const when = promotedAt === null ? "never" : new Date(promotedAt * 1000).toISOString().slice(0, 16);
  const verdicts: [string, readonly string[]][] = [
    ["good", good],
    ...[...groupBy(bad, ({ reason }) => reason)].map(([reason, some]): [string, string[]] => [
      `bad: ${reason}`,
      some.map(({ host }) => host),
    ]),
    ["unknown", unknown],
  ];
  return verdicts
    .filter(([, hosts]) => hosts.length > 0)
    .map(([verdict, hosts]) =>
      [
        revision.slice(0, 7),
        when.replace("T", " "),
        verdict,
        `${foldHosts(hosts)} (${hosts.length})`,
        foldHosts(live.filter((host) => hosts.includes(host))),
        subject,
      ].map((cell) => visibleText(cell).replaceAll(/[\t\n]/g, " ")),
    );
}
