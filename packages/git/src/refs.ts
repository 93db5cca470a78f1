import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { GitError } from "./errors.ts";
import { runGit } from "./run-git.ts";

const OBJECT_ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Whether a text is a full object id. */
export function isObjectId(text: string): boolean {
  return OBJECT_ID.test(text);
}

/**
 * Whether git accepts a name for a reference, as `git check-ref-format` does.
 *
 * @param name full name, for example `refs/tags/v1`
 */
export function isReferenceName(name: string): boolean {
  const isWellFormed = name
    .split("/")
    .every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"));
  return (
    isWellFormed &&
    name.includes("/") &&
    !name.endsWith(".") &&
    !/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{/.test(name)
  );
}

/** References below a prefix, full name to object id: loose ones and packed ones, read without git. */
export async function readReferences(gitDirectory: string, prefix: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const packed = await readFile(join(gitDirectory, "packed-refs"), "utf8").catch(ignoreMissing(""));
  for (const line of packed.split("\n")) {
    const [id = "", name = ""] = line.split(" ");
    if (OBJECT_ID.test(id) && name.startsWith(`${prefix}/`)) found.set(name, id);
  }
  const loose = await readdir(join(gitDirectory, prefix), { recursive: true, withFileTypes: true }).catch(
    ignoreMissing([]),
  );
  for (const entry of loose.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const id = (await readFile(path, "utf8")).trim();
    if (OBJECT_ID.test(id)) found.set(path.slice(gitDirectory.length + 1), id);
  }
  return found;
}

/** Sets a reference without git. Its object must be there already. */
export async function writeReference(gitDirectory: string, name: string, id: string): Promise<void> {
  if (!name.startsWith("refs/") || !isReferenceName(name) || !OBJECT_ID.test(id)) {
    throw new GitError(`${JSON.stringify(name)} = ${JSON.stringify(id)} is not a valid reference`, {
      code: "INVALID_ARGUMENT",
    });
  }
  const path = join(gitDirectory, name);
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(4).toString("hex")}.lock`;
  await writeFile(temporary, `${id}\n`);
  await rename(temporary, path);
}

/** Removes references; those that are not there are no error. Starts git only when one of them is packed. */
export async function deleteReferences(gitDirectory: string, names: readonly string[]): Promise<void> {
  const packed = await readFile(join(gitDirectory, "packed-refs"), "utf8").catch(ignoreMissing(""));
  const packedNames = new Set(packed.split("\n").map((line) => line.slice(line.indexOf(" ") + 1)));
  const viaGit = names.filter((name) => packedNames.has(name));
  for (const name of names) if (isReferenceName(name)) await rm(join(gitDirectory, name), { force: true });
  if (viaGit.length > 0) {
    await runGit(["--git-dir", gitDirectory, "update-ref", "--stdin"], {
      input: viaGit.map((name) => `delete ${name}\n`).join(""),
    });
  }
}

function ignoreMissing<T>(fallback: T): (cause: NodeJS.ErrnoException) => T {
  return (cause) => {
    if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return fallback;
    throw cause;
  };
}
