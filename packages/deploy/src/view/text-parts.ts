import type { FailureGroup, StageProgress } from "@scap/events";
import { visibleText } from "@scap/log";
import { foldHosts } from "@scap/targets";

/** Lines of a failed command's output that are shown. */
const OUTPUT_LINES = 5;

/** Progress of a stage: `acme/web: fetch stage(s): 66% (in-flight: 1; ok: 2; fail: 0; left: 0)`. */
export function progressText(repo: string, progress: StageProgress): string {
  const { failed, inFlight, ok, stage, total } = progress;
  const done = ok + failed;
  const percent = total === 0 ? 100 : Math.floor((done * 100) / total);
  const left = total - done - inFlight;
  return `${repo}: ${stage} stage(s): ${percent}% (in-flight: ${inFlight}; ok: ${ok}; fail: ${failed}; left: ${left})`;
}

/** What went wrong on the hosts of one group of equal failures, with its last lines of output and what to do. */
export function failureLines(group: FailureGroup): string[] {
  const { failure, hosts, outcome, stage } = group;
  const count = hosts.length > 1 ? ` (${hosts.length})` : "";
  const [first = ""] = hosts;
  const message = hosts.length > 1 ? failure.message.replaceAll(first, "the host") : failure.message;
  const lines = [`${foldHosts(hosts)}${count}: ${stage} ${outcome}: ${visibleText(message)}`];
  const output = (failure.output ?? "").split("\n").filter((line) => line.trim() !== "");
  for (const line of output.slice(-OUTPUT_LINES)) lines.push(`    | ${visibleText(line)}`);
  if (failure.hint !== undefined) lines.push(`    ${visibleText(failure.hint)}`);
  return lines;
}
