import { hasCode } from "@scap/cli";

const REASONS: readonly (readonly [string, string])[] = [
  ["ENOENT", "there is no such file"],
  ["EACCES", "you may not read it"],
  ["EISDIR", "it is a directory"],
  ["ENOTDIR", "it is no directory"],
];

/** Why a file cannot be read, in words. */
export function readingFailure(error: unknown): string {
  const reason = REASONS.find(([code]) => hasCode(error, code))?.[1];
  return reason ?? (error instanceof Error ? error.message : String(error));
}
