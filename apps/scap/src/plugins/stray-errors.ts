import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * An error that a plugin throws where nobody waits for it, in a timer for one, would end the command in the middle of its
 * work. From now on it is a warning, once for each plugin; errors of others end the command as ever.
 */
export function catchStrayErrors(
  running: Pick<NodeJS.Process, "on">,
  paths: readonly string[],
  warn: (text: string) => void,
): void {
  const warned = new Set<string>();
  running.on("uncaughtException", (error: unknown) => {
    const stack = error instanceof Error ? (error.stack ?? "") : "";
    const path = paths.find((each) => stack.includes(`${pathToFileURL(dirname(each)).href}/`));
    if (path === undefined) throw error;
    if (warned.has(path)) return;
    warned.add(path);
    warn(`the plugin ${path} failed in the background: ${error instanceof Error ? error.message : ""}`);
  });
}
