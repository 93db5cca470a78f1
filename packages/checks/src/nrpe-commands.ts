import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** The default of the option `nrpe_dir`. */
export const DEFAULT_NRPE_DIR = "/etc/nagios/nrpe.d";

/** What to do about files and lines that cannot be used. */
export interface NrpeCommandsOptions {
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * The commands of all regular files directly in a directory, in the order of file names; of a command that is
 * defined twice the later definition counts. No directory means no commands.
 */
export function readNrpeCommands(directory: string, options: NrpeCommandsOptions = {}): Map<string, string> {
  const warn = options.onWarning ?? ((): void => {});
  const commands = new Map<string, string>();
  for (const path of regularFilesIn(directory)) {
    let text;
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
    } catch {
      warn(`NRPE file ${path} cannot be read or is not UTF-8: skipped`);
      continue;
    }
    for (const [name, command] of parseNrpeCommands(text)) {
      if (/\$ARG\d+\$/.test(command))
        warn(`NRPE command "${name}" in ${path} has arguments, which are not replaced`);
      commands.set(name, command);
    }
  }
  return commands;
}

/** The `command[name]=...` lines of an NRPE configuration. Nothing else in it matters; there are no trailing comments. */
export function parseNrpeCommands(text: string): Map<string, string> {
  const commands = new Map<string, string>();
  for (const line of text.split(/\r\n|\r|\n/)) {
    const match = /^command\[(.+)\][ \t]*=[ \t]*(.+)$/s.exec(strip(line));
    if (match?.[1] !== undefined && match[2] !== undefined) commands.set(match[1], match[2]);
  }
  return commands;
}

/** What Python takes for white space: the information separators and NEL belong to it, a byte order mark does not. */
const BLANK = /[\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

function strip(line: string): string {
  let [start, end] = [0, line.length];
  while (start < end && BLANK.test(line.charAt(start))) start += 1;
  while (end > start && BLANK.test(line.charAt(end - 1))) end -= 1;
  return line.slice(start, end);
}

function regularFilesIn(directory: string): string[] {
  let names;
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  return names
    .toSorted()
    .map((name) => join(directory, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}
