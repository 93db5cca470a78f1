import { execFileSync } from "node:child_process";
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";

/** A tarball of a Node that is small enough to be sent to thirty hosts of one machine. */
export interface SmallNode {
  readonly tarball: string;
  remove(): void;
}

/** What it weighs, most of it padding that does not compress, in bytes. */
const PAD_BYTES = 2_000_000;

/**
 * Makes a program that starts this process's Node from a place that real labs do not hide. Needs gcc and root.
 */
export function makeSmallNode(): SmallNode {
  const directory = mkdtempSync("/var/lib/scap-small-node-");
  const node = join(directory, "real-node");
  copyFileSync(process.execPath, node);
  execFileSync("chmod", ["-R", "a+rX", directory]);
  const source = join(directory, "launch.c");
  writeFileSync(source, `#include <unistd.h>\nint main(int c, char **v) { return execv("${node}", v); }\n`);
  mkdirSync(join(directory, "node-small/bin"), { recursive: true });
  const program = join(directory, "node-small/bin/node");
  execFileSync("gcc", ["-o", program, source]);
  appendFileSync(program, randomBytes(PAD_BYTES));
  const tarball = join(directory, "node-small.tar.gz");
  execFileSync("tar", ["-czf", tarball, "-C", directory, "node-small"]);
  return { tarball, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
