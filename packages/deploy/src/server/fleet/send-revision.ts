import { createReadStream } from "node:fs";
import { TargetError } from "../../errors.ts";
import type { LargeFilesResult } from "../../protocol.ts";
import { askTarget, type Patience, type Target } from "./open-target.ts";
import { packedFor } from "./packed-for.ts";
import type { RevisionPacks } from "./revision-packs.ts";

/** Where a revision comes from, and how long sending it may take. */
export interface RevisionSource extends Patience {
  /** Absent when targets fetch the revision by themselves or need none. */
  readonly packs: RevisionPacks | undefined;
}

/** Sends what the host lacks of the revision, then does the work; once more with everything if that was too little. */
export async function withRevision<T>(
  target: Target,
  source: RevisionSource,
  work: () => Promise<T>,
): Promise<T> {
  await sendRevision(target, source);
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TargetError) || error.code !== "OBJECTS_MISSING") throw error;
    distrust(target);
    await sendRevision(target, source);
    return await work();
  }
}

/** The host is not as it said, so it gets everything. */
export function distrust(target: Target): void {
  target.hello = { ...target.hello, bases: [], submoduleBases: {}, completeRevisions: [] };
  target.hasRevision = false;
}

async function sendRevision(target: Target, source: RevisionSource): Promise<void> {
  const { packs } = source;
  if (packs === undefined || target.hasRevision) return;
  target.hasRevision = true;
  for (const pack of await packedFor(target.host, packs.packsFor(target.hello))) {
    const { open, ...request } = pack;
    const sent = askTarget(target, { op: "pack", ...request }, source, open);
    // The stage that follows fails with the reason when a pack did not arrive.
    sent.catch(() => {});
  }
  await sendLargeFiles(target, packs, source);
}

async function sendLargeFiles(target: Target, packs: RevisionPacks, patience: Patience): Promise<void> {
  const sets = await packedFor(target.host, packs.largeFilesFor(target.hello));
  for (const { files, ...place } of sets) {
    const wanted = files.map(({ bytes, id }) => ({ id, bytes }));
    const asked = askTarget(target, { op: "large-files", files: wanted, ...place }, patience);
    const { missing } = (await asked) as LargeFilesResult; // the protocol's answer to this request
    for (const { bytes, id, path } of files.filter((file) => missing.includes(file.id))) {
      const request = { op: "large-file", fileId: id, payloadBytes: bytes, ...place } as const;
      const sent = askTarget(target, request, patience, () => createReadStream(path));
      sent.catch(() => {});
    }
  }
}
