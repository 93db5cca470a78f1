import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { DeployError } from "../../errors.ts";
import { ELF_HEADER_BYTES, readElfHeader, type ProgramPlatform } from "./elf-header.ts";
import { badRuntime, openNodeBinary } from "./node-binary.ts";
import type { Parcel } from "./parcel.ts";

/** What is known of a Node that can be sent. Kept as JSON beside it. */
interface RuntimeFacts extends ProgramPlatform {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  /** Newest version of glibc that it asks for: `2.28`. */
  readonly libcVersion?: string;
  /** `v22.14.0`, when it tells. */
  readonly version?: string;
}

/** A Node that can be sent to targets. */
export interface Runtime extends Parcel {
  readonly facts: RuntimeFacts;
}

/**
 * Makes a Node ready to be sent: found in `path`, compressed into `directory` once, and used from there for all hosts and
 * all later runs, until the file at `path` changes.
 *
 * @throws DeployError `BAD_RUNTIME` when there is no Node for Linux in the file.
 */
export async function prepareRuntime(path: string, directory: string): Promise<Runtime> {
  const noteFile = join(directory, `${await identityOf(path)}.json`);
  const known = await readNote(noteFile);
  if (known !== undefined && (await sizeOf(packed(directory, known))) === known.sentBytes) {
    return asParcel(directory, known);
  }
  const facts = await compress(path, directory);
  await writeFile(`${noteFile}.new`, JSON.stringify(facts));
  await rename(`${noteFile}.new`, noteFile);
  return asParcel(directory, facts);
}

function asParcel(directory: string, facts: RuntimeFacts): Runtime {
  const { sentBytes, sha256, sizeBytes, version } = facts;
  return {
    facts,
    label: version === undefined ? "Node" : `Node ${version}`,
    name: `node-${sha256}`,
    sha256,
    sizeBytes,
    sentBytes,
    isCompressed: true,
    isRuntime: true,
    open: () => createReadStream(packed(directory, facts)),
  };
}

/** A file with the same place, size and times is the same file; hashing a hundred megabytes each time takes too long. */
async function identityOf(path: string): Promise<string> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new DeployError(`There is no Node for targets at ${path}`, {
      code: "BAD_RUNTIME",
      hint: "Correct runtime_files.",
      cause,
    });
  });
  const identity = JSON.stringify([path, found.dev, found.ino, found.size, found.mtimeMs]);
  return createHash("sha256").update(identity).digest("hex").slice(0, 32);
}

async function readNote(file: string): Promise<RuntimeFacts | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as RuntimeFacts; // written above, whole or not at all
  } catch {
    return undefined;
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ size }) => size,
    () => undefined,
  );
}

function packed(directory: string, { sha256 }: { sha256: string }): string {
  return join(directory, `${sha256}.gz`);
}

async function compress(path: string, directory: string): Promise<RuntimeFacts> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const temporary = join(directory, `.new-${randomBytes(8).toString("hex")}`);
  const inspector = new Inspector();
  try {
    const binary = await openNodeBinary(path);
    await pipeline(
      binary,
      (chunks: AsyncIterable<Buffer>) => inspector.pass(chunks),
      createGzip(),
      createWriteStream(temporary),
    );
    const { size: sentBytes } = await stat(temporary);
    const facts = { ...inspector.facts(path), sentBytes };
    await rename(temporary, packed(directory, facts));
    return facts;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Text that every build of nodejs.org has, and the versions of glibc that a program asks for. */
const MARKS = /nodejs\.org\/download\/release\/(v\d+\.\d+\.\d+)\/|GLIBC_2\.(\d+)/g;

/** Longest text that {@link MARKS} finds, so that one on the border of two chunks is not missed. */
const OVERLAP = 64;

/** Learns about a program while it is read. */
class Inspector {
  readonly #hash = createHash("sha256");
  #head = Buffer.alloc(0);
  #tail = "";
  #sizeBytes = 0;
  #glibcMinor = -1;
  #version: string | undefined;

  async *pass(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#hash.update(chunk);
      this.#sizeBytes += chunk.length;
      if (this.#head.length < ELF_HEADER_BYTES) this.#head = Buffer.concat([this.#head, chunk]);
      this.#search(chunk);
      yield chunk;
    }
  }

  facts(path: string): Omit<RuntimeFacts, "sentBytes"> {
    const platform = readElfHeader(this.#head);
    if (platform === undefined) {
      throw badRuntime(path, "what it has as bin/node is no program for Linux");
    }
    return {
      ...platform,
      sha256: this.#hash.digest("hex"),
      sizeBytes: this.#sizeBytes,
      ...(this.#glibcMinor < 0 ? {} : { libcVersion: `2.${this.#glibcMinor}` }),
      ...(this.#version === undefined ? {} : { version: this.#version }),
    };
  }

  #search(chunk: Buffer): void {
    const text = this.#tail + chunk.toString("latin1");
    for (const [, version, minor] of text.matchAll(MARKS)) {
      this.#version ??= version;
      if (minor !== undefined) this.#glibcMinor = Math.max(this.#glibcMinor, Number(minor));
    }
    this.#tail = text.slice(-OVERLAP);
  }
}
