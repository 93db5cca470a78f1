import { join } from "node:path";
import { CliError, EXIT } from "@scap/cli";
import { pathExists } from "./path-exists.ts";

/**
 * Nothing is written before this: a command in the wrong directory leaves no trace.
 *
 * @throws CliError `NO_CHECKOUT`
 */
export async function requireCheckout(directory: string): Promise<void> {
  if (await pathExists(join(directory, ".git"))) return;
  throw new CliError(`${directory} is not the top level of a git repository: there is no .git`, {
    code: "NO_CHECKOUT",
    isRefusal: true,
    exitCode: EXIT.failed,
    hint: "Change to the top level of a repository that has scap/scap.cfg, and run it again.",
  });
}
