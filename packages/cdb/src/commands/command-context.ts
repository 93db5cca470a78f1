import type { CAC } from "cac";
import { isUtf8 } from "node:buffer";
import { CdbError } from "../errors.ts";
import type { StandardOutput } from "./standard-output.ts";

/** Exit codes of the command. */
export const EXIT = {
  done: 0,
  /** The work ran and failed, a key is absent, or files differ. */
  failed: 1,
  /** Wrong usage; for `get` and `diff` also a file that cannot be read. */
  usage: 2,
} as const;

/** What a command gets from the process. */
export interface CommandContext {
  readonly output: StandardOutput;
  readonly input: () => NodeJS.ReadStream;
  /** Writes a line for the person at the terminal to standard error. */
  readonly note: (line: string) => void;
  /** Shows a line that the next one replaces, if standard error is a terminal. */
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Adds a command to the parser. Its action returns the exit code. */
export type AddCommand = (cli: CAC, context: CommandContext) => void;

/** Bytes as fields of a JSON object: `name`, or `nameBase64` for what is not UTF-8. */
export function jsonField(name: string, bytes: Buffer): Record<string, string> {
  return isUtf8(bytes) ? { [name]: bytes.toString("utf8") } : { [`${name}Base64`]: bytes.toString("base64") };
}

/** An option that must be a whole number of at least 0. */
export function wholeNumber(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new CdbError("CDB_OPTION", `--${name} must be a whole number, not ${JSON.stringify(value)}`);
}

/** `1 record`, `2 records`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
