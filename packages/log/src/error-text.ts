/** An error with its stack and its causes as text, for the `exc_text` of a record. */
export function errorText(error: unknown): string {
  const lines: string[] = [];
  let current: unknown = error;
  // A chain of causes can lead back to itself.
  for (let depth = 0; depth < 10 && current !== undefined; depth += 1) {
    lines.push(`${depth === 0 ? "" : "Caused by: "}${ownText(current)}`);
    current = current instanceof Error ? current.cause : undefined;
  }
  return lines.join("\n");
}

function ownText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.stack ?? `${error.name}: ${error.message}`;
}
