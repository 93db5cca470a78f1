import { clockText, visibleText } from "@scap/log";

/** `3.4 s`, `2 min 05 s`: a length of time. */
export function lengthText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** `12:00:05`, the time of day of a moment. */
export function clockAt(startedAt: number, ms: number): string {
  return clockText(startedAt + ms / 1000);
}

/** `1 host`, `2 hosts`. */
export function countText(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** Text from a log: control characters and marks that reorder text are shown, not obeyed. */
export function shown(text: unknown): string {
  return visibleText(String(text));
}
