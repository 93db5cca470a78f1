import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  consoleSink,
  createLogger,
  createRedactor,
  createReporter,
  fileSink,
  parseFilter,
  timed,
} from "@scap/log";

const path = join(tmpdir(), "example-deploy.log");
const file = fileSink({ path });
const screen = consoleSink({ stream: process.stdout, hide: parseFilter("name == target.*") });
const logger = createLogger({
  name: "deploy",
  sinks: [file, screen],
  redactor: createRedactor({ secrets: ["hunter2"] }),
});

const reporter = createReporter({ name: "sync-apaches", stream: process.stdout, intervalSeconds: 0 });
await timed({ label: "sync-apaches", logger }, () => {
  reporter.expect(2);
  for (const host of ["web1.example.org", "web2.example.org"]) {
    logger
      .named(`target.${host}.deploy-local`)
      .info("Fetch from: %s", { args: ["http://deploy1/web"], host });
    reporter.addSuccess();
  }
  reporter.finish();
});
logger.warning("The password is hunter2");
await file.close();
