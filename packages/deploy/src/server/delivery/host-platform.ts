/** What a program must be made for to run on a host. */
export interface HostPlatform {
  /** As `uname -s` says it: `Linux`. */
  readonly system: string;
  /** As `uname -m` says it: `x86_64`, `aarch64`. */
  readonly machine: string;
  readonly libc: "glibc" | "musl" | "unknown";
  /** Version of glibc: `2.36`. */
  readonly libcVersion: string | undefined;
}

/** Shell text that prints one line for {@link parsePlatform}. */
export const PLATFORM_SCRIPT: string = [
  "libc=$(getconf GNU_LIBC_VERSION 2>/dev/null) || {",
  '  libc=unknown; for loader in /lib/ld-musl-*; do [ -e "$loader" ] && libc=musl; done',
  "}",
  'echo "$(uname -s) $(uname -m) $libc"',
].join("\n");

/** Reads what {@link PLATFORM_SCRIPT} printed; undefined for anything else. */
export function parsePlatform(line: string): HostPlatform | undefined {
  const match = /^(\S+) (\S+) (glibc|musl|unknown)(?: ([\d.]+))?$/.exec(line.trim());
  if (match === null) return undefined;
  const [, system = "", machine = "", libc, libcVersion] = match;
  return { system, machine, libc: libc as HostPlatform["libc"], libcVersion }; // the expression lets only these through
}

/** For messages: `Linux x86_64, glibc 2.36`. */
export function platformText({ libc, libcVersion, machine, system }: HostPlatform): string {
  if (libc === "unknown") return `${system} ${machine}`;
  return `${system} ${machine}, ${libc}${libcVersion === undefined ? "" : ` ${libcVersion}`}`;
}
