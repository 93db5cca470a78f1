import { open, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { LabError } from "../errors.ts";

/** A host's `/srv`. */
export interface HostDisk {
  readonly name: string;
  /** The host's root folder as seen from here. */
  readonly root: string;
  /** False when `/srv` is on a disk of this machine. */
  readonly isOwn: boolean;
}

const FILLER = "srv/.scap-lab-filler";

/** Writes until only `leaveBytes` are left. @throws {LabError} `NOT_SUPPORTED` on a disk of this machine */
export async function fillDisk({ name, root, isOwn }: HostDisk, leaveBytes: number): Promise<void> {
  if (!isOwn) {
    throw new LabError(
      "NOT_SUPPORTED",
      `${name} shares the disk of the lab's folder, which must not be filled`,
      {
        hint: "Start the lab with diskBytes, so that /srv is a small disk of its own.",
      },
    );
  }
  const { bavail, bsize } = await statfs(join(root, "srv"));
  const blocks = Math.max(0, bavail - Math.ceil(leaveBytes / bsize));
  const file = await open(join(root, FILLER), "a");
  try {
    for (let written = 0; written < blocks; written++) await file.write(Buffer.alloc(bsize));
  } finally {
    await file.close();
  }
}

/** Gives the room back. */
export async function freeDisk({ root }: HostDisk): Promise<void> {
  await rm(join(root, FILLER), { force: true });
}
