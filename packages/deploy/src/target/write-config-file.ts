import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import type { RenderedFile } from "./config-files.ts";
import { runCommand } from "./run-command.ts";
import { TargetWorkError } from "./target-error.ts";

const VALIDATE_TIMEOUT_MS = 60_000;

/**
 * Puts a rendered file in place by one rename, after its `validate` command accepted it.
 *
 * @throws TargetWorkError `CONFIG_REFUSED` when the command refuses it; the old file stays
 */
export async function writeConfigFile(
  { content, file, path }: RenderedFile,
  options: { signal: AbortSignal; cwd: string },
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.scap-new`);
  try {
    await writeFile(temporary, content, { mode: 0o666 });
    if (file.mode !== undefined) await chmod(temporary, permissionBits(file.name, file.mode));
    if (file.owner !== undefined || file.group !== undefined) await changeOwner(file, temporary, options);
    if (file.validate !== undefined) await validate(file.validate, file.name, temporary, options);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

function permissionBits(name: string, mode: string): number {
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

/** The command gets the file's path in place of `%s`, or as its last word. */
async function validate(
  command: string,
  name: string,
  path: string,
  options: { signal: AbortSignal; cwd: string },
): Promise<void> {
  const words = command.includes("%s") ? command.replaceAll("%s", '"$1"') : `${command} "$1"`;
  const { exitCode, output } = await runCommand(["/bin/sh", "-c", words, "validate", path], {
    ...options,
    timeoutMs: VALIDATE_TIMEOUT_MS,
  });
  if (exitCode === 0) return;
  throw new TargetWorkError(
    `Config file ${name} was refused by its validate command (status ${exitCode ?? "?"})`,
    {
      code: "CONFIG_REFUSED",
      hint: "The file that is live was not changed.",
      output: output.slice(-4_000),
    },
  );
}
