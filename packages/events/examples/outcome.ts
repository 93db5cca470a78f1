import { EMPTY_VIEW, foldEvent, groupFailures, readEvent } from "@scap/events";

const place = { group: "default", label: "default", stage: "promote" };
const failure = { code: "CHECK_FAILED", message: "not healthy", output: "500 Internal Server Error" };
const log = [
  { event: "stage.started", ...place, hosts: ["web1", "web2"] },
  { msg: "records without an event are left out" },
  { event: "stage.host.finished", ...place, host: "web1", outcome: "failed", durationMs: 900, failure },
  { event: "stage.host.finished", ...place, host: "web2", outcome: "failed", durationMs: 800, failure },
];
const events = log.flatMap((record) => readEvent(record) ?? []);
const view = events.reduce(foldEvent, EMPTY_VIEW);
for (const { hosts, failure: why } of groupFailures(view.failures)) {
  console.log(`${hosts.join(", ")}: ${why.message}`);
}
