import { decodeHostList } from "../host-list-file.ts";
import { parseHostList } from "../host-list.ts";
import { hostSetOf } from "../host-set-of.ts";
import { runInventoryCommand } from "../inventory-command.ts";
import type { SearchBackend } from "../query/backend.ts";

/** The program behind `I{…}`. */
export interface InventoryOptions {
  /** Program and first arguments; the query follows as one more. */
  readonly argv: readonly string[];
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** @defaultValue "I" */
  readonly prefix?: string | undefined;
  /** Longest run, in milliseconds. @defaultValue 30_000 */
  readonly timeoutMs?: number | undefined;
}

/** `I{…}`: a program that gets the query and prints one host a line. */
export function inventoryBackend(options: InventoryOptions): SearchBackend {
  const { argv, env = {}, prefix = "I", timeoutMs } = options;
  return {
    kind: "search",
    prefix,
    name: "inventory",
    search: async (query, { signal }) => {
      const output = await runInventoryCommand({ argv: [...argv, query], env, timeoutMs, signal });
      const source = argv.join(" ");
      return hostSetOf(parseHostList(decodeHostList(output, source), source).hosts);
    },
  };
}
