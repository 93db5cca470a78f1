import { expandHosts } from "./hosts.ts";
import { findHostListFile, decodeHostList, readHostListFile } from "./host-list-file.ts";
import { parseHostList, type HostList } from "./host-list.ts";
import { runInventoryCommand } from "./inventory-command.ts";

/** Where relative names are looked for, and how programs are run. */
export interface SourceOptions {
  readonly searchPath: readonly string[];
  /** Deploy group the hosts are for; a program finds it in `SCAP_GROUP`. */
  readonly group: string;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the hosts that the value of a host list option stands for:
 *
 * - `inline:web[1-3],db1`: the hosts themselves, also over several lines;
 * - `exec:program argument …`: what a program prints, a host a line; the program is found like a file;
 * - anything else: the name of a host list file.
 */
export async function readTargetSource(value: string, options: SourceOptions): Promise<HostList> {
  if (value.startsWith("inline:")) return { hosts: readInline(value.slice("inline:".length)), warnings: [] };
  if (value.startsWith("exec:")) return await readProgram(value.slice("exec:".length), options);
  return await readHostListFile(await findHostListFile(value, options.searchPath));
}

function readInline(text: string): string[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return [...new Set(lines.flatMap((line) => expandHosts(line)))];
}

async function readProgram(command: string, options: SourceOptions): Promise<HostList> {
  const [name = "", ...args] = command.trim().split(/\s+/);
  const program = await findHostListFile(name, options.searchPath);
  const output = await runInventoryCommand({
    argv: [program, ...args],
    env: { SCAP_GROUP: options.group },
    timeoutMs: options.timeoutMs,
    signal: options.signal,
  });
  return parseHostList(decodeHostList(output, program), program);
}
