import type { Command } from "@scap/cli";
import { deploy } from "./deploy.ts";
import { deployLog } from "./deploy-log.ts";
import { lab } from "./lab.ts";
import { status } from "./status.ts";
import { version } from "./version.ts";

/** Every command of `scap`. Their code is loaded when they run. */
export const COMMANDS: readonly Command[] = [deploy, deployLog, lab, status, version];
