import type { UnifiedDiff } from "./unified-diff.ts";

const MASK = "********";

/** Shorter texts are in too many places to be told from other ones. */
const SHORTEST_SECRET = 3;

/** The name of a setting and what divides it from the value. */
const SETTING = /^\s*["']?[\w.-]+["']?\s*[:=]\s*/;

/** The texts and numbers in values of any depth: what could stand in a rendered file. */
export function leafTexts(value: unknown): string[] {
  if (typeof value === "string") return value.split("\n").map((line) => line.trim());
  if (typeof value === "number" || typeof value === "bigint") return [String(value)];
  if (Array.isArray(value)) return value.flatMap(leafTexts);
  if (value instanceof Map) return [...value.values()].flatMap(leafTexts);
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(leafTexts);
  return [];
}

/** What {@link maskSecrets} goes by. */
export interface MaskOptions {
  /** Texts that must not be seen. */
  readonly secrets: readonly string[];
  /** The new file. */
  readonly content: string;
}

/**
 * A diff of a file with secrets, without them. What is in the new file loses the values that are known. Values of
 * removed lines nobody knows any more: of these lines only the name of a setting is kept that the new file has too.
 */
export function maskSecrets({ head, body }: UnifiedDiff, { content, secrets }: MaskOptions): UnifiedDiff {
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= SHORTEST_SECRET && content.includes(secret))
    .toSorted((a, b) => b.length - a.length);
  const maskKnown = (line: string): string =>
    known.reduce((text, secret) => text.replaceAll(secret, MASK), line);
  const settings = new Set(content.split("\n").map(settingOf));
  const maskRemoved = (line: string): string => {
    const setting = settingOf(line);
    return settings.has(setting) ? `${maskKnown(setting)}${MASK}` : MASK;
  };
  return {
    head,
    body: body.map((line) => (line.startsWith("-") ? `-${maskRemoved(line.slice(1))}` : maskKnown(line))),
  };
}

function settingOf(line: string): string {
  return SETTING.exec(line)?.[0] ?? "";
}
