import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { GitError } from "./errors.ts";
import { runGit } from "./run-git.ts";

/** A pack on its way into a repository. */
export interface StorePackOptions {
  /** The payload: a pack, followed by its index when `indexBytes` is given. */
  readonly payload: Readable;
  readonly payloadBytes: number;
  /** Length of the index at the end. Absent: the pack may be thin, and git makes the index. */
  readonly indexBytes?: number;
  /** SHA-256 of the payload, hexadecimal. */
  readonly sha256: string;
  /** Longest time git may take, in milliseconds. @defaultValue 600_000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Adds a pack to the objects of a repository. With an index in the payload no git process is needed: the checksum
 * vouches for both, since they come from one trusted sender.
 *
 * @throws {@link GitError} `PACK_DAMAGED` when the checksum does not fit, `OBJECTS_MISSING` when a base of a thin pack
 * is not here. Nothing is added then.
 */
export async function storePack(gitDirectory: string, options: StorePackOptions): Promise<void> {
  const directory = join(gitDirectory, "objects", "pack");
  const temporary = join(directory, `tmp_scap_${randomBytes(6).toString("hex")}`);
  // A repository that has lost all of its objects is mended like one that has lost some.
  await mkdir(directory, { recursive: true });
  try {
    await receive(temporary, options);
    if (options.indexBytes === undefined) await indexPack(gitDirectory, temporary, options);
    else await placeIndexedPack(gitDirectory, temporary, options.payloadBytes, options.indexBytes);
  } finally {
    await rm(`${temporary}.pack`, { force: true });
    await rm(`${temporary}.idx`, { force: true });
  }
}

/** The first bytes go to the pack file, the rest to the index file; both are hashed on the way. */
async function receive(temporary: string, options: StorePackOptions): Promise<void> {
  const hash = createHash("sha256");
  const packBytes = options.payloadBytes - (options.indexBytes ?? 0);
  let received = 0;
  const index = createWriteStream(`${temporary}.idx`, { mode: 0o444 });
  const split = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      const cut = Math.min(chunk.length, Math.max(0, packBytes - received));
      received += chunk.length;
      if (cut < chunk.length) index.write(chunk.subarray(cut));
      done(null, chunk.subarray(0, cut));
    },
  });
  const indexDone = new Promise<void>((resolve, reject) => {
    index.once("close", () => resolve());
    index.once("error", reject);
  });
  const packDone = pipeline(
    options.payload,
    split,
    createWriteStream(`${temporary}.pack`, { mode: 0o444 }),
  ).finally(() => index.end());
  await Promise.all([packDone, indexDone]);
  if (received !== options.payloadBytes || hash.digest("hex") !== options.sha256.toLowerCase()) {
    throw new GitError("The pack was damaged on its way: its SHA-256 is not the announced one", {
      code: "PACK_DAMAGED",
      hint: "Run the deployment again.",
    });
  }
}

/** Git finds a pack by its index, so the index must appear last. */
async function placeIndexedPack(
  gitDirectory: string,
  temporary: string,
  payloadBytes: number,
  indexBytes: number,
): Promise<void> {
  const packBytes = payloadBytes - indexBytes;
  const id = await packId(temporary, packBytes, gitDirectory);
  const target = join(gitDirectory, "objects", "pack", `pack-${id}`);
  await rename(`${temporary}.pack`, `${target}.pack`);
  await rename(`${temporary}.idx`, `${target}.idx`);
}

/** A pack is named by the checksum at its end, which its index repeats. */
async function packId(temporary: string, packBytes: number, gitDirectory: string): Promise<string> {
  const length = (await usesSha256(gitDirectory)) ? 32 : 20;
  const file = await open(`${temporary}.pack`);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, packBytes - length);
    const index = await readFile(`${temporary}.idx`);
    const repeated = index.subarray(index.length - 2 * length, index.length - length);
    if (bytesRead === length && buffer.equals(repeated)) return buffer.toString("hex");
  } finally {
    await file.close();
  }
  throw new GitError("The pack and its index do not belong together", { code: "PACK_DAMAGED" });
}

async function usesSha256(gitDirectory: string): Promise<boolean> {
  return /^\s*objectformat\s*=\s*sha256\s*$/im.test(await readFile(join(gitDirectory, "config"), "utf8"));
}

async function indexPack(gitDirectory: string, temporary: string, options: StorePackOptions): Promise<void> {
  await runGit(["--git-dir", gitDirectory, "index-pack", "--fix-thin", "--stdin"], {
    input: createReadStream(`${temporary}.pack`),
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}
