import { execFile, spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { DeployError } from "../../errors.ts";
import { isElf } from "./elf-header.ts";

const run = promisify(execFile);

/** Longest list of names in a tarball, in bytes. */
const LIST_BYTES = 16 * 1024 * 1024;

/**
 * The node program in a file: the file itself, or `bin/node` of a tarball such as nodejs.org has.
 *
 * @throws DeployError `BAD_RUNTIME` when there is none.
 */
export async function openNodeBinary(path: string): Promise<Readable> {
  if (isElf(await firstBytes(path))) return createReadStream(path);
  const member = await findMember(path);
  const tar = spawn("tar", ["-xOf", path, "--", member], { stdio: ["ignore", "pipe", "ignore"] });
  tar.once("close", (code) => {
    if (code !== 0) tar.stdout.destroy(badRuntime(path, `tar ended with status ${code}`));
  });
  return tar.stdout;
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw badRuntime(path, cause.message, cause);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function findMember(path: string): Promise<string> {
  const names = await run("tar", ["-tf", path, "--"], { maxBuffer: LIST_BYTES }).catch((cause: unknown) => {
    throw badRuntime(path, "it is neither a program nor a tarball that tar can read", cause);
  });
  const member = names.stdout.split("\n").find((name) => /^(?:\.\/)?(?:[^/]+\/)?bin\/node$/.test(name));
  if (member !== undefined) return member;
  throw badRuntime(path, "there is no bin/node in it");
}

/** A file of `runtime_files` that cannot be used. */
export function badRuntime(path: string, reason: string, cause?: unknown): DeployError {
  return new DeployError(`Cannot take a Node for targets from ${path}: ${reason}`, {
    code: "BAD_RUNTIME",
    hint: "runtime_files lists tarballs of nodejs.org, such as /srv/node-v22.14.0-linux-arm64.tar.gz.",
    cause,
  });
}
