import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderReport } from "@scap/report";

const place = { group: "default", label: "default", stage: "fetch" };
const events = [
  {
    event: "deploy.started",
    mode: "deploy",
    repo: "shop/web",
    environment: null,
    commit: "0123456789abcdef0123456789abcdef01234567",
    revision: "v1.4",
    tag: null,
    user: "alice",
    message: "fix the login page",
    groups: [{ name: "default", hosts: ["web1", "web2"], failureLimit: 0 }],
  },
  { event: "stage.started", ...place, hosts: ["web1", "web2"] },
  { event: "stage.host.started", ...place, host: "web1" },
  { event: "stage.host.finished", ...place, host: "web1", outcome: "ok", durationMs: 1500 },
];
const records = events.map((event, at) => ({
  name: "deploy",
  msg: event.event,
  args: [],
  levelno: 20,
  created: 1_900_000_000 + at,
  ...event,
}));

const path = join(await mkdtemp(join(tmpdir(), "scap-report-")), "report.html");
await writeFile(path, renderReport(records));
console.log(`Open ${path} in a browser`);
