import type { Command } from "@scap/cli";
import { cdbJsonRefresh } from "./cdb-json-refresh.ts";
import { cdbRebuild } from "./cdb-rebuild.ts";
import { completeValues, completion } from "./completion.ts";
import { config } from "./config.ts";
import { deploy } from "./deploy.ts";
import { deployLocal } from "./deploy-local.ts";
import { deployLog } from "./deploy-log.ts";
import { doctor } from "./doctor.ts";
import { history } from "./history.ts";
import { installWorld } from "./install-world.ts";
import { lab } from "./lab.ts";
import { list } from "./list.ts";
import { lock } from "./lock.ts";
import { run } from "./run.ts";
import { replay } from "./replay.ts";
import { report } from "./report.ts";
import { rollback } from "./rollback.ts";
import { say } from "./say.ts";
import { status } from "./status.ts";
import { targets } from "./targets.ts";
import { template } from "./template.ts";
import { version } from "./version.ts";

/** Every command of `scap`. Their code is loaded when they run. */
export const COMMANDS: readonly Command[] = [
  cdbJsonRefresh,
  cdbRebuild,
  completeValues,
  completion,
  config,
  deploy,
  deployLocal,
  deployLog,
  doctor,
  history,
  installWorld,
  lab,
  list,
  lock,
  run,
  replay,
  report,
  rollback,
  say,
  status,
  targets,
  template,
  version,
];
