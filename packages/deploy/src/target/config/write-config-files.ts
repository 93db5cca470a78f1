import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import type { RenderedFile } from "./config-files.ts";
import { runCommand } from "../run-command.ts";
import { describeFailure, hasErrno, TargetWorkError } from "../target-error.ts";

/** How rendered files are put in place. */
export interface WriteConfigFilesOptions {
  readonly signal: AbortSignal;
  /** Where the validate commands run. */
  readonly cwd: string;
  /** Longest time for one validate command, in milliseconds. @defaultValue 60_000 */
  readonly validateTimeoutMs?: number;
}

const VALIDATE_TIMEOUT_MS = 60_000;

/** What is rendered with `remote_vars` often holds passwords. The umask may take more away. */
const SECRET_MODE = 0o640;

/**
 * Puts rendered files in place: one rename each, after all of them were written and accepted by their `validate`
 * commands. What goes wrong before leaves every old file.
 *
 * @throws TargetWorkError `CONFIG_REFUSED` when a command refuses a file, `TIMED_OUT` when it does not end
 */
export async function writeConfigFiles(
  files: readonly RenderedFile[],
  options: WriteConfigFilesOptions,
): Promise<void> {
  try {
    for (const rendered of files) {
      options.signal.throwIfAborted();
      await explained(rendered, async () => prepare(rendered, options));
    }
    // Two names may be of one file; the last one counts.
    for (const path of new Set(files.map((file) => file.path))) await rename(temporaryPath(path), path);
  } finally {
    for (const { path } of files) await rm(temporaryPath(path), { force: true });
  }
}

/** What the system says about a full disk does not name the file. */
async function explained({ file: { name } }: RenderedFile, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    if (!hasErrno(cause)) throw cause;
    const { code, hint, message } = describeFailure(cause);
    throw new TargetWorkError(`Config file ${name} cannot be written, so none was changed: ${message}`, {
      code,
      ...(hint === undefined ? {} : { hint }),
      cause,
    });
  }
}

function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.scap-new`);
}

/** Writes a file beside its place, with the permissions that it will have, and has it validated. */
async function prepare(
  { content, file, path, secrets }: RenderedFile,
  options: WriteConfigFilesOptions,
): Promise<void> {
  const { group, mode, name, owner } = file;
  const defaultMode = secrets === undefined ? 0o666 : SECRET_MODE;
  const temporary = temporaryPath(path);
  await mkdir(dirname(path), { recursive: true });
  await rm(temporary, { force: true });
  // Nobody else reads it before its permissions are as they should be.
  await writeFile(temporary, content, { flag: "wx", mode: mode === undefined ? defaultMode : 0o600 });
  if (owner !== undefined || group !== undefined) await changeOwner(file, temporary, options);
  if (mode !== undefined) await chmod(temporary, permissionBits(name, mode));
  if (file.validate !== undefined) await validate(file.validate, name, temporary, options);
}

/** @throws TargetWorkError `BAD_CONFIG_MODE` */
export function permissionBits(name: string, mode: string): number {
  if (/^0?[0-7]{3,4}$/.test(mode)) return Number.parseInt(mode, 8);
  throw new TargetWorkError(
    `Config file ${name}: mode must be octal such as 0640, not ${JSON.stringify(mode)}`,
    {
      code: "BAD_CONFIG_MODE",
    },
  );
}

async function changeOwner(
  { group, name, owner }: RenderedFile["file"],
  path: string,
  options: { signal: AbortSignal },
): Promise<void> {
  const spec = `${owner ?? ""}${group === undefined ? "" : `:${group}`}`;
  const { exitCode, output } = await runCommand(["chown", "--", spec, path], {
    ...options,
    timeoutMs: 10_000,
  });
  if (exitCode === 0) return;
  throw new TargetWorkError(`Config file ${name}: cannot give it to ${spec}: ${output.trim()}`, {
    code: "CONFIG_OWNER",
    hint: "The ssh user may only choose groups that it belongs to.",
  });
}

/** The command gets the file's path in place of `%s`, which may stand in quotes, or as its last word. */
async function validate(
  command: string,
  name: string,
  path: string,
  options: WriteConfigFilesOptions,
): Promise<void> {
  const words = command.includes("%s") ? command.replaceAll(/'%s'|"%s"|%s/g, '"$1"') : `${command} "$1"`;
  const { cwd, signal, validateTimeoutMs: timeoutMs = VALIDATE_TIMEOUT_MS } = options;
  const {
    exitCode,
    output,
    signal: killer,
  } = await runCommand(["/bin/sh", "-c", words, "validate", path], {
    ...{ cwd, signal, timeoutMs },
    label: `The validate command of config file ${name}`,
  });
  if (exitCode === 0) return;
  throw new TargetWorkError(
    `Config file ${name} was refused by its validate command (${killer === null ? `status ${exitCode ?? "?"}` : `killed by ${killer}`})`,
    {
      code: "CONFIG_REFUSED",
      hint: "The file that is live was not changed.",
      output: output.slice(-4_000),
    },
  );
}
