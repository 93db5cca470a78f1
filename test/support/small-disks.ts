import { execFileSync } from "node:child_process";
import { closeSync, fstatSync, ftruncateSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Why no small disks can be had here; undefined where they can. */
export const smallDiskObstacle: string | undefined =
  process.getuid?.() === 0 ? undefined : "needs root to mount small disks";

/** Puts a file system of its own below a directory, which must be empty; it may have room for so many files only. */
export function mountSmallDisk(directory: string, sizeBytes: number, files?: number): void {
  const limits = `size=${sizeBytes}${files === undefined ? "" : `,nr_inodes=${files}`}`;
  execFileSync("mount", ["-t", "tmpfs", "-o", `${limits},mode=755`, "tmpfs", directory]);
}

/** Ends {@link mountSmallDisk}, whoever still uses it. */
export function unmountSmallDisk(directory: string): void {
  execFileSync("umount", ["--lazy", directory]);
}

/** Leaves no free byte on the disk of a directory, or no more than so many, in whole pages of memory. */
export function fillDisk(directory: string, leaveBytes = 0): void {
  const file = openSync(join(directory, FILLER), "a");
  try {
    for (let size = 1 << 20; size >= 1; size = Math.floor(size / 2)) writeWhilePossible(file, size);
    ftruncateSync(file, fstatSync(file).size - leaveBytes);
  } finally {
    closeSync(file);
  }
}

/** Ends {@link fillDisk}. */
export function freeDisk(directory: string): void {
  rmSync(join(directory, FILLER), { force: true });
}

const FILLER = ".filler";

function writeWhilePossible(file: number, size: number): void {
  const zeros = Buffer.alloc(size);
  try {
    for (;;) if (writeSync(file, zeros) < size) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}
