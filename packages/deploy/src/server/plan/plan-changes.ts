/** Lines that are named before the rest is counted. */
const LINES_SHOWN = 12;

/** In which lines two plans differ: `- ` before those of the first alone, `+ ` before those of the second. */
export function changedLines(before: readonly string[], now: readonly string[]): string[] {
  const changes = bySubject([
    ...without(before, now).map((line) => `- ${line}`),
    ...without(now, before).map((line) => `+ ${line}`),
  ]);
  if (changes.length === 0) return firstMoved(before, now);
  const rest = changes.length - LINES_SHOWN;
  return rest > 0 ? [...changes.slice(0, LINES_SHOWN), `and ${rest} more lines`] : changes;
}

/** Lines that the others do not have, or not as often. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

/** What is said of one thing stands together, the old before the new. */
function bySubject(changes: readonly string[]): string[] {
  const subjects = new Map<string, string[]>();
  for (const change of changes) {
    const subject = subjectOf(change);
    const known = subjects.get(subject);
    if (known === undefined) subjects.set(subject, [change]);
    else known.push(change);
  }
  return [...subjects.values()].flat();
}

/** `commit:`, `host web1`, `check smoke:` */
function subjectOf(change: string): string {
  const [, kind = "", name = ""] = change.split(" ", 3);
  return kind.endsWith(":") ? kind : `${kind} ${name}`;
}

/** The same lines in another order. */
function firstMoved(before: readonly string[], now: readonly string[]): string[] {
  const at = before.findIndex((line, index) => line !== now[index]);
  return [`the order is another from line ${at + 1} on:`, `- ${before[at] ?? ""}`, `+ ${now[at] ?? ""}`];
}
