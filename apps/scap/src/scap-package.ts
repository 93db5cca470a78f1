import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { CliError, EXIT } from "@scap/cli";
import { isInstalledName, workerFile, type WorkerFile } from "@scap/deploy";
import { pathExists } from "./path-exists.ts";
import { VERSION } from "./version.ts";

/** A version of scap, as far as hosts need it. */
export interface ScapPackage {
  readonly version: string;
  readonly workerFile: WorkerFile;
}

/** What is to be read. */
export interface ReadScapPackageOptions {
  /** What a relative path begins at. */
  readonly cwd: string;
  /** A tarball as `npm pack` makes it, or a directory with the same files. */
  readonly path: string;
  /** The version that it must be; undefined for any. */
  readonly wanted: string | undefined;
}

/** Largest file taken from a package, in bytes. */
const FILE_BYTES = 64 * 1024 * 1024;

/**
 * The package of a version in the operator's directory of packages.
 *
 * @throws CliError `OTHER_VERSION` when there is none
 */
export async function findScapPackage(
  version: string,
  directory: string | null | undefined,
): Promise<string> {
  const isPlace = directory !== null && directory !== undefined && directory !== "";
  const place = isPlace ? directory : ".";
  if (isPlace && isInstalledName(version)) {
    for (const name of [`scap-${version}.tgz`, `scap-${version}`]) {
      if (await pathExists(join(directory, name))) return join(directory, name);
    }
  }
  const missing = isPlace ? `there is no scap-${version}.tgz in ${directory}` : "scap_packages is not set";
  throw new CliError(`This command is scap ${VERSION}, and ${missing} to take scap ${version} from`, {
    code: "OTHER_VERSION",
    exitCode: EXIT.usage,
    hint: `Fetch it with: npm pack scap@${version} --pack-destination ${place}${isPlace ? "" : `, and add --from scap-${version}.tgz`}`,
  });
}

/**
 * Reads a package, and checks that it is one of scap and of the version that was asked for.
 *
 * @throws CliError `BAD_PACKAGE`
 */
export async function readScapPackage(options: ReadScapPackageOptions): Promise<ScapPackage> {
  const path = resolve(options.cwd, options.path);
  const read = await packageReader(path);
  const version = versionOf(path, await read("package.json"));
  if (options.wanted !== undefined && version !== options.wanted)
    throw badPackage(path, `it is scap ${version}, not ${options.wanted}`);
  return { version, workerFile: workerFile(await read("dist/deploy-local.mjs")) };
}

type ReadFile = (name: string) => Promise<Buffer>;

async function packageReader(path: string): Promise<ReadFile> {
  const found = await stat(path).catch((cause: unknown) => {
    throw badPackage(path, "it does not exist", cause);
  });
  const missing = (name: string) => (cause: unknown) => {
    throw badPackage(path, `there is no ${name} in it`, cause);
  };
  if (found.isDirectory()) return async (name) => await readFile(join(path, name)).catch(missing(name));
  const run = promisify(execFile);
  const limits = { maxBuffer: FILE_BYTES, encoding: "buffer" } as const;
  // The whole tarball is read here, so that one that was cut off is not used in part.
  const { stdout } = await run("tar", ["-tf", path, "--"], limits).catch((cause: unknown) => {
    throw badPackage(path, "tar cannot read it", cause);
  });
  const root = /^(\.\/)?[^/\n]+(?=\/package\.json$)/m.exec(stdout.toString())?.[0] ?? "package";
  return async (name) =>
    (await run("tar", ["-xOf", path, "--", `${root}/${name}`], limits).catch(missing(name))).stdout;
}

function versionOf(path: string, text: Buffer): string {
  const manifest = parse(text);
  const name = manifest?.["name"];
  const version = manifest?.["version"];
  if (name !== "scap") throw badPackage(path, `it is no package of scap but of ${JSON.stringify(name)}`);
  if (typeof version === "string" && isInstalledName(version)) return version;
  throw badPackage(path, `its version is ${JSON.stringify(version)}`);
}

function parse(text: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.toString());
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function badPackage(path: string, reason: string, cause?: unknown): CliError {
  return new CliError(`Cannot install scap from ${path}: ${reason}`, {
    code: "BAD_PACKAGE",
    exitCode: EXIT.usage,
    hint: "A package is what npm pack makes of scap, such as scap-1.4.0.tgz, or a directory with the same files.",
    cause,
  });
}
