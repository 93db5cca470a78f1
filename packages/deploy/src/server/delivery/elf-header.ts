import type { HostPlatform } from "./host-platform.ts";

/** What the first bytes of a Linux program say about the hosts that it is for. */
export type ProgramPlatform = Pick<HostPlatform, "machine" | "libc">;

/** Bytes of a program that {@link readElfHeader} wants to see. */
export const ELF_HEADER_BYTES = 8_192;

/** The machine numbers of the format, as `uname -m` calls them. */
const MACHINES: Readonly<Record<number, string>> = {
  21: "ppc64le",
  22: "s390x",
  40: "armv7l",
  62: "x86_64",
  183: "aarch64",
  243: "riscv64",
  258: "loongarch64",
};

/** Whether a file with these first bytes is a program of Linux. */
export function isElf(head: Buffer): boolean {
  return head.subarray(0, 4).equals(Buffer.from("\x7fELF", "latin1"));
}

/** Reads the beginning of a program; undefined when it is none, or none for a machine that is known here. */
export function readElfHeader(head: Buffer): ProgramPlatform | undefined {
  if (!isElf(head) || head.length < 20) return undefined;
  const isLittleEndian = head[5] === 1;
  const machine = MACHINES[isLittleEndian ? head.readUInt16LE(18) : head.readUInt16BE(18)];
  if (machine === undefined) return undefined;
  // The name of the loader stands right behind the program headers.
  const loader = /\/ld(?:-linux|64|-musl)[^\0]*\0/.exec(head.toString("latin1"))?.[0] ?? "";
  const libc = loader === "" ? "unknown" : loader.startsWith("/ld-musl") ? "musl" : "glibc";
  return { machine, libc };
}
