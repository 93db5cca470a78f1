import { readFile } from "node:fs/promises";
import { SshError } from "../errors.ts";
import { type KnownHostsLine, lineMatches, parseKnownHostsLine } from "./known-hosts-line.ts";

/** The known hosts of some files, read once; a lookup is cheap also for files of many thousand lines. */
export interface KnownHosts {
  /** The lines about a lookup name, in the order of the files: what `ssh-keygen -F` prints. */
  find(lookupName: string): readonly KnownHostsLine[];
}

/** The name under which ssh files the key of a host: in lower case, with the port unless it is 22. */
export function lookupName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/**
 * Reads known hosts files. Files that do not exist are no error: most users have only one of the usual four.
 *
 * @throws SshError `BAD_OPTION` when a file exists and cannot be read.
 */
export async function loadKnownHosts(files: readonly string[]): Promise<KnownHosts> {
  const texts = await Promise.all(files.map(readIfThere));
  return parseKnownHosts(texts.map((text, index) => ({ text, file: files[index] ?? "" })));
}

/** Like {@link loadKnownHosts}, for texts that are at hand. */
export function parseKnownHosts(files: readonly { text: string; file: string }[]): KnownHosts {
  const exact = new Map<string, KnownHostsLine[]>();
  const others: KnownHostsLine[] = [];
  const order = new Map<KnownHostsLine, number>();
  for (const line of files.flatMap(({ text, file }) => parseLines(text, file))) {
    order.set(line, order.size);
    const names = exactNames(line);
    if (names === undefined) others.push(line);
    else for (const name of names) exact.set(name, [...(exact.get(name) ?? []), line]);
  }
  const find = (name: string): KnownHostsLine[] =>
    [...(exact.get(name) ?? []), ...others.filter((line) => lineMatches(line, name))].toSorted(
      (a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0),
    );
  return { find };
}

function parseLines(text: string, file: string): KnownHostsLine[] {
  return text.split("\n").flatMap((line, index) => parseKnownHostsLine(line, file, index + 1) ?? []);
}

/** The names of a line without patterns or hashes, for the index. */
function exactNames(line: KnownHostsLine): Set<string> | undefined {
  if (line.names.kind === "hash" || /[*?!]/.test(line.names.text)) return undefined;
  return new Set(line.names.text.split(","));
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw new SshError(
      "BAD_OPTION",
      `Cannot read the known hosts file ${file}: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}
