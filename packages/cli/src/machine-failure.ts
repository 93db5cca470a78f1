/** A failure of the machine that no program on it can do anything about. */
export interface MachineFailure {
  readonly message: string;
  /** What the user can do. */
  readonly hint: string;
}

const WORDS: Readonly<Record<string, readonly [text: string, hint: string]>> = {
  EMFILE: ["this process may open no more files", "Raise the limit of this shell: ulimit -n 4096"],
  ENFILE: ["this machine may open no more files", "Raise it: sysctl fs.file-max"],
  ENOSPC: ["the disk is full", "Free some space on it."],
  EDQUOT: ["the disk quota is used up", "Free some space."],
  EROFS: ["the file system is read-only", "Remount it for writing."],
  EIO: ["the disk fails", "See the kernel's log."],
  ENOMEM: ["no memory is left", "See what uses the memory of this machine."],
};

/** Puts an error of the system into words; undefined for one that may be a bug of ours. */
export function machineFailure(error: unknown): MachineFailure | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  const [text, hint] = WORDS[error.code] ?? [];
  if (text === undefined || hint === undefined) return undefined;
  const path = "path" in error && typeof error.path === "string" ? `: ${error.path}` : "";
  return { message: `${text}${path}`, hint };
}
