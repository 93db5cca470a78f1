import { hostname } from "node:os";
import { UsageError } from "@scap/cli";
import type { Config } from "@scap/config";
import { bareEvent, readEvent, type DeployEvent, type DeployStarted } from "@scap/events";
import { formatMessage, webhookSink, type LogRecord, type Sink } from "@scap/log";

/** What somebody who is not at the terminal wants to know. */
const TOLD: readonly DeployEvent["event"][] = [
  "deploy.started",
  "group.verdict",
  "rollback.started",
  "rollback.finished",
  "deploy.finished",
];

/** How long a finished deployment waits for receivers that do not answer, in milliseconds. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Tells the receivers of `notify_webhooks` of a deployment, in the background.
 *
 * @throws UsageError for an address that is none
 */
export function webhookSinks(config: Config, onProblem: (text: string) => void): Sink[] {
  const urls = (config.list("notify_webhooks") ?? []).filter((url) => url !== "");
  return urls.map((url) => {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw new UsageError(
        `notify_webhooks: an entry is not an address that begins with http:// or https://`,
      );
    return webhookSink({ url, bodyOf: noticeMaker(), closeTimeoutMs: CLOSE_TIMEOUT_MS, onProblem });
  });
}

/** Makes the body of what is told: the event with the deployment that it belongs to, and a line for people. */
function noticeMaker(): (record: LogRecord) => object | undefined {
  let started: DeployStarted | undefined;
  return (record) => {
    const event = record.name.startsWith("target.") ? undefined : readEvent(record);
    if (event?.event === "deploy.started") started = event;
    if (event === undefined || started === undefined || !isTold(event, started)) return undefined;
    const { commit, environment, message, repo, user } = started;
    return {
      ...{ repo, environment, commit, user, message },
      ...bareEvent(event),
      text: `${repo}@${commit.slice(0, 7)}: ${formatMessage(record)}`,
      at: new Date(record.created * 1000).toISOString(),
      deployServer: hostname(),
    };
  };
}

function isTold(event: DeployEvent, { mode }: DeployStarted): boolean {
  const isGoodVerdict = event.event === "group.verdict" && event.passed;
  return mode !== "dry-run" && TOLD.includes(event.event) && !isGoodVerdict;
}
