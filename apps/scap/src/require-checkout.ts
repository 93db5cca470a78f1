import { stat } from "node:fs/promises";
import { join } from "node:path";
import { CliError, EXIT } from "@scap/cli";

/**
 * Nothing is written before this: a command in the wrong directory leaves no trace.
 *
 * @throws CliError `NO_CHECKOUT`
 */
export async function requireCheckout(directory: string): Promise<void> {
  if (await exists(join(directory, ".git"))) return;
  throw new CliError(`${directory} is not the top level of a git repository: there is no .git`, {
    code: "NO_CHECKOUT",
    isRefusal: true,
    exitCode: EXIT.failed,
    hint: "Change to the top level of a repository that has scap/scap.cfg, and run it again.",
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
