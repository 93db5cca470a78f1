import type { GitErrorCode } from "./errors.ts";

/**
 * Git reports most failures as status 128 with prose, so the text is the only evidence of the cause. Commands run
 * with `LC_ALL=C`, which keeps these words stable.
 */
const CAUSES: readonly (readonly [RegExp, GitErrorCode, string?])[] = [
  [
    /No space left on device|Out of diskspace|Disk quota exceeded/,
    "DISK_FULL",
    "Free some space and try again.",
  ],
  [/couldn't write '/, "GIT_FAILED", "Look for a full or failing disk."],
  [/Read-only file system/, "READ_ONLY", "Remount the file system for writing."],
  [/Permission denied|insufficient permission/, "PERMISSION_DENIED"],
  [
    /detected dubious ownership/,
    "DUBIOUS_OWNERSHIP",
    "Run as the owner of the repository, or list it in git's safe.directory.",
  ],
  [/not a git repository/i, "NOT_A_REPOSITORY"],
  [/unresolved deltas?/, "OBJECTS_MISSING"],
  [/unable to read (tree|sha1 file)|missing (blob|tree|commit)|Could not read/, "OBJECTS_MISSING"],
  [/bad object|not a valid object|invalid object|bad tree|failed to unpack tree/i, "OBJECTS_MISSING"],
  [/early EOF|pack is corrupted|pack signature|SHA1 COLLISION|inflate/, "PACK_DAMAGED"],
  [/unknown revision|Needed a single revision|ambiguous argument/, "UNKNOWN_REVISION"],
  [/index\.lock|Unable to create '.*\.lock'/, "LOCKED", "Remove the lock file if no git command is running."],
];

/** What a failed git command is called. */
export interface FailureClass {
  readonly code: GitErrorCode;
  readonly hint?: string;
  /** Stands in the place of git's own words, where they say less. */
  readonly reason?: string;
}

/** Git asks for its subcommand; its filters are started by a shell, in words of that shell. */
const MISSING_PROGRAM = /'(lfs|fat)' is not a git command|git-(lfs|fat)\b[^\n]*: (?:command )?not found/;

/** The code and hint for what a failed git command wrote to its standard error. */
export function classifyFailure(stderr: string): FailureClass {
  const [missing, subcommand, filter] = MISSING_PROGRAM.exec(stderr) ?? [];
  if (missing !== undefined) return missingProgram(`git-${subcommand ?? filter ?? ""}`);
  for (const [pattern, code, hint] of CAUSES) {
    if (pattern.test(stderr)) return hint === undefined ? { code } : { code, hint };
  }
  return { code: "GIT_FAILED" };
}

function missingProgram(program: string): FailureClass {
  return {
    code: "PROGRAM_MISSING",
    reason: `${program} is not installed, or not in the PATH of this user`,
    hint: `Install ${program} there, or correct git_binary_manager.`,
  };
}
