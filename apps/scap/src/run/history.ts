import { join } from "node:path";
import { EXIT, renderTable, UsageError, type Invocation } from "@scap/cli";
import { formatDuration, readHistory, revisionText, visibleText, type DeploymentTiming } from "@scap/log";
import { deploymentsOfTags } from "../tag-history.ts";

export async function runHistory(invocation: Invocation): Promise<number> {
  const { cwd, interrupts, options, stdout } = invocation;
  const limit = options.integer("limit") ?? 0;
  if (limit < 1) throw new UsageError(`--limit: must be at least 1, not ${limit}`);
  const groups = options.list("group");
  // The limit counts what is listed, so it comes after the choice of groups.
  const logged = await readHistory({
    directory: join(cwd, "scap", "log"),
    limit: Number.POSITIVE_INFINITY,
    signal: interrupts.stop,
  });
  const happened = logged.filter(({ mode }) => mode !== "dry-run");
  const all = [...happened, ...(await deploymentsOfTags(cwd, happened))].toSorted(
    (a, b) => b.startedAt - a.startedAt,
  );
  const listed = all.filter((deployment) => reaches(deployment, groups)).slice(0, limit);
  if (options.flag("json")) stdout.write(listed.map(jsonLine).join(""));
  else if (listed.length === 0) stdout.write(`There is no deployment in ${join("scap", "log")}.\n`);
  else stdout.write(renderTable([HEADINGS, ...listed.map((each) => toRow(each, options.flag("utc")))]));
  return interrupts.stop.aborted ? interrupts.exitCode : EXIT.ok;
}

function reaches({ groups }: DeploymentTiming, wanted: readonly string[]): boolean {
  return wanted.length === 0 || groups.some((group) => wanted.includes(group));
}

const HEADINGS = ["WHEN", "WHO", "WHAT", "OUTCOME", "DURATION", "HOSTS", "GROUPS", "MESSAGE"];
const MESSAGE_LENGTH = 60;

function toRow(deployment: DeploymentTiming, utc: boolean): string[] {
  const { durationMs, groups, message, outcome, startedAt, user } = deployment;
  const isOfTag = deployment.plannedHosts.length === 0;
  return [
    whenText(startedAt, utc),
    user,
    whatText(deployment),
    outcome ?? "not finished",
    outcome === undefined || isOfTag ? "" : formatDuration(durationMs / 1000),
    isOfTag
      ? "?"
      : `${outcome === undefined ? "?" : okHosts(deployment).length} of ${deployment.plannedHosts.length}`,
    groups.join(", "),
    message.slice(0, MESSAGE_LENGTH),
  ].map((cell) => visibleText(cell).replaceAll(/[\t\n]/g, " "));
}

/** The revision, and what was done with it where that was not a whole deployment. */
function whatText(deployment: DeploymentTiming): string {
  const { commit, mode } = deployment;
  return mode === "" || mode === "deploy" ? revisionText(deployment) : `${mode} ${commit.slice(0, 7)}`;
}

/** Hosts whose last stage went well; not those that were taken back. */
function okHosts({ hostStages }: DeploymentTiming): string[] {
  const last = new Map(hostStages.map((each) => [each.host, each]));
  return [...last.values()]
    .filter(({ outcome, stage }) => outcome === "ok" && stage !== "rollback")
    .map(({ host }) => host);
}

function whenText(seconds: number, utc: boolean): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "?";
  const offsetMs = utc ? 0 : date.getTimezoneOffset() * 60_000;
  return new Date(date.getTime() - offsetMs).toISOString().slice(0, 19).replace("T", " ");
}

function jsonLine(deployment: DeploymentTiming): string {
  const {
    commit,
    durationMs,
    groups,
    message,
    mode,
    outcome,
    plannedHosts,
    repo,
    revision,
    startedAt,
    user,
  } = deployment;
  const fields = { startedAt, user, repo, mode, revision, commit, message, outcome: outcome ?? null };
  const length = outcome === undefined ? null : durationMs;
  const hosts = { hosts: plannedHosts, hostsOk: okHosts(deployment) };
  return `${JSON.stringify({ ...fields, durationMs: length, groups, ...hosts })}\n`;
}
