const MASK = "********";

/** Shorter texts are in too many places to be told from other ones. */
const SHORTEST_SECRET = 3;

/** The texts and numbers in values of any depth: what could stand in a rendered file. */
export function leafTexts(value: unknown): string[] {
  if (typeof value === "string") return value.split("\n").map((line) => line.trim());
  if (typeof value === "number" || typeof value === "bigint") return [String(value)];
  if (Array.isArray(value)) return value.flatMap(leafTexts);
  if (value instanceof Map) return [...value.values()].flatMap(leafTexts);
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(leafTexts);
  return [];
}

/**
 * A unified diff of a file with secrets, without them. New lines lose the values that are known; of removed lines, whose
 * values nobody knows any more, only what stands before the first `:` or `=` is kept.
 */
export function maskSecrets(diff: string, secrets: readonly string[]): string {
  const known = secrets
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .toSorted((a, b) => b.length - a.length);
  const maskKnown = (line: string): string =>
    known.reduce((text, secret) => text.replaceAll(secret, MASK), line);
  return diff
    .split("\n")
    .map((line) =>
      /^-(?!--)/.test(line) ? line.replace(/^(-[^:=]*[:=]?\s*).*$/s, `$1${MASK}`) : maskKnown(line),
    )
    .join("\n");
}
