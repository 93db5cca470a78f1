import { readFile } from "node:fs/promises";
import { isIP } from "node:net";

import { TargetsError } from "../errors.ts";
import { isHostName } from "../host-name.ts";
import { parseHostSet } from "../host-set-parser.ts";
import { EMPTY_HOST_SET, type HostSet } from "../host-set.ts";
import type { NamesBackend } from "../query/backend.ts";

/** Which files to read, and whom to tell about odd lines. */
export interface KnownHostsOptions {
  /** All are merged; one that does not exist is empty. */
  readonly files: readonly string[];
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** `K{…}`: names that stand in clear in known hosts files. The files are read once. */
export function knownHostsBackend(options: KnownHostsOptions): NamesBackend {
  let names: Promise<HostSet> | undefined;
  return { kind: "names", prefix: "K", name: "known hosts", names: () => (names ??= readAll(options)) };
}

async function readAll({ files, onWarning }: KnownHostsOptions): Promise<HostSet> {
  const texts = await Promise.all(files.map(readIfThere));
  const names = texts.flatMap((text, index) => {
    const lines = text.split(/\r\n|\n|\r/);
    return lines.flatMap((line, row) => namesOf(line, `${files[index] ?? ""}:${row + 1}`, onWarning));
  });
  return names.length === 0 ? EMPTY_HOST_SET : parseHostSet(names.join(","));
}

function namesOf(line: string, place: string, onWarning: KnownHostsOptions["onWarning"]): string[] {
  const fields = line.trim().split(/\s+/);
  const marker = fields[0]?.startsWith("@") === true ? fields.shift() : undefined;
  const [entries = ""] = fields;
  if (marker === undefined && (entries === "" || entries.startsWith("#"))) return [];
  if (entries.startsWith("|") || marker === "@revoked") return [];
  if (marker !== undefined && marker !== "@cert-authority") {
    onWarning?.(`${place}: the marker ${marker} is unknown; the line is passed over`);
    return [];
  }
  if (fields.length < 3) {
    onWarning?.(`${place}: a known hosts line needs names, a type and a key; the line is passed over`);
    return [];
  }
  return entries.split(",").map(bareName).filter(isSingleHost);
}

/** `[name]:port` is that name on another port. */
function bareName(entry: string): string {
  return /^\[(.*)\]:[0-9]+$/.exec(entry)?.[1] ?? entry;
}

/** Addresses, wildcards and negations (`!name`) stand for no host of their own. */
function isSingleHost(name: string): boolean {
  return isIP(name) === 0 && isHostName(name);
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return "";
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TargetsError(`Cannot read the known hosts ${file}: ${reason}`, {
      code: "QUERY_BACKEND_FAILED",
      cause,
    });
  }
}
