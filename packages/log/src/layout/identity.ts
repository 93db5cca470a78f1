import { hostname, userInfo } from "node:os";

/** Who writes: goes into every record that leaves for a central log. */
export interface WriterIdentity {
  /** Name of this host. */
  readonly host: string;
  /** Path of the running program. */
  readonly script: string;
  /** Login name of the person. */
  readonly user: string;
  /** Process number. */
  readonly pid: number;
}

/** The identity of this process; `given` parts stand as they are. */
export function writerIdentity(given: Partial<WriterIdentity> = {}): WriterIdentity {
  return {
    host: given.host ?? hostname(),
    script: given.script ?? process.argv[1] ?? process.execPath,
    user: given.user ?? loginName(),
    pid: given.pid ?? process.pid,
  };
}

// A process may run under a user number that has no name.
function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
