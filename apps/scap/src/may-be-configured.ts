import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Invocation } from "@scap/cli";

/** The configuration of the whole host, which also names plugins. */
const SYSTEM_FILE = "/etc/scap.cfg";

/** Whether there is a configuration of the whole host. */
export function hasSystemFile(): boolean {
  return existsSync(SYSTEM_FILE);
}

/**
 * Whether opening a session could find anything to read or to complain about. Where it cannot, the code that would
 * look need not be loaded, which takes longer than all else that a short command does.
 */
export function mayBeConfigured({ cwd, env, options }: Pick<Invocation, "cwd" | "env" | "options">): boolean {
  return (
    options.string("conf") !== undefined ||
    options.string("environment") !== undefined ||
    options.list("define").length > 0 ||
    env["SCAP_LOG_LEVEL"] !== undefined ||
    hasSystemFile() ||
    existsSync(join(cwd, "scap")) ||
    existsSync(join(homedir(), ".scap"))
  );
}
