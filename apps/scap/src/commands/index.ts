import type { Command } from "@scap/cli";
import { cdbJsonRefresh } from "./cdb-json-refresh.ts";
import { cdbRebuild } from "./cdb-rebuild.ts";
import { config } from "./config.ts";
import { deploy } from "./deploy.ts";
import { deployLocal } from "./deploy-local.ts";
import { deployLog } from "./deploy-log.ts";
import { doctor } from "./doctor.ts";
import { history } from "./history.ts";
import { lab } from "./lab.ts";
import { lock } from "./lock.ts";
import { run } from "./run.ts";
import { replay } from "./replay.ts";
import { report } from "./report.ts";
import { rollback } from "./rollback.ts";
import { status } from "./status.ts";
import { targets } from "./targets.ts";
import { template } from "./template.ts";
import { version } from "./version.ts";

/** Every command of `scap`. Their code is loaded when they run. */
export const COMMANDS: readonly Command[] = [
  cdbJsonRefresh,
  cdbRebuild,
  config,
  deploy,
  deployLocal,
  deployLog,
  doctor,
  history,
  lab,
  lock,
  run,
  replay,
  report,
  rollback,
  status,
  targets,
  template,
  version,
];
