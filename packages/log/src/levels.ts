import { LogError } from "./errors.ts";

/** The level numbers by name. The number is what a record stores. */
export const LEVELS: Readonly<Record<"CRITICAL" | "ERROR" | "WARNING" | "INFO" | "DEBUG", number>> = {
  CRITICAL: 50,
  ERROR: 40,
  WARNING: 30,
  INFO: 20,
  DEBUG: 10,
};

const NAMES = new Map<number, string>([
  ...Object.entries(LEVELS).map(([name, levelno]) => [levelno, name] as const),
  [0, "NOTSET"],
]);

/** The name of a level number: `WARNING` for 30, `Level 25` for a number without a name. */
export function levelName(levelno: number): string {
  return NAMES.get(levelno) ?? `Level ${levelno}`;
}

/**
 * Reads a level as a person writes it, for example in `SCAP_LOG_LEVEL`: a name in any case, or a number.
 *
 * @throws LogError with code `LEVEL_UNKNOWN` for anything else
 */
export function parseLevel(text: string): number {
  const word = text.trim();
  if (/^\d{1,9}$/.test(word)) return Number(word);
  const upper = word.toUpperCase();
  const known = Object.entries(LEVELS).find(([name]) => name === upper);
  if (known) return known[1];
  throw new LogError(`Unknown log level '${text}'`, {
    code: "LEVEL_UNKNOWN",
    hint: `Use one of ${Object.keys(LEVELS).join(", ")}, or a number.`,
  });
}
