import type { LogFields, Logger } from "./logger.ts";

const PART_CHARACTERS = 50_000;

/** What is written, and how. */
export interface LargeMessageOptions {
  readonly logger: Logger;
  /** Level number. */
  readonly levelno: number;
  readonly fields?: LogFields;
}

/** Logs a text of any length: up to 50000 characters as one event, a longer one in parts as `[<i>/<n>] <part>`. */
export function logLargeMessage(text: string, { logger, levelno, fields = {} }: LargeMessageOptions): void {
  const chars = text.length > PART_CHARACTERS ? Array.from(text) : [];
  if (chars.length <= PART_CHARACTERS) {
    logger.log(levelno, "%s", { ...fields, args: [text] });
    return;
  }
  const count = Math.ceil(chars.length / PART_CHARACTERS);
  for (let part = 1; part <= count; part += 1) {
    const piece = chars.slice((part - 1) * PART_CHARACTERS, part * PART_CHARACTERS).join("");
    logger.log(levelno, "[%d/%d] %s", { ...fields, args: [part, count, piece] });
  }
}
