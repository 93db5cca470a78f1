import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { LabError } from "../errors.ts";

const PROGRAMS = ["ip", "unshare", "nsenter", "mount", "umount", "setpriv", "nft", "sshd"];

/** Where Debian keeps administrators' programs, which are not on everybody's `PATH`. */
const ADMIN_FOLDERS = ["/usr/sbin", "/sbin", "/usr/local/sbin"];

/** Tells in a few words why no real lab can run here; `undefined` when one can. */
export function realLabObstacle(): string | undefined {
  if (process.platform !== "linux") return "needs Linux";
  if (process.getuid?.() !== 0) return "needs root";
  const missing = PROGRAMS.filter((program) => findProgram(program) === undefined);
  return missing.length === 0
    ? undefined
    : `needs ${missing.join(", ")} (Debian: openssh-server iproute2 nftables)`;
}

/** @throws {LabError} `NOT_POSSIBLE_HERE` */
export function assertRealLabPossible(): void {
  const obstacle = realLabObstacle();
  if (obstacle === undefined) return;
  throw new LabError("NOT_POSSIBLE_HERE", `A real lab cannot run here: it ${obstacle}`, {
    hint: "Run as root with these installed, or use an embedded lab.",
  });
}

/** Full path of a program, administrators' folders included. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter).filter(Boolean), ...ADMIN_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
