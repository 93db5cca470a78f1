import { createHash } from "node:crypto";
import { readEvent, type DeployStarted } from "@scap/events";
import { visibleText, type LooseRecord } from "@scap/log";
import { PAGE_SCRIPT, PAGE_STYLE } from "#page";
import { ReportError } from "./errors.ts";
import { escapeHtml, scriptJson } from "./escape-html.ts";
import { packRecords } from "./pack-records.ts";
import { plainRecord, type PlainRecord } from "./plain-record.ts";

/**
 * One self-contained HTML page of a deployment: it needs no server and no network, and its policy allows none. Of a
 * log that holds several deployments the last one is shown.
 *
 * @param records - of a deployment's log, in its order
 * @throws ReportError with code `NO_DEPLOYMENT` when no record tells that a deployment started
 */
export function renderReport(records: Iterable<LooseRecord>): string {
  const shown = lastDeployment(plainRecords(records));
  const title = `Deployment of ${shown.started.repo} ${shown.started.commit.slice(0, 7)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(visibleText(title))}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<div id="app"><p>This report needs JavaScript; everything that it shows is in this file.</p></div>
<script type="application/json" id="records">${scriptJson(packRecords(shown.records))}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

function plainRecords(records: Iterable<LooseRecord>): PlainRecord[] {
  const plain: PlainRecord[] = [];
  for (const record of records) plain.push(plainRecord(record, plain.at(-1)?.created ?? 0));
  return plain;
}

interface Deployment {
  readonly started: DeployStarted;
  readonly records: readonly PlainRecord[];
}

function lastDeployment(records: readonly PlainRecord[]): Deployment {
  const starts = records.flatMap((record, at) => {
    const event = readEvent(record);
    return event?.event === "deploy.started" ? [{ at, event }] : [];
  });
  const last = starts.at(-1);
  if (last === undefined) {
    throw new ReportError("The log holds no deployment", {
      code: "NO_DEPLOYMENT",
      hint: "Name a log that scap deploy wrote: they are in scap/log.",
    });
  }
  // What was said before the only deployment, such as its announcement, belongs to it.
  return { started: last.event, records: starts.length === 1 ? records : records.slice(last.at) };
}

/** Only the page's own script and style run: text of a log could not even if it got out of its place. */
function policy(): string {
  return `default-src 'none'; script-src '${hash(PAGE_SCRIPT)}'; style-src '${hash(PAGE_STYLE)}'; base-uri 'none'; form-action 'none'`;
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
