import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

import { knownHostsBackend } from "../backends/known-hosts.ts";
import { puppetdbBackend } from "../backends/puppetdb/puppetdb.ts";
import { TargetsError } from "../errors.ts";
import { loadAliases, type Aliases } from "./alias.ts";
import type { HostBackend } from "./backend.ts";
import { SectionReader } from "./section-reader.ts";
import { yamlMapping } from "./yaml-mapping.ts";

/** Backends and aliases for queries. */
export interface QueryConfig {
  readonly backends: readonly HostBackend[];
  readonly aliases: Aliases;
  /** Variables for programs that a query or a run starts; never set in this process. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Keys of the file that are about running commands, or that have no use here. */
const OTHER_KEYS = new Set(["transport", "log_file", "clustershell", "kerberos"]);

/**
 * Reads the configuration that Cumin users have (`/etc/cumin/config.yaml`): `knownhosts` gives `K{…}`, `puppetdb`
 * gives `P{…}`, and `aliases.yaml` in the same directory gives `A:name`. A file that does not exist is empty.
 *
 * @param onWarning - gets keys that are not understood
 * @throws {TargetsError} `QUERY_CONFIG` naming the file, the line and the key
 */
export async function loadQueryConfig(
  file: string,
  onWarning: (warning: string) => void = () => undefined,
): Promise<QueryConfig> {
  const path = expandHome(file);
  const [text, aliases] = await Promise.all([
    readIfThere(path),
    loadAliases(join(dirname(path), "aliases.yaml")),
  ]);
  const top = new SectionReader({ file: path, text, onWarning }, "", parse(text, path));
  const backends = [
    knownHosts(top.section("knownhosts"), onWarning),
    await puppetdb(top.section("puppetdb")),
  ];
  const environment = top.section("environment")?.variables() ?? {};
  checkDefaultBackend(top);
  top.warnOfOthers(OTHER_KEYS);
  return { backends: backends.filter((backend) => backend !== undefined), aliases, environment };
}

function knownHosts(section: SectionReader | undefined, onWarning: (warning: string) => void): HostBackend {
  const files = (section?.texts("files") ?? []).map(expandHome);
  section?.warnOfOthers();
  return knownHostsBackend({ files, onWarning });
}

async function puppetdb(section: SectionReader | undefined): Promise<HostBackend | undefined> {
  if (section === undefined) return undefined;
  const scheme = section.text("scheme");
  if (scheme !== undefined && scheme !== "https" && scheme !== "http")
    throw section.wrong("scheme", "https or http");
  if ((section.number("api_version") ?? 4) !== 4)
    throw section.wrong("api_version", "4, the only one that is spoken here");
  const timeout = section.number("timeout");
  const options = {
    host: section.text("host"),
    port: section.number("port"),
    scheme,
    timeoutMs: timeout === undefined ? undefined : timeout * 1000,
    cert: await readPem(section, "ssl_client_cert"),
    key: await readPem(section, "ssl_client_key"),
    ca: await readPem(section, "ssl_verify"),
  } as const;
  section.warnOfOthers(new Set(["urllib3_disable_warnings"]));
  return puppetdbBackend(options);
}

/** A path; `ssl_verify` may also be `true`. Certificates are always verified. */
async function readPem(section: SectionReader, key: string): Promise<string | undefined> {
  if (key === "ssl_verify" && section.flag(key) !== undefined) {
    if (section.flag(key) === false)
      throw section.wrong(key, "true or a file of certificates: they are always verified");
    return undefined;
  }
  const path = section.text(key);
  if (path === undefined) return undefined;
  return await readFile(expandHome(path), "utf8").catch((error: Error) => {
    throw section.wrong(key, `a readable file (${error.message})`);
  });
}

/** There is one grammar, in which a word alone is a host set. */
function checkDefaultBackend(top: SectionReader): void {
  const name = top.text("default_backend");
  if (name === undefined || name === "direct") return;
  top.warn(
    "default_backend",
    `is ${name}, but names without a backend are taken as written; use K{…} or P{…}`,
  );
}

function parse(text: string, path: string): unknown {
  try {
    return yamlMapping(text, path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TargetsError(`Cannot read ${path}: ${reason}`, { code: "QUERY_CONFIG", cause });
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw new TargetsError(`Cannot read ${path}: ${(cause as Error).message}`, {
      code: "QUERY_CONFIG",
      cause,
    });
  }
}

function expandHome(path: string): string {
  return path.replace(/^~(?=\/)/, homedir());
}
